// Calls, members, indices, time travel (L 4.8 - 4.10, 6.3, 14.10) and lambdas (L 6.2).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

Expr* Parser::postfix(Expr* value) {
  while (!panic_) {
    const int height = height_;
    const bool dot = is(Tok::Dot) || is(Tok::QuestionDot);
    if (!dot && line_ends()) break;
    if (dot)
      value = member(value);
    else if (is(Tok::LeftParen))
      value = call(value, false);
    else if (is(Tok::LeftBracket) || (is(Tok::QuestionBracket) && !tok_.blank_before))
      value = index(value);
    else if (is(Tok::At) && !ctx_.no_at)
      value = time_travel(value);
    else
      break;
    grow(height, height_ - 1);
  }
  return value;
}

Expr* Parser::member(Expr* object) {
  const std::uint32_t begin = object->span.begin;
  const bool optional = is(Tok::QuestionDot);
  advance();
  height_ = 1;
  if (tok_.newline_before && !ctx_.ignore_newlines && !is(Tok::Name)) {
    unexpected("a name");
    return broken(begin);
  }
  const bool named = is(Tok::Name) || is(Tok::Int) || is_keyword(tok_.kind);
  if (!named) {
    unexpected("a name");
    return broken(begin);
  }
  const Word name{source_.text().substr(tok_.begin, tok_.end - tok_.begin), span()};
  advance();
  auto* out = make<MemberExpr>(span_from(begin), object, name, optional);
  if (optional && is(Tok::LeftParen) && !line_ends()) return call(out, true);
  return out;
}

Expr* Parser::index(Expr* object) {
  const Nest nest(*this);
  const std::uint32_t begin = object->span.begin;
  if (too_deep()) return broken(begin);
  const bool optional = is(Tok::QuestionBracket);
  const Span open{file_, tok_.end - 1, tok_.end};
  Expr* parts[3] = {nullptr, nullptr, nullptr};
  int colons = 0;
  {
    const Restore restore(ctx_);
    ctx_.ignore_newlines = true;
    ctx_.no_brace = ctx_.no_at = false;
    advance();
    if (is(Tok::RightBracket)) expected_expression();
    while (!is(Tok::RightBracket) && !panic_) {
      if (is(Tok::Colon) && colons < 2) {
        ++colons;
        advance();
      } else if (parts[colons] == nullptr) {
        parts[colons] = expression();
      } else {
        break;
      }
    }
    expect_close(Tok::RightBracket, open);
  }
  if (colons > 0) return make<SliceExpr>(span_from(begin), object, parts[0], parts[1], parts[2]);
  if (parts[0] == nullptr) parts[0] = broken(begin);
  return make<IndexExpr>(span_from(begin), object, parts[0], optional);
}

Expr* Parser::call(Expr* callee, bool optional) {
  const Nest nest(*this);
  const std::uint32_t begin = callee->span.begin;
  if (too_deep()) return broken(begin);
  auto* out = make<CallExpr>(span_from(begin), callee);
  out->optional = optional;
  out->arguments = arguments();
  out->span = span_from(begin);
  return out;
}

std::vector<Argument> Parser::arguments() {
  std::vector<Argument> out;
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  advance();
  bool named = false;
  while (!is(Tok::RightParen) && !is(Tok::End)) {
    Argument argument{};
    const std::uint32_t begin = tok_.begin;
    if (is(Tok::Name) && peek_token().kind == Tok::Colon) {
      argument.name = word();
      named = true;
      advance();
      advance();
      argument.value = expression();
    } else if (accept(Tok::Ellipsis)) {
      Expr* operand = expression();
      argument.value = make<SpreadExpr>(span_from(begin), operand);
    } else {
      argument.value = expression();
      if (named && !panic_) note_error(Code::E0212, argument.value->span, {});
    }
    out.push_back(argument);
    if (panic_ || !accept(Tok::Comma)) break;
  }
  expect_close(Tok::RightParen, open);
  return out;
}

// e @ when: [-] INT, TEXT, NAME or ( expr ) (L 14.10).
Expr* Parser::time_travel(Expr* value) {
  const Span word = span();
  const std::uint32_t begin = value->span.begin;
  advance();
  Expr* when;
  if (is(Tok::Minus))
    when = negated(tok_.begin);
  else if (is(Tok::Int) || is(Tok::Text) || is(Tok::TextStart) || is(Tok::Name) ||
           is(Tok::LeftParen))
    when = operand();
  else
    when = expected_expression();
  auto* out = make<FormExpr>(span_from(begin), "time_travel", word);
  out->operands = {value, when};
  return out;
}

// ---- Lambdas ----

// Whether `x =>` or `( parameters ) =>` stands here. Looks no further than a list of parameters
// goes.
bool Parser::lambda_starts() {
  if (is(Tok::Name)) {
    std::uint32_t at = tok_.end;
    while (is_blank(lex_.peek(at))) ++at;
    return lex_.starts_with(at, "=>");
  }
  if (!is(Tok::LeftParen)) return false;
  std::uint32_t at = lex_.skip_space(tok_.end);
  while (lex_.peek(at) != ')') {
    const char c = lex_.peek(at);
    if (c == '[' || c == '{') {
      at = lex_.behind_bracket(at, 0);
    } else {
      const std::uint32_t end = static_cast<std::uint32_t>(name_end(source_.text(), at));
      if (end == at) return false;
      at = end;
    }
    if (at == 0) return false;
    at = lex_.skip_space(at);
    const char next = lex_.peek(at);
    if (next == ':') return true;
    if (next == '=') return lex_.peek(at + 1) != '=' && lex_.peek(at + 1) != '>';
    if (next != ',' && next != ')') return false;
    if (next == ',') at = lex_.skip_space(at + 1);
  }
  at = lex_.skip_space(at + 1);
  return lex_.starts_with(at, "=>");
}

Expr* Parser::lambda() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  auto* out = make<LambdaExpr>(span(), nullptr);
  if (is(Tok::LeftParen)) {
    out->params = params();
  } else {
    Param only;
    only.name = word();
    out->params.push_back(only);
    advance();
  }
  expect(Tok::FatArrow);
  out->body = panic_ ? make<Block>() : lambda_body();
  out->span = span_from(begin);
  return out;
}

Block* Parser::lambda_body() {
  const Restore restore(ctx_);
  ctx_.in_function = true;
  ctx_.in_loop = ctx_.root = ctx_.declarations = ctx_.in_template = false;
  ctx_.first_label = labels_.size();
  if (is(Tok::LeftBrace) && template_word().empty() && !map_starts()) return block("=>");
  const bool was_no_brace = ctx_.no_brace;
  if (is(Tok::LeftBrace)) ctx_.no_brace = false;
  const std::uint32_t begin = tok_.begin;
  Expr* value = expression();
  ctx_.no_brace = was_no_brace;
  return block_of(after_expression(value, begin));
}

}  // namespace flin::syntax
