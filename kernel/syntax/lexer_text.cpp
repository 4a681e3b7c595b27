// Text literals, labels, regex literals, and the look ahead over them (L 2.6, 2.7, 2.10).
#include "syntax/lexer.h"
#include "syntax/utf8.h"

#include <algorithm>

namespace flin::syntax {

namespace {

constexpr int kDepth = 256;
// How far the end of an interpolation is looked for once one had none: a file full of such errors
// would otherwise take quadratic time.
constexpr std::uint32_t kShortLook = 1000;

}  // namespace

void Lexer::text_literal(Token& token) {
  const char quote = here();
  if (quote == '\'' && label(token)) return;
  const std::uint32_t open = at_++;
  token.quote = quote;
  text_part(token, quote, open);
  token.kind = token.kind == Tok::TextMiddle ? Tok::TextStart : Tok::Text;
}

Token Lexer::text_rest(char quote) {
  Token token = start();
  token.quote = quote;
  text_part(token, quote, at_);
  return done(token);
}

// `'name` behind break and continue, and `'name:` before a loop.
bool Lexer::label(Token& token) {
  const std::size_t end = name_end(text_, at_ + 1);
  if (end == at_ + 1 || peek(static_cast<std::uint32_t>(end)) == '\'') return false;
  const bool jump = previous_ == Tok::Break || previous_ == Tok::Continue;
  if (!jump) {
    if (peek(static_cast<std::uint32_t>(end)) != ':') return false;
    const std::uint32_t loop = skip_space(static_cast<std::uint32_t>(end) + 1);
    if (!word_at(loop, "for") && !word_at(loop, "while")) return false;
    const bool operand = previous_ == Tok::Assign || previous_ == Tok::LeftParen ||
                         previous_ == Tok::Comma || previous_ == Tok::LeftBracket;
    if (operand) return false;
  }
  token.kind = Tok::Label;
  token.value = text_.substr(at_ + 1, end - at_ - 1);
  at_ = static_cast<std::uint32_t>(end);
  return true;
}

// Reads up to the closing quote (TextEnd) or behind the brace that opens an interpolation
// (TextMiddle).
void Lexer::text_part(Token& token, char quote, std::uint32_t open) {
  std::string built;
  bool changed = false, given_up = false;
  std::uint32_t from = at_;
  const auto take = [&](std::uint32_t until) { built += text_.substr(from, until - from); };
  token.kind = Tok::TextEnd;
  for (;;) {
    const char c = here();
    if (at_end() || (c == '\n' && quote != '`')) {
      std::uint32_t end = at_;
      if (quote == '`') end = open + 1;
      reporter_.report(Code::E0102, open, end, {});
      break;
    }
    if (c == quote) break;
    const bool doubled = quote == '"' && (c == '{' || c == '}') && here(1) == c;
    if (c == '\\' || doubled) {
      take(at_);
      changed = true;
      if (doubled) {
        built += c;
        at_ += 2;
      } else {
        escape(built);
      }
      from = at_;
    } else if ((quote == '"' && c == '{') || (quote == '`' && c == '$' && here(1) == '{')) {
      if (interpolation_starts(quote, given_up)) {
        token.kind = Tok::TextMiddle;
        break;
      }
      ++at_;
    } else {
      ++at_;
    }
  }
  take(at_);
  token.value = changed ? arena_.text(built) : text_.substr(from, at_ - from);
  if (token.kind == Tok::TextMiddle)
    at_ += quote == '`' ? 2 : 1;
  else if (!at_end() && here() == quote)
    ++at_;
}

// Whether the brace here opens an interpolation; reports the one that is never closed.
bool Lexer::interpolation_starts(char quote, bool& given_up) {
  const std::uint32_t brace = quote == '`' ? at_ + 1 : at_;
  if (quote == '"' && is_literal_brace(brace)) return false;
  if (given_up) return false;
  const std::uint32_t size = static_cast<std::uint32_t>(text_.size());
  const std::uint32_t limit = unclosed_interpolation_ ? std::min(size, brace + kShortLook) : size;
  if (behind_brace(brace + 1, 0, limit, quote == '"') != 0) return true;
  reporter_.report(Code::E0107, at_, brace + 1, {});
  unclosed_interpolation_ = given_up = true;
  return false;
}

void Lexer::escape(std::string& out) {
  const std::uint32_t begin = at_;
  const char c = here(1);
  at_ += 2;
  switch (c) {
    case 'n': out += '\n'; return;
    case 't': out += '\t'; return;
    case 'r': out += '\r'; return;
    case '0': out += '\0'; return;
    case '\\':
    case '"':
    case '\'':
    case '`':
    case '{':
    case '}':
    case '$': out += c; return;
    case 'x':
    case 'u': unicode_escape(out, begin); return;
    default: break;
  }
  if (at_ > text_.size() || c == '\n') {  // the text ends here: E0102 follows
    at_ = begin + 1;
    return;
  }
  const std::uint32_t bytes = std::max<std::uint32_t>(code_point_at(text_, begin + 1).bytes, 1);
  at_ = begin + 1 + bytes;
  reporter_.report(Code::E0103, begin, at_, {text_.substr(begin + 1, bytes)});
}

// `\xHH` and `\u{H..}`; at_ stands behind the letter.
void Lexer::unicode_escape(std::string& out, std::uint32_t begin) {
  const bool braces = peek(begin + 1) == 'u';
  if (braces && here() == '{') ++at_;
  char32_t value = 0;
  int digits = 0;
  for (; digits < (braces ? 6 : 2); ++digits, ++at_) {
    const char c = here();
    const char lower = is_ascii_letter(c) ? static_cast<char>(c | 0x20) : c;
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) break;
    value = value * 16 + static_cast<char32_t>(is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  bool good = braces ? peek(begin + 2) == '{' && digits > 0 && here() == '}' : digits == 2;
  good = good && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
  if (good && braces) ++at_;
  if (good) return append_utf8(out, value);
  Diagnostic& d = reporter_.report(Code::E0103, begin, at_, {braces ? "u" : "x"});
  d.helps = {braces ? "write \\u{1F600}: one to six hexadecimal digits"
                    : "write \\x41: two hexadecimal digits"};
}

// Whether a brace followed by `next` stands for itself in a ".." text.
bool Lexer::is_literal_brace(std::uint32_t brace) const {
  const char next = peek(brace + 1);
  return is_space(next) || std::string_view("}\"'`\\").find(next) != std::string_view::npos ||
         next == '\0';
}

// Behind the text that opens at `open`; 0 if it has no end, or an interpolation in it has none.
std::uint32_t Lexer::behind_text(std::uint32_t open, int depth, std::uint32_t limit) const {
  const char quote = text_[open];
  for (std::uint32_t at = open + 1; at < limit; ++at) {
    const char c = text_[at];
    if (c == quote) return at + 1;
    if (c == '\n' && quote != '`') return 0;
    if (c == '\\' || (quote == '"' && c == '{' && peek(at + 1) == '{')) {
      ++at;
      continue;
    }
    std::uint32_t inside = 0;
    if (quote == '"' && c == '{' && !is_literal_brace(at)) inside = at + 1;
    if (quote == '`' && c == '$' && peek(at + 1) == '{') inside = at + 2;
    if (inside == 0) continue;
    const std::uint32_t end = behind_brace(inside, depth + 1, limit, quote == '"');
    if (end == 0) return 0;
    at = end - 1;
  }
  return 0;
}

// Behind the '}' that belongs to the '{' before `at`; 0 if there is none. It stops at the first
// thing that has no end, so the look ahead stays linear.
std::uint32_t Lexer::behind_brace(std::uint32_t at, int depth, std::uint32_t limit,
                                  bool one_line) const {
  if (depth > kDepth) return 0;
  for (int open = 1; at < limit;) {
    const char c = text_[at];
    if (c == '\n' && one_line) return 0;
    if (c == '"' || c == '`' || c == '\'') {
      at = behind_text(at, depth, limit);
      if (at == 0) return 0;
      continue;
    }
    open += c == '{' ? 1 : c == '}' ? -1 : 0;
    ++at;
    if (open == 0) return at;
  }
  return 0;
}

std::uint32_t Lexer::behind_bracket(std::uint32_t open, std::uint32_t limit) const {
  std::uint32_t end = static_cast<std::uint32_t>(text_.size());
  if (limit != 0) end = std::min(end, open + limit);
  std::string expected;  // the closing brackets, innermost last
  for (std::uint32_t at = open; at < end;) {
    const std::uint32_t next = skip_space(at);
    if (next != at) {
      at = next;
      continue;
    }
    const char c = text_[at];
    if (c == '"' || c == '`' || c == '\'') {
      at = behind_text(at, 0, end);
      if (at == 0) return 0;
      continue;
    }
    ++at;
    if (c == '(') expected += ')';
    if (c == '[') expected += ']';
    if (c == '{') expected += '}';
    if (c != ')' && c != ']' && c != '}') continue;
    if (expected.empty() || expected.back() != c) return 0;
    expected.pop_back();
    if (expected.empty()) return at;
  }
  return 0;
}

Token Lexer::regex(std::uint32_t offset) {
  seek(offset, previous_);
  Token token = start();
  token.kind = Tok::Regex;
  bool in_class = false;
  for (++at_; !at_end() && here() != '\n'; ++at_) {
    if (here() == '\\' && here(1) != '\n' && at_ + 1 < text_.size())
      ++at_;
    else if (here() == '[')
      in_class = true;
    else if (here() == ']')
      in_class = false;
    else if (here() == '/' && !in_class)
      break;
  }
  token.value = text_.substr(offset + 1, at_ - offset - 1);
  if (here() != '/') {
    reporter_.report(Code::E0102, offset, at_, {}).helps = {"end the pattern with /"};
    return done(token);
  }
  const std::uint32_t flags = ++at_;
  at_ = static_cast<std::uint32_t>(name_end(text_, at_));
  token.flags = text_.substr(flags, at_ - flags);
  for (std::uint32_t i = 0; i < token.flags.size(); ++i)
    if (token.flags.substr(i, 1).find_first_of("ims") == token.flags.npos)
      reporter_.report(Code::E0101, flags + i, flags + i + 1, {token.flags.substr(i, 1)}).helps = {
          "flags of a pattern are i, m and s"};
  check_pattern(token.value, offset + 1);
  return done(token);
}

void Lexer::check_pattern(std::string_view pattern, std::uint32_t begin) {
  bool in_class = false;
  const auto refuse = [&](std::size_t at, std::size_t length) {
    const std::uint32_t from = begin + static_cast<std::uint32_t>(at);
    reporter_.report(Code::E0110, from, from + static_cast<std::uint32_t>(length), {});
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      const char next = pattern[i + 1];
      if (!in_class && ((next >= '1' && next <= '9') || next == 'k')) refuse(i, 2);
      ++i;
    } else if (pattern[i] == '[') {
      in_class = true;
    } else if (pattern[i] == ']') {
      in_class = false;
    } else if (!in_class && pattern.substr(i, 2) == "(?") {
      const std::string_view mark = pattern.substr(i + 2, 2);
      if (mark.substr(0, 1) == "=" || mark.substr(0, 1) == "!") refuse(i, 3);
      if (mark == "<=" || mark == "<!") refuse(i, 4);
    }
  }
}

}  // namespace flin::syntax
