// Operands: literals, lists, maps, braces, markup (L 2.9).
#include "syntax/parser_impl.h"

namespace flin::syntax {

Expr* Parser::operand() {
  height_ = 1;
  if (tallest_ == 0) tallest_ = 1;
  const Token token = tok_;
  const Span at = span();
  const auto literal = [&](Expr* value) {
    advance();
    return value;
  };
  switch (tok_.kind) {
    case Tok::Int: return int_literal(false);
    case Tok::Number: return literal(make<NumberExpr>(at, token.number));
    case Tok::Money:
      return literal(make<MoneyExpr>(at, static_cast<std::int64_t>(token.integer), token.value));
    case Tok::Text:
    case Tok::TextStart: return text();
    case Tok::Slash:
    case Tok::SlashAssign: {
      tok_ = lex_.regex(tok_.begin);
      return literal(make<RegexExpr>(span(), tok_.value, tok_.flags));
    }
    case Tok::Name: return name_operand();
    case Tok::Label: return labelled_loop();
    case Tok::LeftParen: return parenthesised();
    case Tok::LeftBracket: return bracketed();
    case Tok::LeftBrace: return braces();
    case Tok::Less:
      if (markup_starts(tok_.begin)) return markup_expression();
      return expected_expression();
    default: break;
  }
  return is_keyword(tok_.kind) ? keyword_operand() : expected_expression();
}

Expr* Parser::keyword_operand() {
  const Span at = span();
  const auto literal = [&](Expr* value) {
    advance();
    return value;
  };
  switch (tok_.kind) {
    case Tok::True: return literal(make<BoolExpr>(at, true));
    case Tok::False: return literal(make<BoolExpr>(at, false));
    case Tok::None:
    case Tok::Nil:
    case Tok::Null: return literal(make<NoneExpr>(at));
    case Tok::If: return if_expression();
    case Tok::For: return for_expression({});
    case Tok::While: return while_expression({});
    case Tok::Match: return match_expression();
    case Tok::Fn:
    case Tok::Function: return function_expression();
    case Tok::Return:
    case Tok::Break:
    case Tok::Continue: {
      Stmt* jump = is(Tok::Return) ? return_statement() : jump_statement();
      return make<BlockExpr>(jump->span, block_of(jump));
    }
    default: return expected_expression();
  }
}

Expr* Parser::int_literal(bool) {
  const Token token = tok_;
  advance();
  if (token.integer > static_cast<std::uint64_t>(INT64_MAX)) {
    note_error(Code::E0104, {file_, token.begin, token.end}, {});
    return make<IntExpr>(Span{file_, token.begin, token.end}, 0);
  }
  return make<IntExpr>(Span{file_, token.begin, token.end},
                       static_cast<std::int64_t>(token.integer));
}

// ---- Texts ----

Expr* Parser::text() {
  const std::uint32_t begin = tok_.begin;
  if (is(Tok::Text)) {
    Expr* out = make<TextExpr>(span(), tok_.value);
    advance();
    return out;
  }
  const Nest nest(*this);
  auto* out = make<InterpolationExpr>(span());
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  const char quote = tok_.quote;
  for (;;) {
    if (!tok_.value.empty()) out->parts.push_back(make<TextExpr>(span(), tok_.value));
    if (!is(Tok::TextStart) && !is(Tok::TextMiddle)) break;
    const std::uint32_t brace = tok_.end - 1;
    advance();
    out->parts.push_back(is_too_deep() ? (too_deep(), broken(begin)) : expression());
    if (!is(Tok::RightBrace)) unexpected("'}'");
    std::uint32_t behind = tok_.end;
    if (panic_) {
      behind = lex_.behind_bracket(brace, 0);
      if (behind == 0) return out;
    }
    panic_ = false;
    prev_end_ = behind;
    lex_.seek(behind);
    tok_ = lex_.text_rest(quote);
  }
  advance();
  out->span = span_from(begin);
  return out;
}

// ---- Brackets ----

// ( expr ) or a tuple.
Expr* Parser::parenthesised() {
  const Nest nest(*this, false);
  const Span open = span();
  if (too_deep()) return broken(open.begin);
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  advance();
  Expr* first = expression();
  if (!is(Tok::Comma) || panic_) {
    expect_close(Tok::RightParen, open);
    parenthesised_ = first;
    return first;
  }
  auto* out = make<TupleExpr>(open);
  out->items.push_back(first);
  while (!panic_ && accept(Tok::Comma) && !is(Tok::RightParen)) out->items.push_back(expression());
  expect_close(Tok::RightParen, open);
  out->span = span_from(open.begin);
  return out;
}

// A list, or a map: [:], [k: v].
Expr* Parser::bracketed() {
  const Nest nest(*this);
  const Span open = span();
  if (too_deep()) return broken(open.begin);
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  advance();
  auto* list = make<ListExpr>(open);
  MapExpr* map = nullptr;
  if (accept(Tok::Colon)) map = make<MapExpr>(open);
  while (!panic_ && !is(Tok::RightBracket) && !is(Tok::End)) {
    const std::uint32_t begin = tok_.begin;
    if (accept(Tok::Ellipsis)) {
      Expr* operand = expression();
      if (map != nullptr)
        map->entries.push_back({nullptr, operand});
      else
        list->items.push_back(make<SpreadExpr>(span_from(begin), operand));
    } else {
      Expr* item = expression();
      const bool pair = !panic_ && (map != nullptr || list->items.empty()) && is(Tok::Colon);
      if (pair) {
        advance();
        if (map == nullptr) map = make<MapExpr>(open);
        map->entries.push_back({item, expression()});
      } else if (map != nullptr && !panic_) {
        unexpected("':'");
      } else {
        list->items.push_back(item);
      }
    }
    if (panic_ || !accept(Tok::Comma)) break;
  }
  expect_close(Tok::RightBracket, open);
  Expr* out = map != nullptr ? static_cast<Expr*>(map) : list;
  out->span = span_from(open.begin);
  return out;
}

// ---- Braces (L 2.9) ----

Expr* Parser::braces() {
  if (ctx_.no_brace) return expected_expression();
  if (!template_word().empty()) return template_in_code(false);
  if (map_starts()) return map_literal();
  return block_function();
}

// Whether a map stands here rather than a block: {}, { ...m, { name: value, { "text": value; but
// not { name: type = value.
bool Parser::map_starts() {
  const Restore restore(ctx_);
  const Restore trying(trying_);
  ctx_.ignore_newlines = true;
  trying_ = false;
  Reporter::Quiet quiet(reporter_);
  const State before = save();
  advance();
  bool is_map = is(Tok::RightBrace) || is(Tok::Ellipsis);
  if (is(Tok::Name) || is(Tok::Text) || is_keyword(tok_.kind)) {
    const bool name = is(Tok::Name);
    advance();
    is_map = is(Tok::Colon);
    if (is_map && name) {
      advance();
      panic_ = false;
      const bool type_first =
          is(Tok::Name) || is(Tok::LeftBracket) || is(Tok::LeftParen) || is(Tok::None);
      if (type_first) {
        type();
        is_map = panic_ || !is(Tok::Assign);
      }
    }
  }
  this->restore(before);
  return is_map;
}

Expr* Parser::map_literal() {
  const Nest nest(*this);
  auto* out = make<MapExpr>(span());
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  map_items(out->entries);
  out->span = span_from(begin);
  return out;
}

Expr* Parser::entity_literal(Word name) {
  const Nest nest(*this);
  auto* out = make<EntityExpr>(name.span, name);
  if (too_deep()) return broken(name.span.begin);
  map_items(out->entries);
  out->span = span_from(name.span.begin);
  return out;
}

// From '{' to behind '}'.
void Parser::map_items(std::vector<MapEntry>& out) {
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = false;
  ctx_.no_brace = ctx_.no_at = false;
  if (!expect(Tok::LeftBrace)) return;
  while (!panic_ && !is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Ellipsis)) {
      out.push_back({nullptr, expression()});
    } else if (is(Tok::Name) || is(Tok::Text) || is_keyword(tok_.kind)) {
      const bool text = is(Tok::Text);
      const Name key = text ? tok_.value : source_.text().substr(tok_.begin, tok_.end - tok_.begin);
      Expr* name = make<TextExpr>(span(), key);
      advance();
      ctx_.ignore_newlines = true;
      if (!accept(Tok::Colon)) unexpected("':'");
      ctx_.ignore_newlines = false;
      out.push_back({name, panic_ ? broken(tok_.begin) : expression()});
    } else {
      unexpected("a key");
    }
    const bool next = accept(Tok::Comma) || accept(Tok::Semicolon) || tok_.newline_before;
    if (next) continue;
    if (!is(Tok::RightBrace) && !is(Tok::End) && !is(Tok::RightParen) && !is(Tok::RightBracket))
      unexpected("',' or '}'").others.push_back({open, "opened here"});
    break;
  }
  expect_close(Tok::RightBrace, open);
}

// { statements }: a function without declared parameters.
Expr* Parser::block_function() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  auto* out = make<LambdaExpr>(span(), function_body("a block function"));
  out->block_function = true;
  out->span = span_from(begin);
  return out;
}

// fn(x) -> T { .. }
Expr* Parser::function_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  auto* out = make<LambdaExpr>(span(), nullptr);
  advance();
  out->params = params();
  if (accept(Tok::Arrow)) out->result = type();
  out->body = panic_ ? make<Block>() : function_body("fn");
  out->span = span_from(begin);
  return out;
}

// ---- Markup as a value ----

Expr* Parser::markup_expression() {
  const Nest nest(*this);
  auto* out = make<MarkupExpr>(span());
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  const Restore restore(first_open_);
  first_open_ = open_.size();
  lex_.seek(begin);
  node(lex_.view(false), out->nodes);
  seek_code(lex_.offset());
  if (out->nodes.size() == 1 && out->nodes[0]->kind == NodeKind::kElement) {
    auto& element = as<ElementNode>(*out->nodes[0]);
    if (element.tag.empty()) out->nodes = element.children;  // <> .. </> only groups
  }
  out->span = span_from(begin);
  return out;
}

}  // namespace flin::syntax
