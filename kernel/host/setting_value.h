// What the value of a setting may look like, by its type, and its one normal form.
//
// | Type     | As written                                      | Normal form                |
// | -------- | ----------------------------------------------- | -------------------------- |
// | text     | anything                                        | the same                   |
// | int      | `8080`, `-1`                                    | decimal                    |
// | number   | `0.5`, `1e3`                                    | shortest decimal           |
// | bool     | `true false yes no on off 1 0`                  | `true` or `false`          |
// | bytes    | `512`, `10MB` (10^6), `64KiB` (2^16)            | number of bytes            |
// | duration | `500ms`, `5s`, `2m` or `2min`, `1h`, `7d`; `500` is in ms | number of milliseconds |
// | choice   | one of the choices                              | the same                   |
//
// A normal form is itself a value of its type, with the same meaning.
#pragma once

#include "flin/plugin.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

struct SettingShape {
  SettingType type = kTextSetting;
  std::int64_t lowest =
      std::numeric_limits<std::int64_t>::min();  // int, bytes, duration; in the normal form
  std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string> choices;
};

// The normal form of `text`, or nothing when it is no value of this shape.
std::optional<std::string> normal_value(const SettingShape& shape, std::string_view text);

// What a value must be, to follow "it takes": "an int from 0 to 65535", "a duration, like 500ms or
// 5s".
std::string what_it_takes(const SettingShape& shape);

// "int", "bytes", .. as in `flin plugins describe`.
std::string_view setting_type_name(SettingType type);

// The choices of a kChoiceSetting: the last word of `help`, "a|b|c" (SettingDecl).
std::vector<std::string> choices_in_help(std::string_view help);

}  // namespace flin
