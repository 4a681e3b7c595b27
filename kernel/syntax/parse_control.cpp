// if, for, while, match, labels, and template blocks as statements in code (L 4.12, 5.3 - 5.6).
#include "syntax/parser_impl.h"

namespace flin::syntax {

// expr, or let pattern = expr. A '{' ends it (L 5.9).
Condition Parser::condition() {
  Condition out;
  if (is_word("let")) {
    const Token next = peek_token();
    const bool bracket =
        next.kind == Tok::LeftBracket || next.kind == Tok::LeftBrace || next.kind == Tok::LeftParen;
    if (next.kind == Tok::Name || is_keyword(next.kind) || bracket || next.kind == Tok::Int ||
        next.kind == Tok::Text) {
      advance();
      out.pattern = pattern();
      expect(Tok::Assign);
    }
  }
  out.value = panic_ ? broken(tok_.begin) : condition_expression();
  if (!panic_ && is(Tok::Assign)) unexpected("'{'").helps = {"compare with =="};
  return out;
}

Expr* Parser::if_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  advance();
  const Condition first = condition();
  if (!panic_ && first.pattern == nullptr && is_word("then")) return then_else(begin, first.value);
  return if_rest(begin, first);
}

// From the block behind the first condition.
Expr* Parser::if_rest(std::uint32_t begin, Condition first) {
  auto* out = make<IfExpr>(span());
  out->branches.push_back({first, block("if")});
  while (!panic_ && is(Tok::Else)) {
    advance();
    if (!is(Tok::If)) {
      out->otherwise = block("else");
      break;
    }
    advance();
    const Condition next = condition();
    out->branches.push_back({next, block("if")});
  }
  out->span = span_from(begin);
  return out;
}

Expr* Parser::labelled_loop() {
  const Name label = tok_.value;
  advance();
  expect(Tok::Colon);
  if (is(Tok::For)) return for_expression(label);
  if (is(Tok::While)) return while_expression(label);
  unexpected("for or while");
  return broken(tok_.begin);
}

Block* Parser::loop_body(std::string_view of, Name label) {
  const Restore restore(ctx_);
  ctx_.in_loop = true;
  labels_.push_back(label);
  Block* out = block(of);
  labels_.pop_back();
  return out;
}

Expr* Parser::for_expression(Name label) {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<ForExpr>(span());
  if (too_deep()) return broken(begin);
  out->label = label;
  advance();
  out->head = for_head();
  out->body = loop_body("for", label);
  out->span = span_from(begin);
  return out;
}

// x in xs; x, i in xs; (x, i) in xs; [k, v] in m; i = 0; i < n; i++
ForHead Parser::for_head() {
  const Restore restore(ctx_);
  ctx_.no_brace = true;
  ForHead out;
  if (is(Tok::Name) && peek_token().kind == Tok::Assign) {
    out.first = word();
    out.start = simple_statement();
    expect(Tok::Semicolon);
    out.condition = panic_ ? broken(tok_.begin) : expression();
    expect(Tok::Semicolon);
    if (!panic_) out.step = simple_statement();
    return out;
  }
  const Tok close = is(Tok::LeftParen)     ? Tok::RightParen
                    : is(Tok::LeftBracket) ? Tok::RightBracket
                                           : Tok::End;
  if (close != Tok::End) advance();
  out.first = expect_name("a name");
  if (accept(Tok::Comma)) out.second = expect_name("a name");
  if (close != Tok::End) expect(close);
  if (!panic_) expect(Tok::In);
  out.subject = panic_ ? broken(tok_.begin) : expression();
  return out;
}

// {each xs as x, i} (L 10.3)
ForHead Parser::each_head() {
  const Restore restore(ctx_);
  ctx_.no_brace = true;
  ForHead out;
  out.subject = expression();
  if (!panic_ && !accept_word("as")) unexpected("'as'");
  out.first = expect_name("a name");
  if (!panic_ && accept(Tok::Comma)) out.second = expect_name("a name");
  return out;
}

Expr* Parser::while_expression(Name label) {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<WhileExpr>(span());
  if (too_deep()) return broken(begin);
  out->label = label;
  advance();
  out->condition = condition();
  out->body = loop_body("while", label);
  out->span = span_from(begin);
  return out;
}

Expr* Parser::match_expression() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  auto* out = make<MatchExpr>(span());
  if (too_deep()) return broken(begin);
  advance();
  out->subject = condition_expression();
  const Restore restore(ctx_);
  ctx_.in_template = false;
  match_arms(*out);
  out->span = span_from(begin);
  return out;
}

// "{" { pattern [ "if" expr ] "->" body } "}"
void Parser::match_arms(MatchExpr& match) {
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = ctx_.no_at = ctx_.root = ctx_.declarations = false;
  if (!is(Tok::LeftBrace)) {
    unexpected("'{'").helps = {"the body of match needs { }"};
    return;
  }
  advance();
  while (!is(Tok::RightBrace) && !is(Tok::End)) {
    if (accept(Tok::Semicolon) || accept(Tok::Comma)) continue;
    const std::uint32_t begin = tok_.begin;
    MatchArm arm{};
    arm.pattern = pattern();
    if (!panic_ && accept(Tok::If)) arm.guard = expression();
    expect(Tok::Arrow);
    arm.body = panic_ ? make<Block>() : arm_body();
    arm.span = span_from(begin);
    match.arms.push_back(arm);
    end_arm(begin);
  }
  expect_close(Tok::RightBrace, open);
}

// Whether an arm that starts so is there to be shown: markup, also in braces, or a text.
bool Parser::shows(const Token& token) const {
  const std::uint32_t inside =
      token.kind == Tok::LeftBrace ? lex_.skip_space(token.end) : token.begin;
  if (lex_.peek(inside) == '<' && markup_starts(inside)) return true;
  return token.kind == Tok::Text || token.kind == Tok::TextStart;
}

// An expression, block, assignment or jump.
Block* Parser::arm_body() {
  if (trying_ && ctx_.in_template && shows(tok_)) fail_trial();
  if (is(Tok::LeftBrace) && template_word().empty() && !map_starts()) return block("->");
  const bool jump = is(Tok::Return) || is(Tok::Break) || is(Tok::Continue);
  return block_of(jump ? keyword_statement() : simple_statement());
}

void Parser::end_arm(std::uint32_t begin) {
  const bool ends = is(Tok::Comma) || is(Tok::Semicolon) || is(Tok::RightBrace) || is(Tok::End) ||
                    tok_.newline_before;
  if (!panic_ && !ends) unexpected("',' or a new line");
  if (!panic_) return;
  skip_statement();
  panic_ = false;
  if (!is(Tok::RightBrace)) force_progress(begin);
}

// ---- Template blocks in code (L 5.6) ----

// At the '{' of {if .. {for .. {while .. {match .. {each ..
Expr* Parser::template_in_code(bool at_statement) {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  const Name word = template_word();
  if (too_deep()) return broken(begin);
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_at = false;
  advance();
  const Span open{file_, begin, tok_.end};
  advance();
  Expr* out = nullptr;
  if (word == "if")
    out = if_template_in_code(at_statement, open);
  else if (word == "match")
    out = match_template_in_code(begin);
  else
    out = loop_template_in_code(word, at_statement, open);
  out->span = span_from(begin);
  return out;
}

Expr* Parser::close_braced(Expr* value, std::uint32_t begin) {
  expect_close(Tok::RightBrace, {file_, begin, begin + 1});
  return value;
}

// `{if c { a } else { b }}` at the start of a statement is an interpolation of the view (L 2.9).
void Parser::braced_at_statement(bool at_statement) {
  if (trying_ && at_statement) fail_trial();
}

Expr* Parser::if_template_in_code(bool at_statement, Span open) {
  const std::uint32_t begin = open.begin;
  const Condition first = condition();
  const bool then = is_word("then");
  if (!panic_ && (then || is(Tok::LeftBrace))) {
    braced_at_statement(at_statement);
    ctx_.no_brace = false;
    Expr* value = then ? then_else(begin, first.value) : if_rest(begin, first);
    return close_braced(value, begin);
  }
  auto* out = make<IfExpr>(span());
  out->branches.push_back({first, template_body()});
  while (is(Tok::LeftBrace)) {
    lex_.seek(tok_.begin);
    const Token tag = lex_.view(false);
    if (tag.kind != Tok::TemplateElse) break;
    seek_code(lex_.offset());
    if (tag.value == "elif" || is(Tok::If)) {
      accept(Tok::If);
      const Condition next = condition();
      out->branches.push_back({next, template_body()});
    } else {
      out->otherwise = template_body();
    }
  }
  template_end("if", open);
  return out;
}

Expr* Parser::match_template_in_code(std::uint32_t begin) {
  auto* out = make<MatchExpr>(span());
  out->subject = condition_expression();
  ctx_.in_template = true;
  match_arms(*out);
  close_braced(out, begin);
  if (is(Tok::LeftBrace) && lex_.starts_with(tok_.begin, "{/match}")) seek_code(tok_.begin + 8);
  return out;
}

Expr* Parser::loop_template_in_code(Name word, bool at_statement, Span open) {
  if (word == "while") {
    auto* out = make<WhileExpr>(span());
    out->condition = condition();
    if (!panic_ && is(Tok::LeftBrace)) {
      braced_at_statement(at_statement);
      out->body = loop_body("while", {});
      return close_braced(out, open.begin);
    }
    out->body = template_body(true);
    template_end(word, open);
    return out;
  }
  auto* out = make<ForExpr>(span());
  out->head = word == "each" ? each_head() : for_head();
  if (!panic_ && is(Tok::LeftBrace)) {
    braced_at_statement(at_statement);
    out->body = loop_body("for", {});
    return close_braced(out, open.begin);
  }
  out->body = template_body(true);
  template_end(word, open);
  return out;
}

// The statements behind the '}' of a template tag, up to the next template tag that is no
// beginning.
Block* Parser::template_body(bool is_loop) {
  auto* out = make<Block>();
  out->span = span();
  if (!is(Tok::RightBrace)) {
    unexpected("'}'");
    return out;
  }
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = ctx_.root = ctx_.declarations = false;
  ctx_.in_template = true;
  ctx_.in_loop |= is_loop;
  if (is_loop) labels_.push_back({});
  advance();
  statements(out->statements);
  if (is_loop) labels_.pop_back();
  out->span.end = tok_.begin;
  return out;
}

void Parser::template_end(Name word, Span open) {
  if (panic_) return;
  if (!template_end_here()) return report_not_closed("{" + std::string(word) + "}", open);
  lex_.seek(tok_.begin);
  const Token tag = lex_.view(false);
  const Span at{file_, tag.begin, tag.end};
  if (tag.kind != Tok::TemplateEnd) {  // {else} where none may be
    note_error(Code::E0204, at, {lex_.text().substr(tag.begin, tag.end - tag.begin)});
  } else if (tag.value != word) {
    note_error(Code::E0215, at, {tag.value, word}).others.push_back({open, "opened here"});
  }
  seek_code(lex_.offset());
}

}  // namespace flin::syntax
