#include "check/aliases.h"

#include <utility>

namespace flin::check {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kMethods[] = {
    {"length", "len"},           {"includes", "contains"}, {"startsWith", "starts_with"},
    {"endsWith", "ends_with"},   {"toUpperCase", "upper"}, {"toLowerCase", "lower"},
    {"substring", "slice"},      {"charAt", "get"},        {"padStart", "pad_start"},
    {"padEnd", "pad_end"},       {"indexOf", "index_of"},  {"lastIndexOf", "last_index_of"},
    {"toString", "to_text"},     {"toFixed", "format"},    {"forEach", "each"},
    {"trimStart", "trim_start"}, {"trimEnd", "trim_end"},  {"replaceAll", "replace_all"},
    {"findIndex", "find_index"}, {"flatMap", "flat_map"}};
constexpr Pair kObjects[] = {{"JSON.parse", "json_parse"},
                             {"JSON.stringify", "json_stringify"},
                             {"Object.keys", "keys"},
                             {"Object.values", "values"},
                             {"Object.entries", "entries"},
                             {"Array.isArray", "is_list"},
                             {"Date.now", "now"},
                             {"console.log", "log"},
                             {"console.warn", "log_warn"},
                             {"console.error", "log_error"},
                             {"Math.PI", "pi"},
                             {"Math.log", "ln"}};
constexpr Pair kFunctions[] = {{"String", "text"},
                               {"Number", "number"},
                               {"Boolean", "bool"},
                               {"parseInt", "int"},
                               {"parseFloat", "number"},
                               {"setTimeout", "set_timeout"},
                               {"setInterval", "set_interval"},
                               {"clearTimeout", "clear_timeout"},
                               {"clearInterval", "clear_interval"}};
constexpr std::string_view kUnits[][3] = {{"ms", "milliseconds", "millisecond"},
                                          {"seconds", "second", ""},
                                          {"minutes", "minute", ""},
                                          {"hours", "hour", ""},
                                          {"days", "day", ""},
                                          {"weeks", "week", ""},
                                          {"months", "month", ""},
                                          {"years", "year", ""}};

}  // namespace

std::string_view method_alias(std::string_view name) {
  for (const Pair& pair : kMethods)
    if (pair.first == name) return pair.second;
  return name;
}

std::string_view object_alias(std::string_view object, std::string_view name) {
  for (const Pair& pair : kObjects) {
    std::string_view key = pair.first;
    bool same = key.size() == object.size() + name.size() + 1 && key.starts_with(object) &&
                key.ends_with(name) && key[object.size()] == '.';
    if (same) return pair.second;
  }
  return object == "Math" ? name : std::string_view{};
}

std::string_view function_alias(std::string_view name) {
  for (const Pair& pair : kFunctions)
    if (pair.first == name) return pair.second;
  return name;
}

int duration_unit(std::string_view name) {
  for (int unit = 0; unit < 8; ++unit)
    for (std::string_view word : kUnits[unit])
      if (!word.empty() && word == name) return unit;
  return -1;
}

}  // namespace flin::check
