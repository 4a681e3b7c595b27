// View mode: text runs, tags, template tags and attributes (L 2.1, 10.2, 10.3).
#include "syntax/lexer.h"
#include "syntax/utf8.h"

#include <string>

namespace flin::syntax {

namespace {

bool is_tag_name(char c) {
  return is_ascii_letter(c) || is_digit(c) || c == '-' || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_attribute_name(char c) {
  return !is_space(c) && c != '\0' &&
         std::string_view("=>/{}\"'<.()").find(c) == std::string_view::npos;
}

}  // namespace

// `{if` `{for` .. `{else` `{/if}`, which are written without a blank behind the brace.
bool Lexer::template_tag(Token& token) {
  const bool end = here(1) == '/';
  const std::uint32_t begin = at_ + (end ? 2 : 1);
  const std::uint32_t behind = static_cast<std::uint32_t>(name_end(text_, begin));
  const std::string_view word = text_.substr(begin, behind - begin);
  const bool opens =
      word == "if" || word == "for" || word == "match" || word == "while" || word == "each";
  if (end) {
    if (word.empty()) return false;
    std::uint32_t close = behind;
    while (is_space(peek(close))) ++close;
    if (peek(close) != '}') return false;
    token.kind = Tok::TemplateEnd;
    at_ = close + 1;
  } else if (opens) {
    token.kind = Tok::TemplateTag;
    at_ = behind;
  } else if (word == "else" || word == "elif") {
    token.kind = Tok::TemplateElse;
    at_ = behind;
  } else {
    return false;
  }
  token.value = word;
  return true;
}

Token Lexer::view(bool in_braces) {
  Token token = start();
  std::string built;
  bool changed = false;
  std::uint32_t from = at_;
  const auto cut = [&](std::uint32_t next) {
    built += text_.substr(from, at_ - from);
    changed = true;
    from = at_ = next;
  };
  while (!at_end()) {
    const char c = here(), next = here(1);
    if (c == '<' && starts_with(at_, "<!--")) {
      cut(markup_comment_end(at_));
    } else if ((c == '{' || c == '}') && next == c && !(c == '}' && in_braces)) {
      built += text_.substr(from, at_ - from + 1);
      changed = true;
      from = at_ = at_ + 2;
    } else if (c == '{' || (c == '}' && in_braces) ||
               (c == '<' && (is_ascii_letter(next) || next == '/' || next == '!' || next == '>'))) {
      break;
    } else {
      ++at_;
    }
  }
  built += changed ? text_.substr(from, at_ - from) : std::string_view();
  const std::string_view text = changed ? arena_.text(built) : text_.substr(from, at_ - from);
  if (!text.empty()) {
    token.kind = Tok::MarkupText;
    token.value = text;
    return done(token);
  }
  token.begin = at_;
  if (at_end()) return done(token);
  if (here() == '{' && template_tag(token)) return done(token);
  if (here() == '{' || here() == '}') {
    token.kind = here() == '{' ? Tok::LeftBrace : Tok::RightBrace;
    ++at_;
    return done(token);
  }
  if (here(1) == '!') {  // <!doctype ..>
    token.kind = Tok::Invalid;
    at_ += 2;
    return done(token);
  }
  const bool close = here(1) == '/';
  token.kind = close ? Tok::TagClose : Tok::TagOpen;
  at_ += close ? 2 : 1;
  const std::uint32_t name = at_;
  while (is_tag_name(here())) ++at_;
  token.value = text_.substr(name, at_ - name);
  if (close) {
    std::uint32_t end = at_;
    while (is_space(peek(end))) ++end;
    if (peek(end) == '>')
      at_ = end + 1;
    else
      reporter_.report(Code::E0201, at_, at_ + 1,
                       {"'>'", at_end() ? "the end of the file" : "something else"});
  }
  return done(token);
}

Token Lexer::tag() {
  Token token;
  while (is_space(here())) {
    token.blank_before = true;
    token.newline_before |= here() == '\n';
    ++at_;
  }
  token.begin = at_;
  if (at_end()) return done(token);
  const char c = here();
  const auto one = [&](Tok kind) {
    token.kind = kind;
    ++at_;
  };
  if (c == '>')
    one(Tok::TagEnd);
  else if (c == '=')
    one(Tok::Assign);
  else if (c == '.')
    one(Tok::Dot);
  else if (c == '(')
    one(Tok::LeftParen);
  else if (c == '{')
    one(Tok::LeftBrace);
  else if (c == '}')
    one(Tok::RightBrace);
  else if (c == '<')
    one(Tok::Less);
  else if (c == '"' || c == '\'') {
    token.quote = c;
    one(Tok::TextStart);
  } else if (c == '/' && here(1) == '>') {
    token.kind = Tok::TagSelfClose;
    at_ += 2;
  } else if (is_attribute_name(c)) {
    while (is_attribute_name(here())) ++at_;
    token.kind = Tok::AttributeName;
    token.value = text_.substr(token.begin, at_ - token.begin);
  } else {
    one(Tok::Invalid);
  }
  return done(token);
}

Token Lexer::attribute(char quote) {
  Token token = start();
  std::string built;
  bool changed = false;
  std::uint32_t from = at_;
  while (!at_end() && here() != quote) {
    const char c = here();
    if ((c == '{' || c == '}') && here(1) == c) {
      built += text_.substr(from, at_ - from + 1);
      changed = true;
      from = at_ = at_ + 2;
    } else if (c == '{') {
      break;
    } else {
      ++at_;
    }
  }
  if (changed) built += text_.substr(from, at_ - from);
  const std::string_view text = changed ? arena_.text(built) : text_.substr(from, at_ - from);
  if (!text.empty()) {
    token.kind = Tok::MarkupText;
    token.value = text;
    return done(token);
  }
  token.begin = at_;
  if (at_end()) return done(token);
  if (here() == quote)
    token.kind = Tok::TextEnd, ++at_;
  else if (!template_tag(token))
    token.kind = Tok::LeftBrace, ++at_;
  return done(token);
}

}  // namespace flin::syntax
