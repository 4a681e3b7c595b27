#include "aggregate.h"

#include "../arithmetic.h"

#include <unordered_map>

namespace flin::store {
namespace {

Scalar zero_of(Kind kind) {
  switch (kind) {
    case Kind::kNumber: return Scalar::of_number(0);
    case Kind::kDuration: return Scalar::of_duration(0);
    default: return Scalar::of_int(0);
  }
}

MaybeFault sum(Kind kind, const std::vector<const Scalar*>& values, Scalar& out) {
  out = zero_of(kind);
  bool is_first = true;
  for (const Scalar* value : values) {
    if (value->is_none()) continue;
    const bool is_summable =
        value->is_numeric() || value->kind == Kind::kDuration || value->kind == Kind::kMoney;
    if (!is_summable)
      return Fault{kWrongType, "expected number, found " + std::string(kind_word(value->kind))};
    if (is_first && !value->is_numeric()) {
      out = *value;
    } else {
      Scalar next;
      if (MaybeFault fault = calculate(Arithmetic::kAdd, out, *value, next)) return fault;
      out = std::move(next);
    }
    is_first = false;
  }
  return {};
}

// The mean of whole units (milliseconds, minor units), ties to even. The sum needs more than 64
// bits: a few million instants of this century would overflow.
MaybeFault mean_of_units(const std::vector<const Scalar*>& values, Scalar& out) {
  __int128 total = 0;
  for (const Scalar* value : values) {
    if (value->extra != values[0]->extra) {
      return Fault{kCurrencies, "currencies differ: " + currency_text(values[0]->extra) + " and " +
                                    currency_text(value->extra)};
    }
    total += value->i;
  }
  const auto count = static_cast<__int128>(values.size());
  __int128 mean = total / count;
  const __int128 twice_rest = 2 * (total % count);
  if (twice_rest > count || (twice_rest == count && mean % 2 != 0)) ++mean;
  if (-twice_rest > count || (-twice_rest == count && mean % 2 != 0)) --mean;
  out = *values[0];
  out.i = static_cast<std::int64_t>(mean);
  return {};
}

MaybeFault mean(const std::vector<const Scalar*>& all, Scalar& out) {
  std::vector<const Scalar*> values;
  for (const Scalar* value : all) {
    if (!value->is_none()) values.push_back(value);
  }
  out = {};
  if (values.empty()) return {};
  const Kind kind = values[0]->kind;
  if (kind == Kind::kTime || kind == Kind::kDuration || kind == Kind::kMoney)
    return mean_of_units(values, out);
  double total = 0;
  for (const Scalar* value : values) {
    if (!value->is_numeric()) {
      return Fault{kWrongType, "expected number, found " + std::string(kind_word(value->kind))};
    }
    total += value->kind == Kind::kInt ? static_cast<double>(value->i) : value->n;
  }
  out = Scalar::of_number(total / static_cast<double>(values.size()));
  return {};
}

MaybeFault extreme(bool is_max, const std::vector<const Scalar*>& values, Scalar& out) {
  const Scalar* best = nullptr;
  for (const Scalar* value : values) {
    if (value->is_none()) continue;
    if (best && best->kind == Kind::kMoney && value->kind == Kind::kMoney &&
        best->extra != value->extra) {
      return Fault{kCurrencies, "currencies differ: " + currency_text(best->extra) + " and " +
                                    currency_text(value->extra)};
    }
    if (!best || (is_max ? order_of(*value, *best) > 0 : order_of(*value, *best) < 0)) best = value;
  }
  out = best ? *best : Scalar();
  return {};
}

}  // namespace

MaybeFault fold(Aggregate how, Kind kind, const std::vector<const Scalar*>& values, Scalar& out) {
  switch (how) {
    case kSum: return sum(kind, values, out);
    case kAvg: return mean(values, out);
    case kMin: return extreme(false, values, out);
    case kMax: return extreme(true, values, out);
    default: return Fault{kBadArgument, "invalid argument: not a fold"};
  }
}

std::vector<Group> group_by(const std::vector<const Scalar*>& keys) {
  std::vector<Group> out;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    const auto [place, is_new] = places.emplace(identity(*keys[at]), out.size());
    if (is_new) out.push_back({keys[at], {}});
    out[place->second].members.push_back(at);
  }
  return out;
}

}  // namespace flin::store
