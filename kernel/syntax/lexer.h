// Characters to tokens, on demand and in the mode the parser is in (L 2.1): code() in Code and
// ViewExpression mode, view() between tags, tag() inside an open tag, attribute() inside a quoted
// attribute. The parser, not the lexer, knows where an operand may start; so code() reads `<` and
// `/` as operators and the parser goes back with seek() to read markup, or regex(), instead.
//
// Line ends are no tokens of their own: Token::newline_before says that one was skipped, and the
// parser applies L 2.3.
#pragma once

#include "base/arena.h"
#include "syntax/reporter.h"
#include "syntax/source.h"
#include "syntax/token.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::syntax {

class Lexer {
 public:
  Lexer(std::string_view text, Arena& arena, Reporter& reporter);

  Token code();
  // Reads on behind the `}` of an interpolation: TextMiddle or TextEnd.
  Token text_rest(char quote);
  // The regex literal that starts at the '/' at `offset` (L 2.7).
  Token regex(std::uint32_t offset);

  // MarkupText, TagOpen, TagClose, TemplateTag, TemplateElse, TemplateEnd, LeftBrace or End.
  // Comments are left out. With `in_braces` a '}' ends the view (`view { .. }`) and is RightBrace.
  Token view(bool in_braces);
  // AttributeName, Assign, Dot, LeftParen, LeftBrace, TextStart (a quote), TagEnd, TagSelfClose.
  Token tag();
  // MarkupText, template tags, LeftBrace, or TextEnd: the closing quote.
  Token attribute(char quote);

  // Where the next token is looked for.
  std::uint32_t offset() const { return at_; }
  // Goes to `offset`; the token before it counts as one of kind `before`.
  void seek(std::uint32_t offset, Tok before = Tok::End);
  Tok previous() const { return previous_; }

  // The offset behind the bracket that closes the one at `open`, over texts and comments. 0 if
  // there is none, another kind of bracket closes first, or it is more than `limit` bytes away (0:
  // no limit).
  std::uint32_t behind_bracket(std::uint32_t open, std::uint32_t limit) const;
  // The first offset from `at` on that is neither white space nor in a comment.
  std::uint32_t skip_space(std::uint32_t at) const;

  std::string_view text() const { return text_; }
  char peek(std::uint32_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  bool starts_with(std::uint32_t offset, std::string_view what) const {
    return text_.substr(offset < text_.size() ? offset : text_.size(), what.size()) == what;
  }
  // Whether the word stands at `offset` and ends there.
  bool word_at(std::uint32_t offset, std::string_view word) const;

 private:
  void skip_trivia(Token& token);
  void block_comment();
  void name(Token& token);
  void number(Token& token);
  bool radix_number(Token& token);
  std::string decimal_digits(bool& malformed);
  bool money(Token& token, const std::string& digits, bool fraction);
  void text_literal(Token& token);
  bool label(Token& token);
  void text_part(Token& token, char quote, std::uint32_t open);
  bool interpolation_starts(char quote, bool& given_up);
  bool is_literal_brace(std::uint32_t brace) const;
  void escape(std::string& out);
  void unicode_escape(std::string& out, std::uint32_t begin);
  void punctuation(Token& token);
  void invalid(Token& token);
  void check_pattern(std::string_view pattern, std::uint32_t begin);
  bool template_tag(Token& token);
  std::uint32_t markup_comment_end(std::uint32_t at);
  std::uint32_t behind_text(std::uint32_t open, int depth, std::uint32_t limit) const;
  std::uint32_t behind_brace(std::uint32_t at, int depth, std::uint32_t limit, bool one_line) const;
  Token start();
  Token done(Token& token);
  char here(std::uint32_t ahead = 0) const { return peek(at_ + ahead); }
  bool at_end() const { return at_ >= text_.size(); }

  std::string_view text_;
  Arena& arena_;
  Reporter& reporter_;
  std::uint32_t at_ = 0;
  Tok previous_ = Tok::End;
  bool unclosed_interpolation_ = false;  // one was found: look less far for the ends of others
};

}  // namespace flin::syntax
