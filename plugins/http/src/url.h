// Texts of requests: percent-encoding (RFC 3986 2.1), form fields (WHATWG URL 5.1), cookies (RFC
// 6265).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flin::http {

using Field = std::pair<std::string, std::string>;

// Decodes one path segment or other text. False for a % without two hex digits, a NUL, or bytes
// that are no UTF-8.
bool percent_decode(std::string_view text, std::string& out);

// Decodes the path and splits it at '/'; "/a//b" has an empty segment in the middle. False as
// above, and for a path that does not begin with '/'.
bool split_path(std::string_view path, std::vector<std::string>& segments);

// Fields of a query or an application/x-www-form-urlencoded body, in order. A stray % stands for
// itself. False when a decoded text is no UTF-8.
bool parse_form(std::string_view text, std::vector<Field>& fields);

// Pairs of a Cookie header; blanks around names and one pair of quotes around values go.
std::vector<std::pair<std::string_view, std::string_view>> parse_cookies(std::string_view header);

}  // namespace flin::http
