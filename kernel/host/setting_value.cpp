#include "host/setting_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace flin {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr Unit kByteUnits[] = {{"", 1},          {"B", 1},         {"KB", 1000},
                               {"kB", 1000},     {"MB", 1000'000}, {"GB", 1000'000'000},
                               {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};
constexpr Unit kDurationUnits[] = {{"", 1},          {"ms", 1},       {"s", 1000},
                                   {"m", 60'000},    {"min", 60'000}, {"h", 3'600'000},
                                   {"d", 86'400'000}};

std::optional<std::int64_t> parse_int(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  std::array<char, 64> out;
  const auto written = std::to_chars(out.data(), out.data() + out.size(), value);
  return std::string(out.data(), written.ptr);
}

std::optional<std::string> parse_bool(std::string_view text) {
  for (std::string_view yes : {"true", "yes", "on", "1"}) {
    if (text == yes) return "true";
  }
  for (std::string_view no : {"false", "no", "off", "0"}) {
    if (text == no) return "false";
  }
  return std::nullopt;
}

// A whole number that is not negative, and a unit.
template <std::size_t N>
std::optional<std::int64_t> parse_with_unit(std::string_view text, const Unit (&units)[N]) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const auto count = parse_int(text.substr(0, digits));
  if (!count) return std::nullopt;
  std::string_view name = text.substr(digits);
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    std::int64_t product = 0;
    if (__builtin_mul_overflow(*count, unit.factor, &product)) return std::nullopt;
    return product;
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_whole(SettingType type, std::string_view text) {
  if (type == kBytesSetting) return parse_with_unit(text, kByteUnits);
  if (type == kDurationSetting) return parse_with_unit(text, kDurationUnits);
  return parse_int(text);
}

std::string range(const SettingShape& shape) {
  constexpr SettingShape kWide;
  const bool from = shape.lowest != kWide.lowest, to = shape.highest != kWide.highest;
  if (from && to) {
    return " from " + std::to_string(shape.lowest) + " to " + std::to_string(shape.highest);
  }
  if (from) return " of at least " + std::to_string(shape.lowest);
  if (to) return " of at most " + std::to_string(shape.highest);
  return "";
}

std::string one_of(const std::vector<std::string>& choices) {
  std::string out = "one of";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    out += i == 0 ? " " : i + 1 == choices.size() ? " and " : ", ";
    out += choices[i];
  }
  return out;
}

}  // namespace

std::optional<std::string> normal_value(const SettingShape& shape, std::string_view text) {
  switch (shape.type) {
    case kTextSetting: return std::string(text);
    case kNumberSetting: return parse_number(text);
    case kBoolSetting: return parse_bool(text);
    case kChoiceSetting: {
      const bool known =
          std::find(shape.choices.begin(), shape.choices.end(), text) != shape.choices.end();
      return known ? std::optional<std::string>(text) : std::nullopt;
    }
    case kIntSetting:
    case kBytesSetting:
    case kDurationSetting: break;
  }
  const auto whole = parse_whole(shape.type, text);
  if (!whole || *whole < shape.lowest || *whole > shape.highest) return std::nullopt;
  return std::to_string(*whole);
}

std::string what_it_takes(const SettingShape& shape) {
  switch (shape.type) {
    case kTextSetting: return "a text";
    case kIntSetting: return "an int" + range(shape);
    case kNumberSetting: return "a number";
    case kBoolSetting: return "true or false";
    case kBytesSetting: return "a number of bytes" + range(shape) + ", like 512, 64KiB or 10MB";
    case kDurationSetting:
      return "a duration" + (range(shape).empty() ? "" : range(shape) + " ms") +
             ", like 500ms or 5s";
    case kChoiceSetting: return one_of(shape.choices);
  }
  return "a text";
}

std::string_view setting_type_name(SettingType type) {
  switch (type) {
    case kTextSetting: return "text";
    case kIntSetting: return "int";
    case kNumberSetting: return "number";
    case kBoolSetting: return "bool";
    case kBytesSetting: return "bytes";
    case kDurationSetting: return "duration";
    case kChoiceSetting: return "choice";
  }
  return "text";
}

std::vector<std::string> choices_in_help(std::string_view help) {
  while (!help.empty() && (help.back() == '.' || help.back() == ' ')) help.remove_suffix(1);
  const std::size_t blank = help.find_last_of(" :");
  std::string_view word = blank == std::string_view::npos ? help : help.substr(blank + 1);
  std::vector<std::string> out;
  while (!word.empty()) {
    const std::size_t bar = std::min(word.find('|'), word.size());
    if (bar > 0) out.emplace_back(word.substr(0, bar));
    word.remove_prefix(std::min(bar + 1, word.size()));
  }
  return out;
}

}  // namespace flin
