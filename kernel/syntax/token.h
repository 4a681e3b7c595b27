// Tokens: what the lexer hands to the parser.
#pragma once

#include "syntax/source.h"

#include <cstdint>
#include <string_view>

namespace flin::syntax {

enum class Tok : std::uint8_t {
#define TOKEN(name, words) name,
#define PUNCTUATION(name, text) name,
#define KEYWORD(name, text) name,
#include "syntax/tokens.def"
#undef TOKEN
#undef PUNCTUATION
#undef KEYWORD
};

struct Token {
  Tok kind = Tok::End;
  std::uint32_t begin = 0, end = 0;  // bytes of the source
  bool newline_before = false;       // a line end stands between it and the token before
  bool blank_before = false;         // blanks or a line end do
  char quote = 0;                    // Text..: which quote
  std::uint32_t documentation = 0;   // 1 + offset of the `///` lines directly above, or 0
  std::string_view value;            // names, texts without escapes, currency, word of a tag
  std::string_view flags;            // Regex
  std::uint64_t integer = 0;         // Int, up to 2^63; Money: minor units
  double number = 0;                 // Number
};

// As messages call it: "a name", "'=='", "'while'".
std::string_view words_of(Tok kind);

// Hard keyword of that text, or Tok::Name.
Tok keyword(std::string_view text);
bool is_keyword(Tok kind);
bool is_punctuation(Tok kind);

}  // namespace flin::syntax
