// Patterns (L 7.2) and types as written (L 3.1).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

Pattern* Parser::new_pattern(PatternKind kind, std::uint32_t begin) {
  auto* out = make<Pattern>();
  out->kind = kind;
  out->span = span_from(begin);
  return out;
}

Pattern* Parser::pattern() {
  const std::uint32_t begin = tok_.begin;
  Pattern* first = single_pattern();
  if (!is(Tok::Pipe) || panic_) return first;
  Pattern* out = new_pattern(PatternKind::kAlternatives, begin);
  out->items.push_back(first);
  while (!panic_ && accept(Tok::Pipe)) out->items.push_back(single_pattern());
  out->span = span_from(begin);
  return out;
}

Pattern* Parser::single_pattern() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return new_pattern(PatternKind::kWildcard, begin);
  switch (tok_.kind) {
    case Tok::Name: return name_pattern();
    case Tok::LeftBracket: return list_pattern();
    case Tok::LeftBrace: return map_pattern();
    case Tok::LeftParen: return paren_pattern();
    case Tok::Is: {
      advance();
      Pattern* out = new_pattern(PatternKind::kType, begin);
      out->type_node = optional_type();
      if (accept_word("as")) out->name = expect_name("a name");
      out->span = span_from(begin);
      return out;
    }
    case Tok::Minus:
    case Tok::Int:
    case Tok::Number:
    case Tok::Money:
    case Tok::Text:
    case Tok::TextStart:
    case Tok::Slash:
    case Tok::True:
    case Tok::False:
    case Tok::None:
    case Tok::Nil:
    case Tok::Null: return literal_pattern();
    default: break;
  }
  if (is_keyword(tok_.kind)) {
    const Word name = expect_name("a pattern");
    Pattern* out = new_pattern(PatternKind::kName, begin);
    out->name = name;
    return out;
  }
  unexpected("a pattern");
  return new_pattern(PatternKind::kWildcard, begin);
}

// _, a name that binds, Variant, Enum.Variant, Variant(..), or a value: a.b, f(x).
Pattern* Parser::name_pattern() {
  const std::uint32_t begin = tok_.begin;
  const Word first = word();
  const Token next = peek_token();
  const bool dot = next.kind == Tok::Dot,
             paren = next.kind == Tok::LeftParen && !next.newline_before;
  if (!is_type_name(first.text)) {
    if (dot || paren || (next.kind == Tok::LeftBracket && !next.newline_before)) {
      Expr* value = postfix(operand());
      Pattern* out = new_pattern(PatternKind::kValue, begin);
      out->value = value;
      return out;
    }
    advance();
    Pattern* out =
        new_pattern(first.text == "_" ? PatternKind::kWildcard : PatternKind::kName, begin);
    if (first.text != "_") out->name = first;
    return out;
  }
  advance();
  Pattern* out = new_pattern(PatternKind::kVariant, begin);
  out->name = first;
  if (dot) {
    advance();
    out->scope = first.text;
    out->name = expect_name("a variant");
  }
  if (is(Tok::LeftParen) && !line_ends()) {
    const Span open = span();
    const Restore restore(ctx_);
    ctx_.ignore_newlines = true;
    advance();
    while (!panic_ && !is(Tok::RightParen) && !is(Tok::End)) {
      out->items.push_back(pattern());
      if (!accept(Tok::Comma)) break;
    }
    expect_close(Tok::RightParen, open);
  }
  out->span = span_from(begin);
  return out;
}

Pattern* Parser::literal_pattern() {
  const std::uint32_t begin = tok_.begin;
  const auto value = [&]() -> Expr* { return is(Tok::Minus) ? negated(tok_.begin) : operand(); };
  Expr* start = value();
  const bool range = is(Tok::DotDot) || is(Tok::DotDotLess);
  const bool computed = start->kind == ExprKind::kInterpolation;
  Pattern* out = new_pattern(range      ? PatternKind::kRange
                             : computed ? PatternKind::kValue
                                        : PatternKind::kLiteral,
                             begin);
  out->value = start;
  if (range) {
    out->exclusive = is(Tok::DotDotLess);
    advance();
    if (is(Tok::Minus) || is(Tok::Int))
      out->end = value();
    else
      out->end = expected_expression();
  }
  out->span = span_from(begin);
  return out;
}

Pattern* Parser::list_pattern() {
  const std::uint32_t begin = tok_.begin;
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  advance();
  Pattern* out = new_pattern(PatternKind::kList, begin);
  while (!panic_ && !is(Tok::RightBracket) && !is(Tok::End)) {
    if (accept(Tok::Ellipsis)) {
      out->has_rest = true;
      out->name = expect_name("a name");
      break;
    }
    out->items.push_back(pattern());
    if (!accept(Tok::Comma)) break;
  }
  expect_close(Tok::RightBracket, open);
  out->span = span_from(begin);
  return out;
}

// (p, q) is a tuple; (e) is compared with.
Pattern* Parser::paren_pattern() {
  const std::uint32_t begin = tok_.begin;
  const Span open = span();
  bool tuple = false;
  const std::uint32_t behind = lex_.behind_bracket(begin, 0);
  int depth = 0;
  for (std::uint32_t at = begin; at < behind && !tuple; ++at) {
    const char c = lex_.peek(at);
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    tuple = c == ',' && depth == 1;
  }
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = false;
  advance();
  Pattern* out = new_pattern(tuple ? PatternKind::kTuple : PatternKind::kValue, begin);
  if (tuple) {
    do out->items.push_back(pattern());
    while (!panic_ && accept(Tok::Comma) && !is(Tok::RightParen));
  } else {
    out->value = expression();
  }
  expect_close(Tok::RightParen, open);
  out->span = span_from(begin);
  return out;
}

Pattern* Parser::map_pattern() {
  const std::uint32_t begin = tok_.begin;
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = false;
  advance();
  Pattern* out = new_pattern(PatternKind::kMap, begin);
  while (!panic_ && !is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Ellipsis)) {
      out->has_rest = true;
      out->name = expect_name("a name");
      break;
    }
    MapPatternItem item{};
    const std::uint32_t item_begin = tok_.begin;
    item.key = expect_name("a name");
    if (accept(Tok::Colon)) {
      item.pattern = pattern();
    } else {
      item.pattern = new_pattern(PatternKind::kName, item_begin);
      item.pattern->name = item.key;
    }
    if (!panic_ && accept(Tok::Assign)) item.fallback = expression();
    out->entries.push_back(item);
    if (!accept(Tok::Comma)) break;
  }
  expect_close(Tok::RightBrace, open);
  out->span = span_from(begin);
  return out;
}

// ---- Types ----

TypeNode* Parser::new_type(TypeKind kind, std::uint32_t begin) {
  auto* out = make<TypeNode>();
  out->kind = kind;
  out->span = span_from(begin);
  return out;
}

TypeNode* Parser::type() {
  const std::uint32_t begin = tok_.begin;
  TypeNode* first = optional_type();
  if (!is(Tok::Pipe) || panic_) return first;
  TypeNode* out = new_type(TypeKind::kUnion, begin);
  out->items.push_back(first);
  while (!panic_ && accept(Tok::Pipe)) out->items.push_back(optional_type());
  out->span = span_from(begin);
  return out;
}

TypeNode* Parser::optional_type() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return new_type(TypeKind::kNone, begin);
  TypeNode* out = base_type();
  for (int marks = 0; is(Tok::Question) && !panic_ && !line_ends() && marks < 8; ++marks) {
    advance();
    TypeNode* optional = new_type(TypeKind::kOptional, begin);
    optional->items.push_back(out);
    out = optional;
  }
  return out;
}

TypeNode* Parser::base_type() {
  const std::uint32_t begin = tok_.begin;
  if (is(Tok::None) || is(Tok::Nil) || is(Tok::Null)) {
    advance();
    return new_type(TypeKind::kNone, begin);
  }
  if (is(Tok::LeftParen)) return paren_type();
  if (is(Tok::LeftBracket)) {
    const Span open = span();
    const Restore restore(ctx_);
    ctx_.ignore_newlines = true;
    advance();
    TypeNode* out = new_type(TypeKind::kList, begin);
    out->items.push_back(type());
    if (!panic_ && accept(Tok::Colon)) {
      out->kind = TypeKind::kMap;
      out->items.push_back(type());
    }
    expect_close(Tok::RightBracket, open);
    out->span = span_from(begin);
    return out;
  }
  const bool wrapped = is_word("semantic") && peek_token().kind == Tok::Name;
  TypeNode* out = new_type(TypeKind::kName, begin);
  out->name = expect_name("a type").text;
  if (wrapped) {
    out->items.push_back(base_type());
  } else if (is(Tok::Less) && !panic_ && is_type_name(out->name) && !line_ends()) {
    advance();
    do out->items.push_back(type());
    while (!panic_ && accept(Tok::Comma));
    expect(Tok::Greater);
  }
  out->span = span_from(begin);
  return out;
}

// (T, U), (T) -> U, or (T).
TypeNode* Parser::paren_type() {
  const std::uint32_t begin = tok_.begin;
  const Span open = span();
  TypeNode* out = new_type(TypeKind::kTuple, begin);
  {
    const Restore restore(ctx_);
    ctx_.ignore_newlines = true;
    advance();
    while (!panic_ && !is(Tok::RightParen) && !is(Tok::End)) {
      out->items.push_back(type());
      if (!accept(Tok::Comma)) break;
    }
    expect_close(Tok::RightParen, open);
  }
  if (!panic_ && accept(Tok::Arrow)) {
    out->kind = TypeKind::kFunction;
    out->items.push_back(optional_type());
  } else if (out->items.size() == 1) {
    return out->items[0];
  } else if (out->items.empty()) {
    unexpected("'->'");
  }
  out->span = span_from(begin);
  return out;
}

}  // namespace flin::syntax
