#include "flin/http/json_out.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace flin::http {
namespace {

// Days since 1970 to year, month, day in the proleptic Gregorian calendar (H. Hinnant,
// "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
struct Civil {
  std::int64_t year;
  unsigned month, day;
};
Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year =
      static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, of_year - (153 * shifted + 2) / 5 + 1};
}

// ISO 4217: all other currencies have two digits.
unsigned minor_digits(std::string_view currency) {
  for (const char* zero : {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
                           "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}) {
    if (currency == zero) return 0;
  }
  for (const char* three : {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}) {
    if (currency == three) return 3;
  }
  return 2;
}

// Lays out decimal digits d1 d2 .. dn, value 0.d1d2..dn x 10^point, as ECMA-262 Number::toString.
void lay_out(std::string& out, std::string_view digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (point > 0 && point <= 21) {
    if (count <= point) {
      out.append(digits).append(static_cast<std::size_t>(point - count), '0');
    } else {
      out.append(digits.substr(0, static_cast<std::size_t>(point))).push_back('.');
      out.append(digits.substr(static_cast<std::size_t>(point)));
    }
  } else if (point <= 0 && point > -6) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out.push_back(digits[0]);
    if (count > 1) out.append(".").append(digits.substr(1));
    out.append(point > 0 ? "e+" : "e-");
    append_json_int(out, std::abs(point - 1));
  }
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default: out.append({'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]});
    }
  }
  out.append(text, from, text.size() - from);
  out.push_back('"');
}

void append_json_int(std::string& out, std::int64_t value) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out.append("null");
    return;
  }
  if (value == 0) {
    out.push_back('0');
    return;
  }
  char buffer[40] = {};  // atoi below reads up to a zero
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer - 1, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits.append(text.substr(2, e - 2));
  lay_out(out, digits, std::atoi(text.data() + e + 1) + 1);
}

void append_json_time(std::string& out, std::int64_t ms) {
  constexpr std::int64_t kDay = 86400000;
  std::int64_t days = ms / kDay, rest = ms % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const Civil date = civil_from_days(days);
  const bool plain_year = date.year >= 0 && date.year <= 9999;
  char buffer[64];
  std::snprintf(buffer, sizeof buffer,
                plain_year ? "\"%04lld-%02u-%02uT%02d:%02d:%02d.%03dZ\""
                           : "\"%+07lld-%02u-%02uT%02d:%02d:%02d.%03dZ\"",
                static_cast<long long>(date.year), date.month, date.day,
                static_cast<int>(rest / 3600000), static_cast<int>(rest / 60000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  out.append(buffer);
}

void append_json_money(std::string& out, std::int64_t minor, std::uint32_t currency) {
  const char name[3] = {static_cast<char>(currency & 0xFF), static_cast<char>(currency >> 8 & 0xFF),
                        static_cast<char>(currency >> 16 & 0xFF)};
  const unsigned digits = minor_digits({name, 3});
  auto magnitude = static_cast<std::uint64_t>(minor);
  if (minor < 0) magnitude = 0 - magnitude;
  std::string amount = std::to_string(magnitude);
  if (digits > 0) {
    if (amount.size() <= digits) amount.insert(0, digits + 1 - amount.size(), '0');
    amount.insert(amount.size() - digits, 1, '.');
  }
  out.append("{\"amount\":\"")
      .append(minor < 0 ? "-" : "")
      .append(amount)
      .append("\",\"currency\":");
  append_json_text(out, {name, 3});
  out.push_back('}');
}

void append_json_plain(std::string& out, const Plain& value) {
  switch (value.kind) {
    case Kind::kNone: out.append("null"); break;
    case Kind::kBool: out.append(value.i ? "true" : "false"); break;
    case Kind::kInt:
    case Kind::kDuration:
    case Kind::kRecord: append_json_int(out, value.i); break;
    case Kind::kNumber: append_json_number(out, value.n); break;
    case Kind::kText: append_json_text(out, value.text); break;
    case Kind::kTime: append_json_time(out, value.i); break;
    case Kind::kMoney: append_json_money(out, value.i, value.extra); break;
    default: out.append(value.text);
  }
}

}  // namespace flin::http
