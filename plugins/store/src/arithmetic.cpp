#include "arithmetic.h"

#include <cmath>

namespace flin::store {
namespace {

Fault overflow() { return {kOverflow, "integer overflow"}; }
Fault zero() { return {kZeroDivision, "division by zero"}; }

Fault mismatch(const Scalar& a, const Scalar& b) {
  const Scalar& wrong = a.is_numeric() ? b : a;
  return {kWrongType, "expected number, found " + std::string(kind_word(wrong.kind))};
}

double as_double(const Scalar& value) {
  return value.kind == Kind::kInt ? static_cast<double>(value.i) : value.n;
}

MaybeFault on_ints(Arithmetic op, std::int64_t a, std::int64_t b, std::int64_t& out) {
  switch (op) {
    case Arithmetic::kAdd:
      return __builtin_add_overflow(a, b, &out) ? MaybeFault(overflow()) : std::nullopt;
    case Arithmetic::kSub:
      return __builtin_sub_overflow(a, b, &out) ? MaybeFault(overflow()) : std::nullopt;
    case Arithmetic::kMul:
      return __builtin_mul_overflow(a, b, &out) ? MaybeFault(overflow()) : std::nullopt;
    case Arithmetic::kDiv:
    case Arithmetic::kMod: break;
  }
  if (b == 0) return zero();
  out = b == -1 ? 0 : a % b;  // the smallest int % -1 traps on x86
  return {};
}

double on_numbers(Arithmetic op, double a, double b) {
  switch (op) {
    case Arithmetic::kAdd: return a + b;
    case Arithmetic::kSub: return a - b;
    case Arithmetic::kMul: return a * b;
    case Arithmetic::kDiv: return a / b;
    case Arithmetic::kMod: return std::fmod(a, b);
  }
  return 0;
}

// To whole units, ties to even; false outside int.
bool round_to_int(double value, std::int64_t& out) {
  const double rounded = std::nearbyint(value);
  if (!(rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)) return false;
  out = static_cast<std::int64_t>(rounded);
  return true;
}

MaybeFault numeric(Arithmetic op, const Scalar& a, const Scalar& b, Scalar& out) {
  if (a.kind == Kind::kInt && b.kind == Kind::kInt && op != Arithmetic::kDiv) {
    out = Scalar::of_int(0);
    return on_ints(op, a.i, b.i, out.i);
  }
  out = Scalar::of_number(on_numbers(op, as_double(a), as_double(b)));
  return {};
}

// duration or money by a number.
MaybeFault scale(Arithmetic op, const Scalar& amount, const Scalar& factor, Scalar& out) {
  out = amount;
  if (factor.kind == Kind::kInt && op == Arithmetic::kMul)
    return on_ints(op, amount.i, factor.i, out.i);
  if (factor.kind == Kind::kInt && op == Arithmetic::kDiv) {
    if (factor.i == 0) return zero();
    if (factor.i == -1) return on_ints(Arithmetic::kSub, 0, amount.i, out.i);
    out.i = divide_half_even(amount.i, factor.i);
    return {};
  }
  const double exact = on_numbers(op, static_cast<double>(amount.i), as_double(factor));
  return round_to_int(exact, out.i) ? MaybeFault() : overflow();
}

// Two amounts of one unit: time, duration, money.
MaybeFault amounts(Arithmetic op, const Scalar& a, const Scalar& b, Kind result, Scalar& out) {
  if (op == Arithmetic::kDiv) {
    out = Scalar::of_number(static_cast<double>(a.i) / static_cast<double>(b.i));
    return {};
  }
  out = a;
  out.kind = result;
  return on_ints(op, a.i, b.i, out.i);
}

bool is_sum(Arithmetic op) { return op == Arithmetic::kAdd || op == Arithmetic::kSub; }

MaybeFault on_money(Arithmetic op, const Scalar& a, const Scalar& b, Scalar& out) {
  if (a.extra != b.extra) {
    return Fault{kCurrencies,
                 "currencies differ: " + currency_text(a.extra) + " and " + currency_text(b.extra)};
  }
  return amounts(op, a, b, Kind::kMoney, out);
}

}  // namespace

std::int64_t divide_half_even(std::int64_t a, std::int64_t b) {
  const std::int64_t whole = a / b;
  const std::int64_t rest = a % b;
  // |rest| is compared with |b| - |rest|, so that nothing is doubled and nothing overflows.
  const std::uint64_t left =
      rest < 0 ? 0 - static_cast<std::uint64_t>(rest) : static_cast<std::uint64_t>(rest);
  const std::uint64_t size =
      b < 0 ? 0 - static_cast<std::uint64_t>(b) : static_cast<std::uint64_t>(b);
  const std::uint64_t missing = size - left;
  if (left < missing || (left == missing && whole % 2 == 0)) return whole;
  return (a < 0) == (b < 0) ? whole + 1 : whole - 1;
}

MaybeFault calculate(Arithmetic op, const Scalar& a, const Scalar& b, Scalar& out) {
  const auto kinds = [&](Kind x, Kind y) { return a.kind == x && b.kind == y; };
  const bool scaling = op == Arithmetic::kMul || op == Arithmetic::kDiv;
  if (a.is_numeric() && b.is_numeric()) return numeric(op, a, b, out);
  if (kinds(Kind::kTime, Kind::kTime) && op == Arithmetic::kSub)
    return amounts(op, a, b, Kind::kDuration, out);
  if (kinds(Kind::kTime, Kind::kDuration) && is_sum(op)) return amounts(op, a, b, Kind::kTime, out);
  if (kinds(Kind::kDuration, Kind::kTime) && op == Arithmetic::kAdd)
    return amounts(op, a, b, Kind::kTime, out);
  if (kinds(Kind::kDuration, Kind::kDuration) && (is_sum(op) || op == Arithmetic::kDiv)) {
    return amounts(op, a, b, Kind::kDuration, out);
  }
  if (kinds(Kind::kMoney, Kind::kMoney) && (is_sum(op) || op == Arithmetic::kDiv))
    return on_money(op, a, b, out);
  const bool is_amount = a.kind == Kind::kDuration || a.kind == Kind::kMoney;
  if (is_amount && b.is_numeric() && scaling) return scale(op, a, b, out);
  const bool is_reversed = b.kind == Kind::kDuration || b.kind == Kind::kMoney;
  if (is_reversed && a.is_numeric() && op == Arithmetic::kMul) return scale(op, b, a, out);
  return mismatch(a, b);
}

std::int64_t date_part(DatePart part, std::int64_t milliseconds) {
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t days = milliseconds / kDay - (milliseconds % kDay < 0 ? 1 : 0);
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  switch (part) {
    case DatePart::kYear: return year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    case DatePart::kMonth: return month;
    case DatePart::kDay: return day_of_year - (153 * shifted_month + 2) / 5 + 1;
  }
  return 0;
}

}  // namespace flin::store
