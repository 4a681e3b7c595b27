// Names of common JavaScript use and the FLIN names they stand for (L 4.16).
#pragma once

#include <string_view>

namespace flin::check {

// "includes" -> "contains"; other names are given back as they are.
std::string_view method_alias(std::string_view name);
// "Math" "max" -> "max", "JSON" "parse" -> "json_parse"; empty: the object is none of these.
std::string_view object_alias(std::string_view object, std::string_view name);
// "parseInt" -> "int"; others as they are.
std::string_view function_alias(std::string_view name);
// Number of MakeDuration (L 20.3 note 3) for "days"; -1: no unit.
int duration_unit(std::string_view name);

}  // namespace flin::check
