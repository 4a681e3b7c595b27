// JavaScript as text: literals, names, precedence, layout.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace flin::browser {

// How tightly an expression binds, loosest first (ECMA-262 13).
enum class Level : std::uint8_t {
  kSpread,  // an argument or item; may be `...x`
  kAssign,  // also arrow functions
  kConditional,
  kCoalesce,  // does not mix with || and && without parentheses
  kOr,
  kAnd,
  kEquality,
  kRelational,
  kAdditive,
  kMultiplicative,
  kUnary,
  kCall,  // calls, members, names, literals
};

// An expression of JavaScript.
struct Js {
  std::string text;
  Level level = Level::kCall;
};

// The text, in parentheses if it binds looser than `level`.
std::string at(const Js& js, Level level);

// "text" in double quotes.
std::string quoted(std::string_view text);
// A part of a template literal.
std::string template_part(std::string_view text);
std::string number_text(double value);
// Name of a property as an object literal writes it: bare where it may stand so.
std::string property_key(std::string_view name);
// ".name" or "[\"name\"]".
std::string property_access(std::string_view name);

// Whether JavaScript keeps the name for itself, or it names something modules use as a global.
bool is_reserved(std::string_view name);
bool is_identifier(std::string_view name);

// Parts between `open` and `close`: on one line if they fit there, else one per line, indented.
std::string listed(std::string_view open, const std::vector<std::string>& parts,
                   std::string_view close);
// Lines in braces; one that is short stays on the line.
std::string braces(const std::vector<std::string>& lines);
std::string indented(std::string_view text);
std::string joined(const std::vector<std::string>& parts, std::string_view between);

// Whether the text is one name, called without arguments: "count()". Gives "count", else "".
std::string getter_of(std::string_view text);

}  // namespace flin::browser
