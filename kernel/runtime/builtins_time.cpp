// Built-ins of L 24.6. All times are UTC.
#include "base/number_text.h"
#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/map.h"
#include "runtime/time_functions.h"
#include "runtime/time_zone.h"

#include <chrono>
#include <cmath>

namespace flin::runtime {

#define NATIVE(name) \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out)

namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;
constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};
constexpr const char* kDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                 "Friday", "Saturday", "Sunday"};

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string padded(std::int64_t n, std::size_t width) {
  std::string text = std::to_string(n);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string offset_text(int minutes) {
  const int size = std::abs(minutes);
  return (minutes < 0 ? "-" : "+") + padded(size / 60, 2) + ":" + padded(size % 60, 2);
}

// Length of the next piece of the pattern and its text; 0: no piece, a character as it is.
std::size_t piece(std::string_view rest, const text::Civil& c, std::int64_t ms, int offset,
                  std::string& out) {
  const auto is = [&](std::string_view p) { return rest.substr(0, p.size()) == p; };
  const int hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
  if (is("YYYY")) return out += padded(c.year, 4), 4;
  if (is("YY")) return out += padded(((c.year % 100) + 100) % 100, 2), 2;
  if (is("MMMM")) return out += kMonths[c.month - 1], 4;
  if (is("MMM")) return out += std::string(kMonths[c.month - 1], 3), 3;
  if (is("MM")) return out += padded(c.month, 2), 2;
  if (is("M")) return out += std::to_string(c.month), 1;
  if (is("DD")) return out += padded(c.day, 2), 2;
  if (is("D")) return out += std::to_string(c.day), 1;
  if (is("dddd")) return out += kDays[text::weekday(ms) - 1], 4;
  if (is("ddd")) return out += std::string(kDays[text::weekday(ms) - 1], 3), 3;
  if (is("HH")) return out += padded(c.hour, 2), 2;
  if (is("H")) return out += std::to_string(c.hour), 1;
  if (is("hh")) return out += padded(hour12, 2), 2;
  if (is("h")) return out += std::to_string(hour12), 1;
  if (is("mm")) return out += padded(c.minute, 2), 2;
  if (is("m")) return out += std::to_string(c.minute), 1;
  if (is("SSS")) return out += padded(c.ms, 3), 3;
  if (is("ss")) return out += padded(c.second, 2), 2;
  if (is("s")) return out += std::to_string(c.second), 1;
  if (is("A")) return out += c.hour < 12 ? "AM" : "PM", 1;
  if (is("a")) return out += c.hour < 12 ? "am" : "pm", 1;
  if (is("Z")) return out += offset_text(offset), 1;
  return 0;
}

// "days" as "day".
std::string_view singular(std::string_view unit) {
  if (unit == "ms" || unit == "milliseconds") return "millisecond";
  return !unit.empty() && unit.back() == 's' ? unit.substr(0, unit.size() - 1) : unit;
}

// Milliseconds of a unit of fixed length; 0: month, year or unknown.
std::int64_t fixed_unit(std::string_view unit) {
  if (unit == "millisecond") return 1;
  if (unit == "second") return kSecond;
  if (unit == "minute") return kMinute;
  if (unit == "hour") return kHour;
  if (unit == "day") return kDay;
  return unit == "week" ? 7 * kDay : 0;
}

std::int64_t add_months(std::int64_t ms, std::int64_t months) {
  text::Civil c = text::civil_from_ms(ms);
  const std::int64_t total = c.year * 12 + (c.month - 1) + months;
  c.year = total >= 0 ? total / 12 : -((-total + 11) / 12);
  c.month = static_cast<int>(total - c.year * 12) + 1;
  c.day = std::min(c.day, text::days_in_month(c.year, c.month));
  return text::ms_from_civil(c);
}

bool start_of(std::int64_t ms, std::string_view unit, std::int64_t& out) {
  text::Civil c = text::civil_from_ms(ms);
  text::Civil start;
  start.year = c.year;
  if (unit != "year") start.month = c.month;
  if (unit == "year" || unit == "month") return out = text::ms_from_civil(start), true;
  const std::int64_t size = fixed_unit(unit == "week" ? "day" : unit);
  if (size == 0) return false;
  out = ms - ((ms % size) + size) % size;
  if (unit == "week") out -= (text::weekday(ms) - 1) * kDay;
  return true;
}

bool add_units(std::int64_t ms, std::int64_t n, std::string_view unit, std::int64_t& out) {
  if (std::llabs(n) > (std::int64_t{1} << 40)) return false;
  if (unit == "month" || unit == "year")
    return out = add_months(ms, unit == "year" ? n * 12 : n), true;
  const std::int64_t size = fixed_unit(unit);
  std::int64_t span;
  return size != 0 && !__builtin_mul_overflow(n, size, &span) &&
         !__builtin_add_overflow(ms, span, &out);
}

Outcome unknown_unit(Machine& m, std::string_view unit) {
  return bad_argument(m, "unknown unit \"" + std::string(unit) + "\"");
}

struct TimeAndUnit {
  std::int64_t ms = 0;
  std::string_view unit;
};
bool read(Args& in, std::uint32_t unit_at, TimeAndUnit& out) {
  if (!in.whole_of_kind(0, Tagged::kTime, "time", out.ms) || !in.text(unit_at, out.unit))
    return false;
  out.unit = singular(out.unit);
  return true;
}

Outcome in_units(Machine& m, const Value* args, std::uint32_t count, Value& out,
                 std::int64_t unit) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kDuration, "duration", ms)) return kFailed;
  return give(out, from_double(static_cast<double>(ms) / static_cast<double>(unit)));
}

}  // namespace

std::string format_time(std::int64_t ms, std::string_view pattern, int offset_minutes) {
  const text::Civil c = text::civil_from_ms(ms);
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '[') {
      const std::size_t end = std::min(pattern.find(']', at), pattern.size());
      out += pattern.substr(at + 1, end - at - 1);
      at = std::min(end + 1, pattern.size());
      continue;
    }
    const std::size_t size = piece(pattern.substr(at), c, ms, offset_minutes, out);
    if (size == 0) out += pattern[at];
    at += size ? size : 1;
  }
  return out;
}

NATIVE(time) {
  const Value v = Args(m, args, count).at(0);
  if (is_time(v)) return give(out, v);
  if (is_numeric(v)) {
    if (!counts_as_int(v) && !is_int(v))
      return m.fail(13, "cannot convert " + m.display(v) + " to time");
    return give(out, make_whole(m.heap(), Tagged::kTime,
                                is_int(v) ? whole(v) : static_cast<std::int64_t>(as_double(v))));
  }
  if (!is_text(v)) return m.wrong_type("text", v);
  const auto ms = text::read_time(as_text(v)->view());
  if (!ms) return m.fail(13, "cannot convert \"" + std::string(as_text(v)->view()) + "\" to time");
  return give(out, make_whole(m.heap(), Tagged::kTime, *ms));
}
NATIVE(in_zone) {
  Args in(m, args, count);
  std::int64_t utc;
  std::string_view zone;
  if (!in.whole_of_kind(0, Tagged::kTime, "time", utc) || !in.text(1, zone)) return kFailed;
  const auto offset = zone_offset_minutes(zone, utc);
  if (!offset) return bad_argument(m, "unknown zone \"" + std::string(zone) + "\"");
  const std::int64_t ms = utc + *offset * kMinute;
  const text::Civil c = text::civil_from_ms(ms);
  Map* map = new_map(m.heap(), 10);
  const auto put = [&](const char* key, Value value) {
    map_put(m.heap(), map, make_text(m.heap(), key), value);
  };
  const std::pair<const char*, std::int64_t> parts[] = {
      {"year", c.year},     {"month", c.month},   {"day", c.day}, {"hour", c.hour},
      {"minute", c.minute}, {"second", c.second}, {"ms", c.ms},   {"weekday", text::weekday(ms)}};
  for (const auto& [key, value] : parts) put(key, make_int(m.heap(), value));
  put("offset", make_text(m.heap(), offset_text(*offset)));
  put("zone", in.at(1));
  return give(out, from_object(map));
}
NATIVE(parse_time) {
  Args in(m, args, count);
  std::string_view t, pattern;
  if (!in.text(0, t) || !in.text(1, pattern)) return kFailed;
  const auto ms = parse_time(t, pattern);
  if (!ms) return m.fail(13, "cannot convert \"" + std::string(t) + "\" to time");
  return give(out, make_whole(m.heap(), Tagged::kTime, *ms));
}
NATIVE(start_of) {
  Args in(m, args, count);
  TimeAndUnit t;
  if (!read(in, 1, t)) return kFailed;
  std::int64_t ms;
  if (!start_of(t.ms, t.unit, ms)) return unknown_unit(m, t.unit);
  return give(out, make_whole(m.heap(), Tagged::kTime, ms));
}
NATIVE(end_of) {
  Args in(m, args, count);
  TimeAndUnit t;
  if (!read(in, 1, t)) return kFailed;
  std::int64_t ms;
  if (!start_of(t.ms, t.unit, ms) || !add_units(ms, 1, t.unit, ms)) return unknown_unit(m, t.unit);
  return give(out, make_whole(m.heap(), Tagged::kTime, ms - 1));
}
NATIVE(add) {
  Args in(m, args, count);
  TimeAndUnit t;
  std::int64_t n, ms;
  if (!read(in, 2, t) || !in.integer(1, n)) return kFailed;
  if (!add_units(t.ms, n, t.unit, ms)) return unknown_unit(m, t.unit);
  return give(out, make_whole(m.heap(), Tagged::kTime, ms));
}
// Whole units from b to a: the greatest n with b + n units not beyond a.
NATIVE(diff) {
  Args in(m, args, count);
  TimeAndUnit t;
  std::int64_t b;
  if (!read(in, 2, t) || !in.whole_of_kind(1, Tagged::kTime, "time", b)) return kFailed;
  if (const std::int64_t size = fixed_unit(t.unit))
    return give(out, make_int(m.heap(), (t.ms - b) / size));
  if (t.unit != "month" && t.unit != "year") return unknown_unit(m, t.unit);
  const text::Civil x = text::civil_from_ms(t.ms), y = text::civil_from_ms(b);
  std::int64_t months = (x.year - y.year) * 12 + (x.month - y.month);
  if (months > 0 && add_months(b, months) > t.ms) --months;
  if (months < 0 && add_months(b, months) < t.ms) ++months;
  return give(out, make_int(m.heap(), t.unit == "year" ? months / 12 : months));
}
NATIVE(relative) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kTime, "time", ms)) return kFailed;
  static constexpr struct {
    std::int64_t size;
    const char* name;
  } kUnits[] = {{365 * kDay, "year"}, {30 * kDay, "month"}, {7 * kDay, "week"}, {kDay, "day"},
                {kHour, "hour"},      {kMinute, "minute"},  {kSecond, "second"}};
  const std::int64_t away = ms - now_ms();
  const std::int64_t size = std::llabs(away);
  std::string text = "just now";
  for (const auto& unit : kUnits) {
    if (size < unit.size) continue;
    const std::int64_t n = size / unit.size;
    const std::string amount = std::to_string(n) + " " + unit.name + (n == 1 ? "" : "s");
    text = away < 0 ? amount + " ago" : "in " + amount;
    break;
  }
  return give(out, make_text(m.heap(), text));
}
NATIVE(is_past) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kTime, "time", ms)) return kFailed;
  return give(out, from_bool(ms < now_ms()));
}
NATIVE(is_future) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kTime, "time", ms)) return kFailed;
  return give(out, from_bool(ms > now_ms()));
}
NATIVE(is_today) {
  std::int64_t ms, a, b;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kTime, "time", ms)) return kFailed;
  start_of(ms, "day", a);
  start_of(now_ms(), "day", b);
  return give(out, from_bool(a == b));
}
NATIVE(is_weekend) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kTime, "time", ms)) return kFailed;
  return give(out, from_bool(text::weekday(ms) >= 6));
}
NATIVE(in_ms) {
  std::int64_t ms;
  if (!Args(m, args, count).whole_of_kind(0, Tagged::kDuration, "duration", ms)) return kFailed;
  return give(out, make_int(m.heap(), ms));
}
NATIVE(in_seconds) { return in_units(m, args, count, out, kSecond); }
NATIVE(in_minutes) { return in_units(m, args, count, out, kMinute); }
NATIVE(in_hours) { return in_units(m, args, count, out, kHour); }
NATIVE(in_days) { return in_units(m, args, count, out, kDay); }

}  // namespace flin::runtime
