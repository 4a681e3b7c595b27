#include "base/number_text.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace flin::text {

namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

// Digits d1..dn of the shortest form and the exponent e of d1.d2..dn * 10^e.
struct Digits {
  char text[24];
  int count = 0;
  int exponent = 0;
};

Digits shortest(double value) {
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  Digits digits;
  const char* p = buffer;
  for (; p < end && *p != 'e'; ++p)
    if (*p != '.') digits.text[digits.count++] = *p;
  ++p;
  if (p < end && *p == '+') ++p;
  std::from_chars(p, end, digits.exponent);
  return digits;
}

void append_padded(std::string& out, std::int64_t value, int width) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  for (auto n = end - buffer; n < width; ++n) out.push_back('0');
  out.append(buffer, end);
}

// Days since 1970-01-01 of a civil date (H. Hinnant, "chrono-Compatible Low-Level Date
// Algorithms").
std::int64_t days_from_civil(std::int64_t y, int m, int d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

void civil_from_days(std::int64_t z, Civil& out) {
  z += 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  out.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  out.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  out.year = yoe + era * 400 + (out.month <= 2);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

// Reads fixed-width digits and literal characters of a time.
struct TimeReader {
  std::string_view rest;
  bool ok = true;

  int digits(int width) {
    int value = 0;
    if (rest.size() < static_cast<std::size_t>(width)) return fail();
    for (int i = 0; i < width; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return fail();
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(width);
    return value;
  }
  bool skip(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) ok = false;
  }
  int fail() {
    ok = false;
    return 0;
  }
};

int read_fraction(TimeReader& in) {
  int value = 0, scale = 100;
  bool any = false;
  while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9') {
    value += (in.rest.front() - '0') * scale;
    scale /= 10;
    any = true;
    in.rest.remove_prefix(1);
  }
  if (!any) in.ok = false;
  return value;
}

std::int64_t read_zone(TimeReader& in) {
  if (in.skip('Z')) return 0;
  const bool minus = !in.rest.empty() && in.rest.front() == '-';
  if (!minus && !(!in.rest.empty() && in.rest.front() == '+')) return 0;
  in.rest.remove_prefix(1);
  const int hours = in.digits(2);
  in.skip(':');
  const int minutes = in.digits(2);
  const std::int64_t offset = (hours * 60 + minutes) * std::int64_t{60'000};
  return minus ? -offset : offset;
}

}  // namespace

void append_int(std::string& out, std::int64_t value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (value == 0) {
    out.push_back('0');
    return;
  }
  if (value < 0) out.push_back('-');
  if (std::isinf(value)) {
    out += "Infinity";
    return;
  }
  const Digits d = shortest(std::fabs(value));
  const int n = d.exponent + 1;  // ECMA-262's n: digits before the point
  if (d.count <= n && n <= 21) {
    out.append(d.text, d.count);
    out.append(n - d.count, '0');
  } else if (0 < n && n <= 21) {
    out.append(d.text, n);
    out.push_back('.');
    out.append(d.text + n, d.count - n);
  } else if (-6 < n && n <= 0) {
    out += "0.";
    out.append(-n, '0');
    out.append(d.text, d.count);
  } else {
    out.push_back(d.text[0]);
    if (d.count > 1) {
      out.push_back('.');
      out.append(d.text + 1, d.count - 1);
    }
    out.push_back('e');
    out.push_back(n - 1 < 0 ? '-' : '+');
    append_int(out, std::abs(n - 1));
  }
}

void append_fixed(std::string& out, double value, int decimals) {
  if (!std::isfinite(value)) return append_number(out, value);
  // Thirty digits more than asked show whether the value lies exactly between two; then the digits
  // are rounded away from zero by hand.
  char buffer[512];
  const int extra = 30;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                                 std::chars_format::fixed, decimals + extra)
                       .ptr;
  std::string digits(buffer, end - extra);
  if (decimals == 0 && digits.back() == '.') digits.pop_back();
  bool carry = *(end - extra) >= '5';
  for (std::size_t i = digits.size(); carry && i-- > 0;) {
    if (digits[i] == '.') continue;
    carry = digits[i] == '9';
    digits[i] = carry ? '0' : static_cast<char>(digits[i] + 1);
  }
  if (carry) digits.insert(digits.begin(), '1');
  const bool is_zero = digits.find_first_not_of("0.") == std::string::npos;
  if (value < 0 && !is_zero) out.push_back('-');
  out += digits;
}

std::optional<double> read_number(std::string_view text) {
  text = trim(text);
  double sign = 1;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  if (text == "Infinity") return sign * HUGE_VAL;
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return {};
  if (error == std::errc::result_out_of_range)
    return sign * std::strtod(std::string(text).c_str(), nullptr);
  if (error != std::errc{}) return {};
  return sign * value;
}

std::optional<std::int64_t> read_int(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

int minor_digits(std::string_view currency) {
  static constexpr std::array<std::string_view, 16> kNone = {
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
      "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF"};
  static constexpr std::array<std::string_view, 7> kThree = {"BHD", "IQD", "JOD", "KWD",
                                                             "LYD", "OMR", "TND"};
  for (const auto name : kNone)
    if (name == currency) return 0;
  for (const auto name : kThree)
    if (name == currency) return 3;
  return currency == "XPF" ? 0 : 2;
}

void append_money_amount(std::string& out, std::int64_t minor, std::string_view currency) {
  const int digits = minor_digits(currency);
  const auto magnitude =
      minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::string text = std::to_string(magnitude);
  if (text.size() <= static_cast<std::size_t>(digits))
    text.insert(0, digits + 1 - text.size(), '0');
  if (minor < 0) out.push_back('-');
  out.append(text, 0, text.size() - digits);
  if (digits == 0) return;
  out.push_back('.');
  out.append(text, text.size() - digits, std::string::npos);
}

void append_money(std::string& out, std::int64_t minor, std::string_view currency) {
  append_money_amount(out, minor, currency);
  out.push_back(' ');
  out += currency;
}

std::optional<std::int64_t> read_money_amount(std::string_view text, std::string_view currency) {
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(minor_digits(currency));
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string all(text.substr(0, point));
  std::string fraction(point < text.size() ? text.substr(point + 1) : std::string_view());
  if (all.empty() || fraction.size() > digits) return {};
  fraction.append(digits - fraction.size(), '0');
  all += fraction;
  if (all.find_first_not_of("0123456789") != std::string::npos) return {};
  const auto value = read_int((minus ? "-" : "") + all);
  return value;
}

void append_duration(std::string& out, std::int64_t ms) {
  if (ms == 0) {
    out += "0ms";
    return;
  }
  if (ms < 0) out.push_back('-');
  std::uint64_t left = ms < 0 ? 0 - static_cast<std::uint64_t>(ms) : static_cast<std::uint64_t>(ms);
  static constexpr struct {
    std::uint64_t size;
    const char* unit;
  } kUnits[] = {{kMsPerDay, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}};
  bool first = true;
  for (const auto& unit : kUnits) {
    const std::uint64_t n = left / unit.size;
    left %= unit.size;
    if (n == 0) continue;
    if (!first) out.push_back(' ');
    first = false;
    out += std::to_string(n);
    out += unit.unit;
  }
}

void append_time(std::string& out, std::int64_t ms) {
  const Civil c = civil_from_ms(ms);
  if (c.year < 0 || c.year > 9999) {
    out.push_back(c.year < 0 ? '-' : '+');
    append_padded(out, c.year < 0 ? -c.year : c.year, 6);
  } else {
    append_padded(out, c.year, 4);
  }
  const auto part = [&](char before, int value, int width) {
    out.push_back(before);
    append_padded(out, value, width);
  };
  part('-', c.month, 2);
  part('-', c.day, 2);
  part('T', c.hour, 2);
  part(':', c.minute, 2);
  part(':', c.second, 2);
  part('.', c.ms, 3);
  out.push_back('Z');
}

Civil civil_from_ms(std::int64_t ms) {
  const std::int64_t days = floor_div(ms, kMsPerDay);
  auto left = static_cast<int>(ms - days * kMsPerDay);
  Civil c;
  civil_from_days(days, c);
  c.ms = left % 1000;
  left /= 1000;
  c.second = left % 60;
  c.minute = left / 60 % 60;
  c.hour = left / 3600;
  return c;
}

std::int64_t ms_from_civil(const Civil& c) {
  return days_from_civil(c.year, c.month, c.day) * kMsPerDay +
         ((c.hour * 60 + c.minute) * 60 + c.second) * 1000LL + c.ms;
}

int weekday(std::int64_t ms) {
  const std::int64_t days = floor_div(ms, kMsPerDay);
  return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1;
}

int days_in_month(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

std::optional<std::int64_t> read_time(std::string_view text) {
  TimeReader in{trim(text)};
  Civil c;
  c.year = in.digits(4);
  in.expect('-');
  c.month = in.digits(2);
  in.expect('-');
  c.day = in.digits(2);
  std::int64_t offset = 0;
  if (in.ok && !in.rest.empty()) {
    if (!in.skip('T')) in.expect(' ');
    c.hour = in.digits(2);
    in.expect(':');
    c.minute = in.digits(2);
    if (in.skip(':')) {
      c.second = in.digits(2);
      if (in.skip('.')) c.ms = read_fraction(in);
    }
    offset = read_zone(in);
  }
  if (!in.ok || !in.rest.empty()) return {};
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month)) return {};
  if (c.hour > 24 || c.minute > 59 || c.second > 59) return {};
  if (c.hour == 24 && (c.minute != 0 || c.second != 0 || c.ms != 0)) return {};
  return ms_from_civil(c) - offset;
}

}  // namespace flin::text
