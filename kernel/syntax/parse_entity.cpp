// Entities with their validators and rules (L 14.1, 14.2, 14.9), and enums (L 7.4).
#include "syntax/parser_impl.h"

namespace flin::syntax {

Stmt* Parser::entity_statement() {
  const Nest nest(*this);
  const Span at = span();
  auto* out = make<EntityStmt>(at);
  advance();
  out->name = expect_name("a name");
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = false;
  if (!expect(Tok::LeftBrace)) return misplaced(out, "entity", at);
  while (!is(Tok::RightBrace) && !is(Tok::End)) {
    const std::uint32_t begin = tok_.begin;
    const bool is_rule = is_word("allow") && peek_token().kind == Tok::Name;
    if (is_rule)
      out->rules.push_back(rule());
    else
      out->fields.push_back(field());
    if (!panic_ && !accept(Tok::Comma) && !accept(Tok::Semicolon) && !is(Tok::RightBrace) &&
        !line_ends())
      unexpected("',' or a new line");
    if (panic_) {
      skip_statement();
      panic_ = false;
      accept(Tok::Semicolon);
      if (!is(Tok::RightBrace)) force_progress(begin);
    }
  }
  expect_close(Tok::RightBrace, open);
  out->span = span_from(at.begin);
  return misplaced(out, "entity", at);
}

FieldNode Parser::field() {
  FieldNode out;
  out.name = expect_name("a field");
  if (panic_) return out;
  expect(Tok::Colon);
  if (!panic_) out.type = type();
  validators(out);
  if (!panic_ && accept(Tok::Assign)) {
    const Restore restore(ctx_);
    ctx_.no_at = true;
    out.fallback = expression();
  }
  validators(out);
  return out;
}

void Parser::validators(FieldNode& field) {
  while (!panic_ && is(Tok::At)) {
    advance();
    ValidatorNode validator;
    validator.name = expect_name("a validator");
    if (is(Tok::LeftParen) && !line_ends()) {
      const Restore restore(ctx_);
      ctx_.no_at = false;
      for (const Argument& argument : arguments()) validator.arguments.push_back(argument.value);
    }
    field.validators.push_back(validator);
  }
}

RuleNode Parser::rule() {
  RuleNode out;
  const std::uint32_t begin = tok_.begin;
  advance();
  do out.operations.push_back(expect_name("read, create, update or delete"));
  while (accept(Tok::Comma));
  if (!accept_word("when")) unexpected("'when'");
  out.condition = panic_ ? broken(begin) : expression();
  out.span = span_from(begin);
  return out;
}

Stmt* Parser::enum_statement() {
  const Nest nest(*this);
  const Span at = span();
  auto* out = make<EnumStmt>(at);
  advance();
  out->name = expect_name("a name");
  out->generics = generics();
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  if (!expect(Tok::LeftBrace)) return misplaced(out, "enum", at);
  while (!is(Tok::RightBrace) && !is(Tok::End) && !panic_) {
    VariantNode variant;
    variant.name = expect_name("a variant");
    if (panic_) break;
    if (is(Tok::LeftParen)) {
      const Span payload = span();
      advance();
      do variant.payload.push_back(type());
      while (accept(Tok::Comma) && !is(Tok::RightParen));
      expect_close(Tok::RightParen, payload);
    }
    out->variants.push_back(variant);
    if (!accept(Tok::Comma) && !accept(Tok::Semicolon) && !is(Tok::RightBrace) &&
        !tok_.newline_before)
      unexpected("',' or a new line");
  }
  expect_close(Tok::RightBrace, open);
  out->span = span_from(at.begin);
  return misplaced(out, "enum", at);
}

}  // namespace flin::syntax
