#include "syntax/token.h"

#include <cstddef>
#include <iterator>

namespace flin::syntax {

namespace {

enum class Group : std::uint8_t { kToken, kPunctuation, kKeyword };
struct Row {
  Group group;
  std::string_view words, text;
};
constexpr Row kRows[] = {
#define TOKEN(name, words) {Group::kToken, words, ""},
#define PUNCTUATION(name, text) {Group::kPunctuation, "'" text "'", text},
#define KEYWORD(name, text) {Group::kKeyword, "'" text "'", text},
#include "syntax/tokens.def"
#undef TOKEN
#undef PUNCTUATION
#undef KEYWORD
};

const Row& row(Tok kind) { return kRows[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view words_of(Tok kind) { return row(kind).words; }
bool is_keyword(Tok kind) { return row(kind).group == Group::kKeyword; }
bool is_punctuation(Tok kind) { return row(kind).group == Group::kPunctuation; }

Tok keyword(std::string_view text) {
  if (text.size() < 2 || text.size() > 8 || text[0] < 'a' || text[0] > 'w') return Tok::Name;
  for (std::size_t i = static_cast<std::size_t>(Tok::And); i < std::size(kRows); ++i)
    if (kRows[i].text == text) return static_cast<Tok>(i);
  return Tok::Name;
}

}  // namespace flin::syntax
