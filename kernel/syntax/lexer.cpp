// Code mode: trivia, names, operators.
#include "syntax/lexer.h"

#include "syntax/utf8.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace flin::syntax {

namespace {

struct Operator {
  std::string_view text;
  Tok kind;
};

// By first character, longest first, so that the first that fits is the right one. Operators of
// other languages stand here too: as one Invalid token the parser can name them (E0208).
using Operators = std::array<std::vector<Operator>, 128>;

Operators make_operators() {
  const std::initializer_list<Operator> rows = {
#define TOKEN(name, words)
#define PUNCTUATION(name, text) {text, Tok::name},
#define KEYWORD(name, text)
#include "syntax/tokens.def"
#undef TOKEN
#undef PUNCTUATION
#undef KEYWORD
      {"===", Tok::Invalid}, {"!==", Tok::Invalid}, {"&", Tok::Invalid},
      {"^", Tok::Invalid},   {"~", Tok::Invalid},   {"<>", Tok::Less}};
  Operators out;
  for (const Operator& row : rows) out[static_cast<std::size_t>(row.text[0])].push_back(row);
  for (std::vector<Operator>& some : out)
    std::stable_sort(some.begin(), some.end(), [](const Operator& a, const Operator& b) {
      return a.text.size() > b.text.size();
    });
  return out;
}

const std::vector<Operator>& operators_with(char first) {
  static const Operators all = make_operators();
  static const std::vector<Operator> none;
  return static_cast<unsigned char>(first) < 128 ? all[static_cast<std::size_t>(first)] : none;
}

}  // namespace

Lexer::Lexer(std::string_view text, Arena& arena, Reporter& reporter)
    : text_(text), arena_(arena), reporter_(reporter) {
  if (starts_with(0, "\xEF\xBB\xBF")) at_ = 3;
  if (starts_with(at_, "#!"))
    at_ = static_cast<std::uint32_t>(std::min(text_.find('\n', at_), text_.size()));
}

void Lexer::seek(std::uint32_t offset, Tok before) {
  at_ = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text_.size()));
  previous_ = before;
}

bool Lexer::word_at(std::uint32_t offset, std::string_view word) const {
  return starts_with(offset, word) && name_end(text_, offset) == offset + word.size();
}

Token Lexer::start() {
  Token token;
  token.begin = at_;
  return token;
}

Token Lexer::done(Token& token) {
  token.end = at_;
  previous_ = token.kind;
  return token;
}

Token Lexer::code() {
  Token token;
  skip_trivia(token);
  token.begin = at_;
  if (at_end()) return done(token);
  const char c = here();
  if (is_digit(c))
    number(token);
  else if (c == '"' || c == '`' || c == '\'')
    text_literal(token);
  else if (name_end(text_, at_) > at_)
    name(token);
  else
    punctuation(token);
  return done(token);
}

void Lexer::name(Token& token) {
  const std::uint32_t end = static_cast<std::uint32_t>(name_end(text_, at_));
  token.value = text_.substr(at_, end - at_);
  token.kind = keyword(token.value);
  at_ = end;
}

void Lexer::punctuation(Token& token) {
  const std::string_view rest = text_.substr(at_, 3);
  for (const Operator& row : operators_with(here())) {
    if (rest.substr(0, row.text.size()) != row.text) continue;
    // `<>` is markup, and only its `<` is read.
    token.kind = row.kind;
    token.value = text_.substr(at_, row.text.size());
    at_ += row.text == "<>" ? 1 : static_cast<std::uint32_t>(row.text.size());
    return;
  }
  invalid(token);
}

void Lexer::invalid(Token& token) {
  const CodePoint c = code_point_at(text_, at_);
  const std::uint32_t bytes = std::max<std::uint32_t>(c.bytes, 1);
  const std::string_view shown = c.bytes > 0 && c.value >= 0x20 ? text_.substr(at_, bytes) : "?";
  reporter_.report(Code::E0101, at_, at_ + bytes, {shown});
  token.kind = Tok::Invalid;
  at_ += bytes;
}

void Lexer::skip_trivia(Token& token) {
  while (!at_end()) {
    const char c = here();
    if (is_space(c)) {
      token.newline_before |= c == '\n';
      token.blank_before = true;
      ++at_;
    } else if (c == '/' && here(1) == '/') {
      if (here(2) == '/' && token.documentation == 0)
        token.documentation = at_ + 1;
      else if (here(2) != '/')
        token.documentation = 0;
      at_ = static_cast<std::uint32_t>(std::min(text_.find('\n', at_), text_.size()));
    } else if (c == '/' && here(1) == '*') {
      const std::uint32_t begin = at_;
      block_comment();
      token.newline_before |= text_.substr(begin, at_ - begin).find('\n') != text_.npos;
      token.blank_before = true;
    } else if (c == '<' && starts_with(at_, "<!--")) {
      const std::uint32_t begin = at_;
      at_ = markup_comment_end(at_);
      token.newline_before |= text_.substr(begin, at_ - begin).find('\n') != text_.npos;
      token.blank_before = true;
    } else {
      return;
    }
  }
}

void Lexer::block_comment() {
  const std::size_t end = text_.find("*/", at_ + 2);
  if (end == text_.npos) {
    reporter_.report(Code::E0106, at_, at_ + 2, {}, "starts here");
    at_ = static_cast<std::uint32_t>(text_.size());
  } else {
    at_ = static_cast<std::uint32_t>(end + 2);
  }
}

std::uint32_t Lexer::markup_comment_end(std::uint32_t at) {
  const std::size_t end = text_.find("-->", at + 4);
  if (end != text_.npos) return static_cast<std::uint32_t>(end + 3);
  Diagnostic& d = reporter_.report(Code::E0106, at, at + 4, {}, "starts here");
  d.helps = {"add -->"};
  return static_cast<std::uint32_t>(text_.size());
}

std::uint32_t Lexer::skip_space(std::uint32_t at) const {
  while (at < text_.size()) {
    if (is_space(text_[at])) {
      ++at;
    } else if (starts_with(at, "//")) {
      at = static_cast<std::uint32_t>(std::min(text_.find('\n', at), text_.size()));
    } else if (starts_with(at, "/*")) {
      const std::size_t end = text_.find("*/", at + 2);
      at = static_cast<std::uint32_t>(end == text_.npos ? text_.size() : end + 2);
    } else {
      break;
    }
  }
  return at;
}

}  // namespace flin::syntax
