// The text forms of numbers, money, time and duration (L 3.7), and reading them back. The same text
// as the browser's runtime writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flin::text {

void append_int(std::string& out, std::int64_t value);
// As JavaScript's Number.prototype.toString (ECMA-262 6.1.6.1.20): shortest digits that read back;
// "NaN", "Infinity", and "0" for -0.
void append_number(std::string& out, double value);
// With exactly `decimals` digits behind the point (0 to 100), half away from zero.
void append_fixed(std::string& out, double value, int decimals);

// The whole text, trimmed of white space: "12", "-3.5", "1e3", "Infinity". Nothing if it is none.
std::optional<double> read_number(std::string_view text);
std::optional<std::int64_t> read_int(std::string_view text);  // digits with an optional sign only

// Digits behind the point of a currency's amounts (ISO 4217): 2 for most, 0 for JPY, 3 for KWD.
int minor_digits(std::string_view currency);
void append_money_amount(std::string& out, std::int64_t minor,
                         std::string_view currency);                                 // "450.00"
void append_money(std::string& out, std::int64_t minor, std::string_view currency);  // "450.00 USD"
// "12.50" to 1250 minor units; nothing if it has more digits than the currency, or is no decimal.
std::optional<std::int64_t> read_money_amount(std::string_view text, std::string_view currency);

void append_duration(std::string& out, std::int64_t ms);  // "1d 2h 3m 4s 5ms", "0ms"
void append_time(std::string& out, std::int64_t ms);      // "2026-01-31T09:30:00.000Z"

// A date and time of day in UTC, proleptic Gregorian. month 1-12, weekday 1 = Monday.
struct Civil {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0;
};
Civil civil_from_ms(std::int64_t ms);
std::int64_t ms_from_civil(const Civil& civil);
int weekday(std::int64_t ms);
int days_in_month(std::int64_t year, int month);
// ISO 8601: "2026-01-31", "2026-01-31T09:30", with seconds, fraction and Z or +hh:mm. Without a
// zone: UTC.
std::optional<std::int64_t> read_time(std::string_view text);

}  // namespace flin::text
