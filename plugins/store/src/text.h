// Text rules shared by predicates and validators, the same as the kernel's built-ins of L 24.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::store {

std::int64_t code_points(std::string_view utf8);
// Unicode simple case mapping.
std::string lower(std::string_view utf8);
std::string upper(std::string_view utf8);
// White space (Unicode White_Space and U+FEFF, as in JavaScript) cut at both ends.
std::string_view trim(std::string_view utf8);
bool is_blank(std::string_view utf8);
// One `@`, dotted host.
bool is_email(std::string_view text);
// Absolute http or https URL with a host and no blanks.
bool is_url(std::string_view text);

}  // namespace flin::store
