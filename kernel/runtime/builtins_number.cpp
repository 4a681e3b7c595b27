// Built-ins of L 24.3.
#include "base/number_text.h"
#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/compare.h"

#include <cmath>
#include <numeric>
#include <random>

namespace flin::runtime {

namespace {

template <class Function>
Outcome real(Machine& m, const Value* args, std::uint32_t count, Value& out, Function function) {
  double x;
  if (!Args(m, args, count).number(0, x)) return kFailed;
  return give(out, from_double(function(x)));
}
template <class Function>
Outcome real2(Machine& m, const Value* args, std::uint32_t count, Value& out, Function function) {
  Args in(m, args, count);
  double x, y;
  if (!in.number(0, x) || !in.number(1, y)) return kFailed;
  return give(out, from_double(function(x, y)));
}
template <class Function>
Outcome to_whole(Machine& m, const Value* args, std::uint32_t count, Value& out,
                 Function function) {
  Args in(m, args, count);
  double x;
  if (!in.number(0, x)) return kFailed;
  if (is_int(in.at(0))) return give(out, in.at(0));
  return whole_of(m, function(x), out) ? Outcome::kValue : kFailed;
}

// -1, 0, 1 by order; 2 and a failure if they have none.
int ordered(Machine& m, Value a, Value b) {
  switch (compare_values(a, b)) {
    case Order::kLess: return -1;
    case Order::kEqual: return 0;
    case Order::kGreater: return 1;
    case Order::kNone: return is_double(a) && as_double(a) != as_double(a) ? -1 : 1;  // NaN wins
    case Order::kCurrencies: m.fail(17, "currencies differ"); return 2;
    case Order::kMixed: break;
  }
  m.fail(6, "expected values with an order, found " + type_name(a, m.linked()) + " and " +
                type_name(b, m.linked()));
  return 2;
}

Outcome extreme(Machine& m, const Value* args, std::uint32_t count, Value& out, int sign) {
  const Value* items = args;
  std::uint64_t size = count;
  if (count == 1 && is_list(args[0])) {
    items = items_of(m.heap(), as_list(args[0]));
    size = as_list(args[0])->size;
  }
  if (size == 0) return give(out, kNone);
  Value best = items[0];
  bool any_number = is_double(best);
  for (std::uint64_t i = 1; i < size; ++i) {
    any_number = any_number || is_double(items[i]);
    const int order = ordered(m, items[i], best);
    if (order == 2) return kFailed;
    if (order == sign) best = items[i];
  }
  return give(out, any_number && is_int(best) ? from_double(to_double(best)) : best);
}

std::mt19937_64& generator() {
  static thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

}  // namespace

Outcome native_abs(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  double x;
  if (!in.number(0, x)) return kFailed;
  if (is_double(in.at(0))) return give(out, from_double(std::fabs(x)));
  if (whole(in.at(0)) >= 0) return give(out, in.at(0));
  return negate(m, in.at(0), out) ? Outcome::kValue : kFailed;
}
Outcome native_sign(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  double x;
  if (!in.number(0, x)) return kFailed;
  if (is_double(in.at(0))) return give(out, from_double(x > 0 ? 1 : x < 0 ? -1 : x));
  return give(out, from_small(Tagged::kInt, x > 0 ? 1 : x < 0 ? -1 : 0));
}
Outcome native_min(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return extreme(m, args, count, out, -1);
}
Outcome native_max(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return extreme(m, args, count, out, 1);
}
Outcome native_clamp(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  Value low = in.at(1), high = in.at(2);
  int order = ordered(m, low, high);
  if (order == 2) return kFailed;
  if (order == 1) std::swap(low, high);
  order = ordered(m, in.at(0), low);
  if (order == 2) return kFailed;
  if (order == -1) return give(out, low);
  order = ordered(m, in.at(0), high);
  if (order == 2) return kFailed;
  return give(out, order == 1 ? high : in.at(0));
}
Outcome native_floor(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return to_whole(m, args, count, out, [](double x) { return std::floor(x); });
}
Outcome native_ceil(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return to_whole(m, args, count, out, [](double x) { return std::ceil(x); });
}
Outcome native_trunc(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return to_whole(m, args, count, out, [](double x) { return std::trunc(x); });
}
Outcome native_round(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  if (!in.has(1)) return to_whole(m, args, count, out, round_away);
  double x;
  std::int64_t decimals;
  if (!in.number(0, x) || !in.integer(1, decimals)) return kFailed;
  if (decimals < 0 || decimals > 100)
    return bad_argument(m, "round to " + std::to_string(decimals) + " decimals");
  std::string text;
  text::append_fixed(text, x, static_cast<int>(decimals));
  return give(out, from_double(std::isfinite(x) ? text::read_number(text).value_or(x) : x));
}
#define REAL(name, function)                                                              \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out) { \
    return real(m, args, count, out, [](double x) { return function(x); });               \
  }
REAL(sqrt, std::sqrt)
REAL(exp, std::exp)
REAL(ln, std::log)
REAL(log2, std::log2)
REAL(log10, std::log10)
REAL(sin, std::sin)
REAL(cos, std::cos)
REAL(tan, std::tan)
REAL(asin, std::asin)
REAL(acos, std::acos)
REAL(atan, std::atan)
#undef REAL
#define REAL2(name, function)                                                             \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out) { \
    return real2(m, args, count, out, [](double x, double y) { return function(x, y); }); \
  }
REAL2(atan2, std::atan2)
REAL2(hypot, std::hypot)
REAL2(pow, std::pow)
#undef REAL2

Outcome native_div(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  return int_divide(m, in.at(0), in.at(1), out) ? Outcome::kValue : kFailed;
}
Outcome native_mod(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::int64_t a, b;
  if (!in.integer(0, a) || !in.integer(1, b)) return kFailed;
  if (b == 0) return m.fail(9, "division by zero");
  std::int64_t r = b == -1 ? 0 : a % b;
  if (r != 0 && (r < 0) != (b < 0)) r += b;
  return give(out, make_int(m.heap(), r));
}
Outcome native_gcd(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::int64_t a, b;
  if (!in.integer(0, a) || !in.integer(1, b)) return kFailed;
  const auto magnitude = [](std::int64_t n) {
    return n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  };
  const std::uint64_t g = std::gcd(magnitude(a), magnitude(b));
  if (g > static_cast<std::uint64_t>(INT64_MAX)) return m.fail(10, "integer overflow");
  return give(out, make_int(m.heap(), static_cast<std::int64_t>(g)));
}
Outcome native_is_nan(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  double x;
  if (!Args(m, args, count).number(0, x)) return kFailed;
  return give(out, from_bool(std::isnan(x)));
}
Outcome native_is_finite(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  double x;
  if (!Args(m, args, count).number(0, x)) return kFailed;
  return give(out, from_bool(std::isfinite(x)));
}
Outcome native_is_even(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::int64_t n;
  if (!Args(m, args, count).integer(0, n)) return kFailed;
  return give(out, from_bool(n % 2 == 0));
}
Outcome native_is_odd(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::int64_t n;
  if (!Args(m, args, count).integer(0, n)) return kFailed;
  return give(out, from_bool(n % 2 != 0));
}
Outcome native_random(Machine&, const Value*, std::uint32_t, Value& out) {
  return give(out, from_double(static_cast<double>(generator()() >> 11) * 0x1p-53));
}
Outcome native_random_int(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::int64_t a, b;
  if (!in.integer(0, a) || !in.integer(1, b)) return kFailed;
  if (a > b)
    return bad_argument(m, "random_int from " + std::to_string(a) + " to " + std::to_string(b));
  return give(out,
              make_int(m.heap(), std::uniform_int_distribution<std::int64_t>(a, b)(generator())));
}

Outcome native_pi(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  (void)m, (void)args, (void)count;
  return give(out, from_double(3.141592653589793));
}
}  // namespace flin::runtime
