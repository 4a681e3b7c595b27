#include "runtime/arithmetic.h"

#include "runtime/convert.h"

#include <cmath>

namespace flin::runtime {

namespace {

constexpr std::uint32_t kDivision = 9, kOverflow = 10, kCurrency = 17;

bool overflow(Machine& m) { return m.fail_false(kOverflow, "integer overflow"); }

bool give_int(Machine& m, std::int64_t i, Value& out) {
  out = make_int(m.heap(), i);
  return true;
}
bool give(Machine& m, Tagged tag, std::int64_t i, Value& out) {
  out = make_whole(m.heap(), tag, i);
  return true;
}
bool give_number(double d, Value& out) {
  out = from_double(d);
  return true;
}

bool is_money(Value v) { return is_kind(v, ObjectKind::kMoney); }
bool is_scalar(Value v) {
  if (!is_object(v)) return true;
  const ObjectKind kind = as_object(v)->kind;
  return kind == ObjectKind::kText || kind == ObjectKind::kBoxed || kind == ObjectKind::kMoney ||
         kind == ObjectKind::kEnum;
}

bool join_texts(Machine& m, Value a, Value b, Value& out) {
  TextObject* left = is_text(a) ? as_text(a) : new_text(m.heap(), m.text_form(a));
  TextObject* right = is_text(b) ? as_text(b) : new_text(m.heap(), m.text_form(b));
  if (std::uint64_t{left->size} + right->size > 0x7FFFFFFF)
    return m.fail_false(3, "memory limit reached");
  if (right->size > (1u << 16) && !m.has_room(right->size)) return false;
  out = from_object(concat(m.heap(), left, right));
  return true;
}

// "number and text" are what the operator does not take; the message names the one that does not
// fit.
bool unfit(Machine& m, Value a, Value b) {
  const bool left_fits = is_numeric(a);
  m.wrong_type("number", left_fits ? b : a);
  return false;
}

// A result of money or duration arithmetic as a whole number.
bool give_rounded(Machine& m, double d, std::int64_t& out) {
  if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) return overflow(m);
  out = static_cast<std::int64_t>(d);
  return true;
}

bool same_currency(Machine& m, Value a, Value b) {
  const auto x = cast<Money>(a)->code(), y = cast<Money>(b)->code();
  if (x == y) return true;
  return m.fail_false(kCurrency, "currencies differ: " + std::string(x) + " and " + std::string(y));
}

bool scale_money(Machine& m, const Money* money, double factor, bool by_division, Value& out) {
  const double minor = static_cast<double>(money->minor);
  std::int64_t rounded = 0;
  if (!give_rounded(m, round_even(by_division ? minor / factor : minor * factor), rounded))
    return false;
  out = make_money(m.heap(), rounded, money->code());
  return true;
}

bool scale_duration(Machine& m, Value duration, double factor, bool by_division, Value& out) {
  const double ms = static_cast<double>(whole(duration));
  std::int64_t rounded = 0;
  if (!give_rounded(m, round_away(by_division ? ms / factor : ms * factor), rounded)) return false;
  return give(m, Tagged::kDuration, rounded, out);
}

// Sum or difference of times, durations and money; false without a failure if they are neither.
bool add_units(Machine& m, Value a, Value b, bool minus, Value& out, bool& known) {
  known = true;
  const auto combine = [&](std::int64_t x, std::int64_t y, std::int64_t& z) {
    return minus ? !__builtin_sub_overflow(x, y, &z) : !__builtin_add_overflow(x, y, &z);
  };
  std::int64_t z;
  if (is_money(a) && is_money(b)) {
    if (!same_currency(m, a, b)) return false;
    if (!combine(cast<Money>(a)->minor, cast<Money>(b)->minor, z)) return overflow(m);
    out = make_money(m.heap(), z, cast<Money>(a)->code());
    return true;
  }
  Tagged tag;
  if (is_duration(a) && is_duration(b))
    tag = Tagged::kDuration;
  else if (is_time(a) && is_duration(b))
    tag = Tagged::kTime;
  else if (is_duration(a) && is_time(b) && !minus)
    tag = Tagged::kTime;
  else if (is_time(a) && is_time(b) && minus)
    tag = Tagged::kDuration;
  else {
    known = false;
    return false;
  }
  if (!combine(whole(a), whole(b), z)) return overflow(m);
  return give(m, tag, z, out);
}

}  // namespace

double round_even(double d) {
  const double r =
      std::nearbyint(d);  // the rounding mode is never changed: to nearest, ties to even
  return r;
}

double round_away(double d) { return std::round(d); }

bool whole_of(Machine& m, double d, Value& out) {
  std::int64_t i = 0;
  if (!give_rounded(m, d, i)) return false;
  return give_int(m, i, out);
}

bool add(Machine& m, Value a, Value b, Value& out) {
  if (is_numeric(a) && is_numeric(b)) {
    if (is_double(a) || is_double(b)) return give_number(to_double(a) + to_double(b), out);
    std::int64_t z;
    if (__builtin_add_overflow(whole(a), whole(b), &z)) return overflow(m);
    return give_int(m, z, out);
  }
  if (is_text(a) ? is_scalar(b) : is_text(b) && is_scalar(a)) return join_texts(m, a, b, out);
  bool known;
  if (add_units(m, a, b, false, out, known)) return true;
  return known ? false : unfit(m, a, b);
}

bool subtract(Machine& m, Value a, Value b, Value& out) {
  if (is_numeric(a) && is_numeric(b)) {
    if (is_double(a) || is_double(b)) return give_number(to_double(a) - to_double(b), out);
    std::int64_t z;
    if (__builtin_sub_overflow(whole(a), whole(b), &z)) return overflow(m);
    return give_int(m, z, out);
  }
  bool known;
  if (add_units(m, a, b, true, out, known)) return true;
  return known ? false : unfit(m, a, b);
}

bool multiply(Machine& m, Value a, Value b, Value& out) {
  if (is_numeric(a) && is_numeric(b)) {
    if (is_double(a) || is_double(b)) return give_number(to_double(a) * to_double(b), out);
    std::int64_t z;
    if (__builtin_mul_overflow(whole(a), whole(b), &z)) return overflow(m);
    return give_int(m, z, out);
  }
  if (is_numeric(a)) std::swap(a, b);
  if (!is_numeric(b)) return unfit(m, a, b);
  if (is_money(a)) return scale_money(m, cast<Money>(a), to_double(b), false, out);
  if (is_duration(a)) return scale_duration(m, a, to_double(b), false, out);
  return unfit(m, a, b);
}

bool divide(Machine& m, Value a, Value b, Value& out) {
  if (is_numeric(a) && is_numeric(b)) return give_number(to_double(a) / to_double(b), out);
  if (is_money(a) && is_money(b)) {
    if (!same_currency(m, a, b)) return false;
    return give_number(
        static_cast<double>(cast<Money>(a)->minor) / static_cast<double>(cast<Money>(b)->minor),
        out);
  }
  if (is_duration(a) && is_duration(b))
    return give_number(static_cast<double>(whole(a)) / static_cast<double>(whole(b)), out);
  if (is_numeric(b) && is_money(a)) return scale_money(m, cast<Money>(a), to_double(b), true, out);
  if (is_numeric(b) && is_duration(a)) return scale_duration(m, a, to_double(b), true, out);
  return unfit(m, a, b);
}

bool modulo(Machine& m, Value a, Value b, Value& out) {
  if (!is_numeric(a) || !is_numeric(b)) return unfit(m, a, b);
  if (is_double(a) || is_double(b)) return give_number(std::fmod(to_double(a), to_double(b)), out);
  if (whole(b) == 0) return m.fail_false(kDivision, "division by zero");
  return give_int(m, whole(b) == -1 ? 0 : whole(a) % whole(b), out);
}

bool int_divide(Machine& m, Value a, Value b, Value& out) {
  if (!is_numeric(a) || !is_numeric(b)) return unfit(m, a, b);
  if (is_double(a) || is_double(b)) {
    if (to_double(b) == 0) return m.fail_false(kDivision, "division by zero");
    return whole_of(m, std::trunc(to_double(a) / to_double(b)), out);
  }
  if (whole(b) == 0) return m.fail_false(kDivision, "division by zero");
  if (whole(b) == -1) return negate(m, a, out);
  return give_int(m, whole(a) / whole(b), out);
}

bool negate(Machine& m, Value a, Value& out) {
  if (is_double(a)) return give_number(-as_double(a), out);
  std::int64_t z;
  if (is_money(a)) {
    if (__builtin_sub_overflow(std::int64_t{0}, cast<Money>(a)->minor, &z)) return overflow(m);
    out = make_money(m.heap(), z, cast<Money>(a)->code());
    return true;
  }
  if (!is_int(a) && !is_duration(a)) return unfit(m, a, a);
  if (__builtin_sub_overflow(std::int64_t{0}, whole(a), &z)) return overflow(m);
  return give(m, is_int(a) ? Tagged::kInt : Tagged::kDuration, z, out);
}

// Two ints with a right side that is not negative give an int: so the compiler uses Pow only where
// the right side is such a literal, and PowNum elsewhere (L 3.10).
bool power(Machine& m, Value a, Value b, Value& out) {
  if (!is_numeric(a) || !is_numeric(b)) return unfit(m, a, b);
  if (is_double(a) || is_double(b) || whole(b) < 0)
    return give_number(std::pow(to_double(a), to_double(b)), out);
  std::int64_t base = whole(a), result = 1;
  for (std::int64_t n = whole(b); n > 0; n >>= 1) {
    if ((n & 1) && __builtin_mul_overflow(result, base, &result)) return overflow(m);
    if (n > 1 && __builtin_mul_overflow(base, base, &base)) return overflow(m);
  }
  return give_int(m, result, out);
}

bool join(Machine& m, Value a, Value b, Value& out) {
  if (is_list(a) && is_list(b)) {
    Heap& heap = m.heap();
    ListObject *left = as_list(a), *right = as_list(b);
    if (!m.has_room((left->size + right->size) * sizeof(Value))) return false;
    ListObject* list = new_list(heap, left->size + right->size);
    std::copy_n(items_of(heap, left), left->size, items_of(heap, list));
    std::copy_n(items_of(heap, right), right->size, items_of(heap, list) + left->size);
    list->size = left->size + right->size;
    out = from_object(list);
    return true;
  }
  if (is_text(a) || is_text(b)) return join_texts(m, a, b, out);
  m.wrong_type(is_list(a) ? "list" : "text", is_list(a) ? b : a);
  return false;
}

}  // namespace flin::runtime
