// Tokens, errors, recovery and depth of the parser.
#include "syntax/parser.h"

#include "base/edit_distance.h"
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

#include <array>

namespace flin::syntax {

namespace {

constexpr int kDeepest = 256;
constexpr int kTallest =
    kDeepest + 44;  // room for the leaves of what is nested as deep as it may be

// Words that begin a statement: what a misspelt first word may have been.
constexpr std::array<std::string_view, 21> kStatementWords = {
    "entity", "enum",  "fn",     "for",       "function", "if",     "match",
    "return", "while", "route",  "component", "trait",    "impl",   "type",
    "let",    "const", "client", "server",    "delete",   "assert", "agent"};

bool opens(Tok kind) {
  return kind == Tok::LeftParen || kind == Tok::LeftBracket || kind == Tok::LeftBrace ||
         kind == Tok::QuestionBracket;
}
bool closes(Tok kind) {
  return kind == Tok::RightParen || kind == Tok::RightBracket || kind == Tok::RightBrace;
}

}  // namespace

File* parse(const Sources& sources, std::uint32_t file, Arena& arena, Diagnostics& diagnostics) {
  Parser parser(sources.at(file), file, arena, diagnostics);
  return parser.file();
}

Parser::Parser(const Source& source, std::uint32_t file, Arena& arena, Diagnostics& diagnostics)
    : source_(source),
      file_(file),
      arena_(arena),
      reporter_(diagnostics, file),
      lex_(source.text(), arena, reporter_) {}

File* Parser::file() {
  File* out = make<File>();
  out->number = file_;
  ctx_.root = ctx_.declarations = true;
  advance();
  if (is_word("props") && after_token() == '(') {
    out->statements.push_back(props_statement());
    end_statement();
  }
  for (;;) {
    statements(out->statements);
    if (is(Tok::End)) return out;
    if (is(Tok::RightBrace)) {
      error(Code::E0204, span(), {"}"});
      panic_ = false;
      advance();
    } else {  // a template tag without its beginning
      const std::uint32_t begin = tok_.begin;
      const std::uint32_t close = lex_.behind_bracket(begin, look_ahead());
      const std::uint32_t end = close != 0 ? close : tok_.end;
      error(Code::E0204, {file_, begin, end}, {lex_.text().substr(begin, end - begin)});
      panic_ = false;
      seek_code(end);
    }
  }
}

// ---- Tokens ----

void Parser::advance() {
  prev_end_ = tok_.end;
  tok_ = lex_.code();
}

void Parser::seek_code(std::uint32_t offset) {
  lex_.seek(offset);
  prev_end_ = offset;
  tok_ = lex_.code();
}

Parser::State Parser::save() const {
  return {lex_.offset(), lex_.previous(), tok_, prev_end_, panic_};
}

void Parser::restore(const State& state) {
  lex_.seek(state.offset, state.before);
  tok_ = state.token;
  prev_end_ = state.end;
  panic_ = state.panic;
}

Token Parser::peek_token() {
  Reporter::Quiet quiet(reporter_);
  const std::uint32_t offset = lex_.offset();
  const Tok before = lex_.previous();
  const Token next = lex_.code();
  lex_.seek(offset, before);
  return next;
}

bool Parser::continues_line() const {
  switch (tok_.kind) {
    case Tok::Dot:
    case Tok::QuestionDot:
    case Tok::PipeGreater:
    case Tok::QuestionQuestion:
    case Tok::QuestionColon:
    case Tok::Question:
    case Tok::PipePipe:
    case Tok::AmpAmp:
    case Tok::Or:
    case Tok::And:
    case Tok::PlusPlus:
    case Tok::Plus:
    case Tok::Star:
    case Tok::Percent:
    case Tok::StarStar:
    case Tok::EqualEqual:
    case Tok::NotEqual: return true;
    default: return false;
  }
}

bool Parser::statement_ends() const {
  return line_ends() || is(Tok::Semicolon) || is(Tok::RightBrace) || is(Tok::End) ||
         template_end_here();
}

bool Parser::accept(Tok kind) {
  if (!is(kind)) return false;
  advance();
  return true;
}

bool Parser::accept_word(Name word) {
  if (!is_word(word)) return false;
  advance();
  return true;
}

bool Parser::expect(Tok kind, std::string_view what) {
  if (accept(kind)) return true;
  unexpected(what.empty() ? words_of(kind) : what);
  return false;
}

// The closing bracket; if it is missing, says whether something else stands there or nothing.
bool Parser::expect_close(Tok kind, Span open) {
  if (accept(kind)) return true;
  if (panic_) {
    if (!skip_to_close(kind, open)) return false;
    panic_ = false;
    advance();
    return true;
  }
  const std::string_view opener = source_.text().substr(open.begin, open.end - open.begin);
  const bool nothing =
      is(Tok::End) || closes(tok_.kind) || is(Tok::Semicolon) || line_ends() || tok_.newline_before;
  if (nothing || template_end_here()) {
    report_not_closed(opener, open);
  } else {
    const std::string either = kind == Tok::RightBrace ? std::string(words_of(kind))
                                                       : "',' or " + std::string(words_of(kind));
    unexpected(either).others.push_back({open, "opened here"});
  }
  if (!skip_to_close(kind, open)) return false;
  panic_ = false;
  advance();
  return true;
}

void Parser::report_not_closed(std::string_view what, Span open) {
  error(Code::E0203, span(), {what}).others.push_back({open, "opened here"});
}

Word Parser::expect_name(std::string_view what) {
  if (is(Tok::Name)) {
    const Word out = word();
    advance();
    return out;
  }
  if (is_keyword(tok_.kind) && !line_ends()) {
    note_error(Code::E0206, span(), {source_.text().substr(tok_.begin, tok_.end - tok_.begin)});
    const Word out{source_.text().substr(tok_.begin, tok_.end - tok_.begin), span()};
    advance();
    return out;
  }
  unexpected(what);
  return {{}, span()};
}

bool Parser::starts_operand(const Token& token) const {
  switch (token.kind) {
    case Tok::Name:
    case Tok::Int:
    case Tok::Number:
    case Tok::Money:
    case Tok::Text:
    case Tok::TextStart:
    case Tok::None:
    case Tok::Nil:
    case Tok::Null:
    case Tok::True:
    case Tok::False:
    case Tok::Match:
    case Tok::If:
    case Tok::Fn:
    case Tok::Function:
    case Tok::For:
    case Tok::While: return true;
    case Tok::LeftParen:
    case Tok::LeftBracket: return token.blank_before;
    case Tok::Less: return token.blank_before && markup_starts(token.begin);
    default: return false;
  }
}

bool Parser::operand_follows() {
  const Token next = peek_token();
  if (next.newline_before) return false;
  if (next.kind != Tok::Name) return starts_operand(next);
  // Connectives behind a variable that has the name of a soft keyword.
  for (std::string_view word :
       {"then", "as", "by", "with", "key", "when", "context", "from", "catch"})
    if (next.value == word) return false;
  return true;
}

// ---- Errors ----

Diagnostic& Parser::error(Code code, Span at, std::initializer_list<std::string_view> arguments,
                          std::string label) {
  if (panic_) {
    Reporter::Quiet quiet(reporter_);
    return reporter_.report(code, at.begin, at.end, arguments);
  }
  panic_ = true;
  Diagnostic& out = reporter_.report(code, at.begin, at.end, arguments, std::move(label));
  if (trying_) fail_trial();
  return out;
}

void Parser::fail_trial() {
  trial_failed_ = true;
  lex_.seek(static_cast<std::uint32_t>(source_.text().size()));
  tok_ = lex_.code();
}

// An error behind which parsing goes on as if nothing had happened.
Diagnostic& Parser::note_error(Code code, Span at,
                               std::initializer_list<std::string_view> arguments,
                               std::string label) {
  const bool before = panic_;
  Diagnostic& out = error(code, at, arguments, std::move(label));
  panic_ = before;
  return out;
}

std::string Parser::found() const {
  if (is(Tok::End)) return std::string(words_of(Tok::End));
  if (line_ends()) return std::string(words_of(Tok::Newline));
  if (is(Tok::Text) || is(Tok::TextStart)) return std::string(words_of(tok_.kind));
  return "'" + std::string(source_.text().substr(tok_.begin, tok_.end - tok_.begin)) + "'";
}

Diagnostic& Parser::unexpected(std::string_view expected) {
  // The lexer has already told what is wrong with an invalid character.
  if (is(Tok::Invalid) && tok_.value.empty()) panic_ = true;
  return error(Code::E0201, span(), {expected, found()});
}

Expr* Parser::broken(std::uint32_t begin) {
  height_ = 1;
  return make<ErrorExpr>(span_from(begin));
}

Expr* Parser::expected_expression() {
  const std::uint32_t begin = tok_.begin;
  if (is(Tok::Invalid)) {
    if (!tok_.value.empty()) error(Code::E0208, span(), {tok_.value});
    panic_ = true;
  } else if (is(Tok::Dot) && is_digit(after_token())) {
    advance();
    error(Code::E0105, {file_, begin, tok_.end}, {}).helps = {"write 0." + std::string(tok_.value)};
    if (is(Tok::Int)) {
      advance();
      panic_ = false;
    }
  } else if (is_keyword(tok_.kind) && !line_ends() && is(Tok::In)) {
    error(Code::E0206, span(), {"in"});
  } else {
    Diagnostic& d = error(Code::E0202, span(), {found()});
    if (!is(Tok::Comma)) d.helps = {"complete the expression"};
  }
  return broken(begin);
}

void Parser::suggest_keyword(Diagnostic& diagnostic, Name wrong) {
  const std::string_view near = nearest_name(wrong, kStatementWords);
  if (!near.empty() && near != wrong)
    diagnostic.helps = {"did you mean '" + std::string(near) + "'?"};
}

// Leaves a token behind, with all that stands in it if it opens a bracket or a text. `balanced`
// becomes false when a bracket has no end: then the ends of others are not looked for.
void Parser::skip_token(bool& balanced) {
  if (is(Tok::TextStart)) {
    const Restore panic(panic_);
    panic_ = true;
    text();
    return;
  }
  if (balanced && opens(tok_.kind)) {
    const std::uint32_t behind = lex_.behind_bracket(tok_.end - 1, look_ahead());
    if (behind != 0) return seek_code(behind);
    balanced = false;
  }
  advance();
}

// To the next statement: a new line at the same depth, `;`, or the brace that ends the block.
// Brackets are left behind whole; one that is never closed does not count.
void Parser::skip_statement() {
  bool balanced = true;
  while (!is(Tok::End)) {
    if (tok_.newline_before || is(Tok::RightBrace) || is(Tok::Semicolon) || template_end_here())
      return;
    skip_token(balanced);
  }
}

// Recovery that did not move on from `begin` would not end: leaves one token and its line behind.
void Parser::force_progress(std::uint32_t begin) {
  if (tok_.begin != begin || is(Tok::End)) return;
  advance();
  skip_statement();
}

// Skips to the bracket that closes the present construct, if it comes before a new statement.
bool Parser::skip_to_close(Tok close, Span open) {
  const std::uint32_t behind = lex_.behind_bracket(open.end - 1, look_ahead());
  if (behind > tok_.begin) {
    seek_code(behind - 1);
    if (is(close)) return true;
  }
  bool balanced = true;
  while (!is(Tok::End)) {
    if (is(close)) return true;
    if (tok_.newline_before || closes(tok_.kind) || is(Tok::Semicolon) || template_end_here())
      return false;
    skip_token(balanced);
  }
  return false;
}

// How far the end of a bracket is looked for. Less in a file full of errors: no more of them are
// shown, and the time stays linear.
std::uint32_t Parser::look_ahead() const { return reporter_.reports() < 200 ? 16 * 1024 : 256; }

// ---- Depth ----

bool Parser::too_deep() {
  if (!is_too_deep()) return false;
  error(Code::E0214, span(), {});
  if (!opens(tok_.kind)) return true;
  const std::uint32_t behind = lex_.behind_bracket(tok_.begin, 0);
  if (behind != 0)
    seek_code(behind);
  else
    seek_code(static_cast<std::uint32_t>(source_.text().size()));
  panic_ = false;
  return true;
}

void Parser::grow(int left, int right) {
  height_ = (left > right ? left : right) + 1;
  if (height_ > tallest_) tallest_ = height_;
  if (height_ > kTallest) error(Code::E0214, span(), {});
}

}  // namespace flin::syntax
