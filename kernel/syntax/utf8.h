// Code points in UTF-8 text, and which of them may stand in a name (L 2.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flin::syntax {

// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most
// U+10FFFF). If not, `bad_offset` is the first byte that is wrong: what E0109 points at.
bool is_utf8(std::string_view text, std::size_t& bad_offset);

struct CodePoint {
  char32_t value = 0;
  std::uint32_t bytes = 0;  // 0: nothing well-formed starts there
};

// The code point that starts at `offset`.
CodePoint code_point_at(std::string_view text, std::size_t offset);

void append_utf8(std::string& text, char32_t code_point);

// Number of code points; text is well-formed.
std::size_t count_code_points(std::string_view text);

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
inline bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\f'; }

// Letters start a name, digits and letters go on with it. Outside ASCII every code point counts as
// a letter that lies in none of the blocks of punctuation, symbols, pictures and private use.
bool is_letter(char32_t c);

// The end of the name that starts at `offset`; `offset` itself if none starts there.
std::size_t name_end(std::string_view text, std::size_t offset);

// Upper-case first letter: a type-like name (L 1.4).
bool is_type_name(std::string_view name);

}  // namespace flin::syntax
