// Constructs that plugins give a meaning (forms.def, kind decl) and those that this version reads
// but does not support: they are parsed whole, so that one message is all they cause.
#include "syntax/parser_impl.h"

namespace flin::syntax {

LambdaExpr* Parser::unit(std::vector<Param> params, std::string_view of) {
  const std::uint32_t begin = tok_.begin;
  auto* out = make<LambdaExpr>(span(), nullptr);
  out->params = std::move(params);
  out->body = function_body(of);
  out->span = span_from(begin);
  return out;
}

// ---- Agents (L 13). Operands: the name, then the registered name; bodies: its handlers ----

Stmt* Parser::agent_statement() {
  const Nest nest(*this);
  auto* out = make<DeclFormStmt>(span(), "agent");
  const std::uint32_t begin = tok_.begin;
  advance();
  out->operands.push_back(make<TextExpr>(span(), tok_.value));
  advance();
  if (is(Tok::LeftParen)) params();
  if (accept_word("as")) {
    if (is(Tok::Text)) out->operands.push_back(make<TextExpr>(span(), tok_.value));
    expect(Tok::Text);
  }
  const Span open = span();
  const Restore restore(ctx_);
  ctx_ = Context();
  if (!expect(Tok::LeftBrace)) return out;
  while (!is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Semicolon)) continue;
    const std::uint32_t item = tok_.begin;
    agent_item(*out);
    end_statement();
    if (!is(Tok::RightBrace)) force_progress(item);
  }
  expect_close(Tok::RightBrace, open);
  out->span = span_from(begin);
  return out;
}

void Parser::agent_item(DeclFormStmt& agent) {
  const Token next = peek_token();
  const bool clause = (is_word("mailbox") || is_word("restart")) && next.kind == Tok::Colon;
  if (clause) return agent_clause();
  if (is(Tok::Fn) || is(Tok::Function)) {
    function_statement(false, false, tok_.begin);
    return;
  }
  if (is_word("every") && !next.newline_before && starts_operand(next)) {
    advance();
    condition_expression();
    agent.bodies.push_back(unit({}, "every"));
    return;
  }
  if (is_word("on") && next.kind == Tok::Name) {
    advance();
    const Name what = tok_.value;
    advance();
    if (what == "topic") expect(Tok::Text);
    if (what == "change") expect_name("an entity");
    std::vector<Param> parameters;
    if (is(Tok::LeftParen)) parameters = params();
    if (accept(Tok::Arrow)) type();
    agent.bodies.push_back(unit(std::move(parameters), "on"));
    return;
  }
  statement();  // a state variable
}

// mailbox: 1000, overflow: reject    restart: on_error, max 3 in 5.seconds
void Parser::agent_clause() {
  const bool mailbox = is_word("mailbox");
  advance();
  advance();
  if (mailbox) {
    expect(Tok::Int);
    if (!accept(Tok::Comma)) return;
    if (!accept_word("overflow")) unexpected("'overflow'");
    expect(Tok::Colon);
    expect_name("a policy");
    if (is(Tok::LeftParen)) arguments();
    return;
  }
  expect_name("always, on_error or never");
  if (!accept(Tok::Comma)) return;
  if (!accept_word("max")) unexpected("'max'");
  expect(Tok::Int);
  expect(Tok::In);
  if (!panic_) expression();
}

// ---- Web (L 15.5, 16) ----

// Operands: the path, if given. Bodies: connect, message, close; null for one that is left out.
Stmt* Parser::websocket_statement() {
  const Nest nest(*this);
  auto* out = make<DeclFormStmt>(span(), kWsWord);
  const std::uint32_t begin = tok_.begin;
  advance();
  if (is(Tok::Text)) {
    out->operands.push_back(make<TextExpr>(span(), tok_.value));
    advance();
  }
  out->is_socket = true;
  out->bodies.assign(3, nullptr);
  const Span open = span();
  const Restore restore(ctx_);
  ctx_ = Context();
  if (!expect(Tok::LeftBrace)) return out;
  while (!is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Semicolon)) continue;
    const std::uint32_t item = tok_.begin;
    if (is_word("guard")) {
      out->guards.push_back(static_cast<DeclFormStmt*>(guard_statement()));
    } else if (is_word("guards")) {
      out->guards.push_back(static_cast<DeclFormStmt*>(guards_statement()));
    } else if (accept_word("on")) {
      const std::size_t which = is_word("connect")   ? 0
                                : is_word("message") ? 1
                                : is_word("close")   ? 2
                                                     : 3;
      if (which == 3)
        unexpected("connect, message or close");
      else
        advance();
      std::vector<Param> parameters;
      if (is(Tok::LeftParen)) parameters = params();
      LambdaExpr* body = panic_ ? nullptr : unit(std::move(parameters), "on");
      if (which < 3) out->bodies[which] = body;
    } else {
      unexpected("'on' or 'guard'");
    }
    end_statement();
    if (!is(Tok::RightBrace)) force_progress(item);
  }
  expect_close(Tok::RightBrace, open);
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::middleware_statement() {
  const Nest nest(*this);
  auto* out = make<DeclFormStmt>(span(), "middleware");
  const std::uint32_t begin = tok_.begin;
  advance();
  out->bodies.push_back(unit({}, "middleware"));
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::layout_statement() {
  auto* out = make<DeclFormStmt>(span(), "layout");
  const std::uint32_t begin = tok_.begin;
  advance();
  if (is(Tok::Text))
    out->operands.push_back(make<TextExpr>(span(), tok_.value));
  else
    out->operands.push_back(make<NoneExpr>(span()));
  advance();
  out->span = span_from(begin);
  return out;
}

// guard role("admin") else redirect("/"): operands are the name and the arguments, the body is what
// stands behind else.
Stmt* Parser::guard_statement() {
  auto* out = make<DeclFormStmt>(span(), "guard");
  const std::uint32_t begin = tok_.begin;
  advance();
  out->operands.push_back(make<TextExpr>(span(), tok_.value));
  advance();
  if (is(Tok::LeftParen) && !line_ends())
    for (const Argument& argument : arguments()) out->operands.push_back(argument.value);
  if (!panic_ && accept(Tok::Else)) {
    Expr* instead = expression();
    auto* body = make<LambdaExpr>(instead->span, block_of(expression_statement(instead)));
    out->bodies.push_back(body);
  }
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::guards_statement() {
  auto* out = make<DeclFormStmt>(span(), "guards");
  const std::uint32_t begin = tok_.begin;
  advance();
  out->operands.push_back(map_literal());
  out->span = span_from(begin);
  return out;
}

// ---- Not supported yet ----

Stmt* Parser::topic_statement() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  advance();
  const bool topic = is_word("topic");
  advance();
  if (topic)
    expect(Tok::Text);
  else
    expect_name("an entity");
  std::vector<Param> parameters = panic_ ? std::vector<Param>() : params();
  if (!panic_) unit(std::move(parameters), topic ? "on topic" : "on change");
  return make<UnsupportedStmt>(span_from(begin), topic ? "on topic" : "on change");
}

Stmt* Parser::validate_statement() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  advance();
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = false;
  advance();
  while (!panic_ && !is(Tok::RightBrace) && !is(Tok::End)) {
    field();
    accept(Tok::Comma);
    accept(Tok::Semicolon);
  }
  expect_close(Tok::RightBrace, open);
  return make<UnsupportedStmt>(span_from(begin), "validate");
}

}  // namespace flin::syntax
