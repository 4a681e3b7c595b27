// Declarations about types (trait, impl, type) and about the program itself (test, expect_error).
#include "syntax/parser_impl.h"

namespace flin::syntax {

// ---- Traits (L 7.8) and names of types (L 7.6) ----

// fn name params ["->" type] [block]: the body may be missing in a trait.
FunctionStmt* Parser::method(bool needs_body) {
  const Nest nest(*this);
  auto* out = make<FunctionStmt>(span());
  const std::uint32_t begin = tok_.begin;
  out->documentation = documentation(tok_);
  advance();
  out->name = expect_name("a name");
  out->generics = generics(&out->bounds);
  out->params = params();
  if (accept(Tok::Arrow)) out->result = type();
  where_bounds(out->bounds);
  const bool has_body = needs_body || (is(Tok::LeftBrace) && !line_ends());
  if (has_body && !panic_) out->body = function_body("fn");
  if (needs_body && out->body == nullptr) out->body = make<Block>();
  out->span = span_from(begin);
  return out;
}

void Parser::methods(std::vector<FunctionStmt*>& out, bool need_bodies) {
  const Span open = span();
  const Restore restore(ctx_);
  ctx_ = Context();
  if (!expect(Tok::LeftBrace)) return;
  while (!is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Semicolon)) continue;
    const std::uint32_t item = tok_.begin;
    if (is(Tok::Fn) || is(Tok::Function))
      out.push_back(method(need_bodies));
    else
      unexpected("'fn'");
    end_statement();
    if (!is(Tok::RightBrace)) force_progress(item);
  }
  expect_close(Tok::RightBrace, open);
}

Stmt* Parser::trait_statement() {
  const Nest nest(*this);
  auto* out = make<TraitStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->name = expect_name("a name");
  if (!panic_) methods(out->methods, false);
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::impl_statement() {
  const Nest nest(*this);
  auto* out = make<ImplStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->trait = expect_name("a name");
  expect(Tok::For);
  if (!panic_) out->type = type();
  if (!panic_) methods(out->methods, true);
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::type_statement() {
  auto* out = make<TypeAliasStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->name = expect_name("a name");
  out->generics = generics();
  expect(Tok::Assign);
  if (!panic_) out->type = type();
  out->span = span_from(begin);
  return out;
}

// ---- Tests (L 18.1) ----

Stmt* Parser::test_statement() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  advance();
  const Name name = tok_.value;
  auto* function = make<FunctionStmt>(span());
  function->name = {arena_.text("test \"" + std::string(name) + "\""), span()};
  advance();
  function->body = function_body("test");
  if (function->body == nullptr) function->body = make<Block>();
  function->span = span_from(begin);
  return make<TestStmt>(function->span, function, name);
}

// fail("..{..}..", "R0015"): what a failed assert raises.
Expr* Parser::call_fail(Span at, std::vector<Expr*> message) {
  auto* text = make<InterpolationExpr>(at);
  text->parts = std::move(message);
  auto* call = make<CallExpr>(at, make<NameExpr>(at, "fail"));
  call->arguments.push_back({{}, text});
  call->arguments.push_back({{}, make<TextExpr>(at, "R0015")});
  return call;
}

// expect_error "R0101" { .. } is written out:
//   { let failed = false
//     try { .. } catch e { failed = true; if e.code != "R0101" { fail(..) } }
//     if !failed { fail(..) } }
// Its two names hold a blank, so no program can mean them.
Stmt* Parser::expect_error_statement() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  const Span at = span();
  advance();
  const bool has_code = is(Tok::Text);
  const Name code = has_code ? tok_.value : Name();
  if (has_code) advance();
  Block* body = block("expect_error");
  const auto failed = [&] { return make<NameExpr>(at, "has failed"); };
  const auto error = [&](Name member) {
    return make<MemberExpr>(at, make<NameExpr>(at, "the error"), Word{member, at}, false);
  };
  auto* start = make<AssignStmt>(at, failed(), make<BoolExpr>(at, false));
  start->declare = Declare::kLet;
  auto* caught = block_of(make<AssignStmt>(at, failed(), make<BoolExpr>(at, true)));
  if (has_code) {
    auto* differs = make<IfExpr>(at);
    auto* test = make<BinaryExpr>(at, BinaryOp::kNe, error("code"), make<TextExpr>(at, code), at);
    Expr* fail = call_fail(
        at,
        {make<TextExpr>(at, arena_.text("expected " + std::string(code) + ", but it failed with ")),
         error("code"), make<TextExpr>(at, ": "), error("message")});
    differs->branches.push_back({{nullptr, test}, block_of(expression_statement(fail))});
    caught->statements.push_back(expression_statement(differs));
  }
  auto* attempt = make<TryStmt>(at, body, Word{"the error", at}, caught);
  auto* passed = make<IfExpr>(at);
  passed->branches.push_back(
      {{nullptr, make<UnaryExpr>(at, UnaryOp::kNot, failed())},
       block_of(expression_statement(call_fail(
           at, {make<TextExpr>(at, has_code ? arena_.text("expected " + std::string(code) +
                                                          ", but nothing failed")
                                            : Name("expected an error, but nothing failed"))})))});
  Block* all = block_of(start);
  all->statements.push_back(attempt);
  all->statements.push_back(expression_statement(passed));
  auto* out = make<BlockExpr>(span_from(begin), all);
  return expression_statement(out);
}

}  // namespace flin::syntax
