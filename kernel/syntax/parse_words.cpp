// Operands that begin with a name: variables, entity literals and soft keywords (L 2.11).
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

bool time_word(Name name, TimeWord& word) {
  struct Row {
    Name name;
    TimeWord word;
  };
  static constexpr Row kRows[] = {{"now", TimeWord::kNow},
                                  {"today", TimeWord::kToday},
                                  {"yesterday", TimeWord::kYesterday},
                                  {"tomorrow", TimeWord::kTomorrow},
                                  {"last_week", TimeWord::kLastWeek},
                                  {"last_month", TimeWord::kLastMonth},
                                  {"last_year", TimeWord::kLastYear}};
  for (const Row& row : kRows)
    if (row.name == name) {
      word = row.word;
      return true;
    }
  return false;
}

}  // namespace

Expr* Parser::name_operand() {
  Expr* soft = soft_operand();
  if (soft != nullptr) return soft;
  const Word name = word();
  advance();
  TimeWord time;
  if (time_word(name.text, time) && !is(Tok::LeftParen)) return make<TimeWordExpr>(name.span, time);
  const bool literal = is(Tok::LeftBrace) && !line_ends() && !tok_.newline_before && !ctx_.no_brace;
  if (literal && is_type_name(name.text)) return entity_literal(name);
  return make<NameExpr>(name.span, name.text);
}

// An operand that a soft keyword begins; null if the word is an ordinary name here.
Expr* Parser::soft_operand() {
  const Name name = tok_.value;
  const bool blocks = name == "background" || name == "transaction" || name == "system" ||
                      name == "response" || name == "try";
  const bool others = name == "spawn" || name == "new" || name == "ask" || name == "search";
  if (!blocks && !others) return nullptr;
  const Token next = peek_token();
  if (next.newline_before) return nullptr;
  if (blocks) return next.kind == Tok::LeftBrace && !ctx_.no_brace ? word_block(name) : nullptr;
  const bool type_named = next.kind == Tok::Name && is_type_name(next.value);
  const bool text = next.kind == Tok::Text || next.kind == Tok::TextStart;
  if (name == "spawn" && type_named) return spawn_expression();
  if (name == "new" && type_named) return new_expression();
  if (name == "ask" && text) return ask_expression();
  if (name == "search" && (text || next.kind == Tok::Name)) return search_expression();
  return nullptr;
}

Expr* Parser::word_block(Name form) {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<FormExpr>(span(), form, span());
  advance();
  if (form == "try") {
    Block* body = block("try");
    return make<UnaryExpr>(span_from(begin), UnaryOp::kTry, make<BlockExpr>(body->span, body));
  }
  if (form == "response")
    out->operands.push_back(map_literal());
  else
    out->body = unit({}, form);
  out->span = span_from(begin);
  return out;
}

// spawn Agent(args) as "name". Operands: the agent's name, the arguments, and last, if a name is
// given, the map { as: name }.
Expr* Parser::spawn_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<FormExpr>(span(), "spawn", span());
  advance();
  const Word agent = expect_name("an agent");
  out->operands.push_back(make<NameExpr>(agent.span, agent.text));
  if (is(Tok::LeftParen) && !line_ends())
    for (const Argument& argument : arguments()) out->operands.push_back(argument.value);
  if (!panic_ && is_word("as")) {
    const std::uint32_t as_begin = tok_.begin;
    advance();
    Expr* name = unary();
    auto* named = make<MapExpr>(span_from(as_begin));
    named->entries.push_back({make<TextExpr>(name->span, "as"), name});
    out->operands.push_back(named);
  }
  out->span = span_from(begin);
  return out;
}

// new X(..): a browser object; operands are the name and the arguments.
Expr* Parser::new_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<FormExpr>(span(), "new", span());
  advance();
  out->operands.push_back(make<NameExpr>(span(), tok_.value));
  advance();
  if (is(Tok::LeftParen)) {
    for (const Argument& argument : arguments()) out->operands.push_back(argument.value);
  } else {
    unexpected("'('");
  }
  out->span = span_from(begin);
  return out;
}

Expr* Parser::ask_expression() {
  const std::uint32_t begin = tok_.begin;
  auto* out = make<FormExpr>(span(), "ask", span());
  advance();
  out->operands.push_back(text());
  if (!panic_ && is_word("with")) {
    advance();
    if (!accept_word("context")) unexpected("'context'");
    if (!accept_word("from")) unexpected("'from'");
    const Word entity = expect_name("an entity");
    out->operands.push_back(make<NameExpr>(entity.span, entity.text));
  }
  out->span = span_from(begin);
  return out;
}

Expr* Parser::search_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<FormExpr>(span(), "search", span());
  advance();
  out->operands.push_back(binary(10));  // stops at `in`
  expect(Tok::In);
  const Word entity = expect_name("an entity");
  out->operands.push_back(make<NameExpr>(entity.span, entity.text));
  if (!accept_word("by")) unexpected("'by'");
  const Word field = expect_name("a field");
  out->operands.push_back(make<TextExpr>(field.span, field.text));
  if (!panic_ && accept_word("limit")) out->operands.push_back(binary(10));
  out->span = span_from(begin);
  return out;
}

}  // namespace flin::syntax
