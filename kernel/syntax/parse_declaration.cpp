// Declarations whose meaning the kernel gives: functions, entities, enums, components, routes,
// hooks.
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

// The blanks inside the braces of `view { .. }` are none of the view's.
void drop_blank_edges(std::vector<Node*>& nodes) {
  const auto blank = [](const Node* node) {
    return node->kind == NodeKind::kText &&
           as<TextNode>(*node).html.find_first_not_of(" \t") == Name::npos;
  };
  if (!nodes.empty() && blank(nodes.back())) nodes.pop_back();
  if (!nodes.empty() && blank(nodes.front())) nodes.erase(nodes.begin());
}

}  // namespace

// A declaration that a soft keyword begins (L 2.11). False if the word is an ordinary name here.
bool Parser::declaration_word(Stmt*& out) {
  const Token next = peek_token();
  const Name name = tok_.value;
  const Span at = span();
  const bool same_line = !next.newline_before;
  const bool brace = next.kind == Tok::LeftBrace && same_line;
  const bool text = next.kind == Tok::Text && same_line;
  const bool named = next.kind == Tok::Name && same_line;
  const bool type_named = named && is_type_name(next.value);
  const auto top = [&](Stmt* made) {
    out = misplaced(made, name, at);
    return true;
  };
  const auto anywhere = [&](Stmt* made) {
    out = made;
    return true;
  };
  const bool hook =
      name == "onMount" || name == "onUnmount" || name == "onDestroy" || name == "onUpdate";
  if (hook) {
    const Hook kind = name == "onMount"    ? Hook::kMount
                      : name == "onUpdate" ? Hook::kUpdate
                                           : Hook::kUnmount;
    if (next.kind == Tok::Assign) return top(hook_assignment(kind));
    if (brace || (kind == Hook::kUpdate && next.kind == Tok::LeftParen))
      return top(hook_statement(kind));
    return false;
  }
  if (name == kAsyncWord || name == "client" || name == "server") {
    const bool fn = next.kind == Tok::Fn || next.kind == Tok::Function;
    const bool more =
        named && (next.value == kAsyncWord || next.value == "client" || next.value == "server");
    return (fn || more) && same_line ? anywhere(function_prefix()) : false;
  }
  if (name == "component" && type_named) return top(component_statement());
  if (name == "agent" && type_named) return top(agent_statement());
  if (name == "trait" && type_named) return top(trait_statement());
  if (name == "impl" && type_named) return top(impl_statement());
  if (name == "type" && type_named) return top(type_statement());
  if (name == "route" && named) return top(route_statement());
  if (name == kWsWord && (text || brace)) return top(websocket_statement());
  if (name == "test" && text) return top(test_statement());
  if (name == "middleware" && brace) return top(middleware_statement());
  if (name == "view" && brace) return anywhere(view_statement());
  if (name == "layout" && (text || (same_line && next.kind == Tok::None)))
    return top(layout_statement());
  if (name == "guard" && named) return anywhere(guard_statement());
  if (name == "guards" && brace) return anywhere(guards_statement());
  if (name == "validate" && brace) return anywhere(validate_statement());
  if (name == "expect_error" && (brace || text)) return anywhere(expect_error_statement());
  if (name == "on" && named) return top(on_statement());
  const bool imports = name == "import" || name == "export";
  if (imports && ctx_.declarations && same_line &&
      (named || text || brace || is_keyword(next.kind)))
    return anywhere(import_statement());
  return false;
}

// Declarations stand at the top level; elsewhere they are E0216 and left out.
Stmt* Parser::misplaced(Stmt* declaration, Name word, Span at) {
  if (ctx_.declarations || declaration == nullptr) return declaration;
  const bool hooks = declaration->kind == StmtKind::kHook;
  if (hooks && ctx_.root) return declaration;
  note_error(Code::E0216, at, {word});
  return nullptr;
}

// ---- Functions ----

// `server`, `client` and `async` in any order, then the function.
Stmt* Parser::function_prefix() {
  const std::uint32_t begin = tok_.begin;
  const Token first = tok_;
  bool server = false, client = false;
  while (is(Tok::Name)) {
    server |= tok_.value == "server";
    client |= tok_.value == "client";
    if (tok_.value != "server" && tok_.value != "client" && tok_.value != kAsyncWord) break;
    advance();
  }
  if (!is(Tok::Fn) && !is(Tok::Function)) {
    unexpected("'fn'");
    return nullptr;
  }
  tok_.documentation = first.documentation;
  return function_statement(server, client, begin);
}

Stmt* Parser::function_statement(bool server, bool client, std::uint32_t begin) {
  const Nest nest(*this);
  auto* out = make<FunctionStmt>(span());
  out->server = server;
  out->client = client;
  out->documentation = documentation(tok_);
  advance();
  out->name = expect_name("a name");
  out->generics = generics(&out->bounds);
  out->params = params();
  if (accept(Tok::Arrow)) out->result = type();
  where_bounds(out->bounds);
  if (panic_ && !is(Tok::LeftBrace)) {
    out->body = make<Block>();
  } else {
    panic_ = false;
    out->body = function_body("fn");
  }
  out->span = span_from(begin);
  return out;
}

// The text of the `///` lines above a token, without the slashes and one blank behind them.
std::string_view Parser::documentation(const Token& token) {
  if (token.documentation == 0) return {};
  std::string out;
  std::string_view rest =
      source_.text().substr(token.documentation - 1, token.begin - token.documentation + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    const std::size_t mark = line.find("///");
    if (mark != line.npos) {
      line.remove_prefix(mark + 3);
      if (!line.empty() && line[0] == ' ') line.remove_prefix(1);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (!out.empty()) out += '\n';
      out += line;
    }
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  return arena_.text(out);
}

// generics = "<" bound { "," bound } ">"
std::vector<Word> Parser::generics(std::vector<TypeBound>* bounds) {
  std::vector<Word> out;
  if (!is(Tok::Less) || panic_) return out;
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  advance();
  while (is(Tok::Name)) {
    out.push_back(word());
    advance();
    if (is(Tok::Colon)) {
      const TypeBound bound = type_bound(out.back());
      if (bounds != nullptr) bounds->push_back(bound);
    }
    if (!accept(Tok::Comma)) break;
  }
  expect(Tok::Greater);
  return out;
}

// What stands behind the name of a type parameter: ": Show + Named".
TypeBound Parser::type_bound(Word parameter) {
  TypeBound out{parameter, {}};
  expect(Tok::Colon);
  do out.traits.push_back(expect_name("a name of a trait"));
  while (accept(Tok::Plus));
  return out;
}

void Parser::where_bounds(std::vector<TypeBound>& bounds) {
  if (!accept_word("where")) return;
  do bounds.push_back(type_bound(expect_name("a name")));
  while (accept(Tok::Comma));
}

std::vector<Param> Parser::params() {
  std::vector<Param> out;
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  if (!expect(Tok::LeftParen)) return out;
  while (!is(Tok::RightParen) && !is(Tok::End) && !panic_) {
    out.push_back(param());
    if (!accept(Tok::Comma)) break;
  }
  expect_close(Tok::RightParen, open);
  return out;
}

Param Parser::param() {
  Param out;
  if (is(Tok::LeftBracket))
    out.pattern = list_pattern();
  else if (is(Tok::LeftBrace))
    out.pattern = map_pattern();
  else
    out.name = expect_name("a parameter");
  if (accept(Tok::Colon)) out.type = type();
  if (accept(Tok::Assign)) out.fallback = expression();
  return out;
}

// ---- Components, routes, hooks ----

Stmt* Parser::component_statement() {
  const Nest nest(*this);
  auto* out = make<ComponentStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->name = expect_name("a name");
  if (is(Tok::LeftParen)) {
    out->has_params = true;
    out->params = params();
  }
  const Restore restore(ctx_);
  ctx_.root = ctx_.component = true;
  ctx_.declarations = ctx_.in_function = ctx_.in_loop = false;
  ctx_.first_label = labels_.size();
  out->body = block("component");
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::props_statement() {
  auto* out = make<PropsStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->params = params();
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::route_statement() {
  const Nest nest(*this);
  auto* out = make<RouteStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  out->method = expect_name("a method");
  if (is(Tok::Text)) {
    out->path = {tok_.value, span()};
    advance();
  }
  out->body = function_body("route");
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::hook_statement(Hook hook) {
  const Nest nest(*this);
  auto* out = make<HookStmt>(span(), hook);
  const std::uint32_t begin = tok_.begin;
  const Name name = tok_.value;
  advance();
  if (is(Tok::LeftParen)) {
    const Span open = span();
    const Restore restore(ctx_);
    ctx_.ignore_newlines = true;
    advance();
    while (is(Tok::Name)) {
      out->names.push_back(word());
      advance();
      if (!accept(Tok::Comma)) break;
    }
    expect_close(Tok::RightParen, open);
  }
  out->body = function_body(name);
  out->span = span_from(begin);
  return out;
}

// `onMount = () => { .. }` means the same as `onMount { .. }` (L 8.5); another value is called.
Stmt* Parser::hook_assignment(Hook hook) {
  auto* out = make<HookStmt>(span(), hook);
  const std::uint32_t begin = tok_.begin;
  advance();
  advance();
  Expr* value = expression();
  if (value->kind == ExprKind::kLambda) {
    out->body = as<LambdaExpr>(*value).body;
  } else {
    out->body = block_of(expression_statement(make<CallExpr>(value->span, value)));
  }
  out->span = span_from(begin);
  return out;
}

// on start, on stop; on topic and on change are not supported yet. Others belong into agents and
// ws.
Stmt* Parser::on_statement() {
  const Nest nest(*this);
  const Token what = peek_token();
  if (what.value == "topic" || what.value == "change") return topic_statement();
  if (what.value != "start" && what.value != "stop") {
    advance();
    unexpected("start, stop, topic or change");
    return nullptr;
  }
  const std::uint32_t begin = tok_.begin;
  auto* out = make<HookStmt>(span(), what.value == "start" ? Hook::kStart : Hook::kStop);
  advance();
  advance();
  out->body = function_body(what.value == "start" ? "on start" : "on stop");
  out->span = span_from(begin);
  return out;
}

Stmt* Parser::view_statement() {
  const Nest nest(*this);
  auto* out = make<ViewStmt>(span());
  const std::uint32_t begin = tok_.begin;
  advance();
  const Span open = span();
  lex_.seek(tok_.end);
  nodes(out->nodes, true);
  if (last_view_token_.kind != Tok::RightBrace) {
    tok_ = last_view_token_;
    report_not_closed("{", open);
    panic_ = false;
  }
  seek_code(lex_.offset());
  drop_blank_edges(out->nodes);
  out->span = span_from(begin);
  return out;
}

}  // namespace flin::syntax
