// Statements, assignments and blocks.
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

bool assign_op(Tok kind, AssignOp& op) {
  switch (kind) {
    case Tok::Assign: op = AssignOp::kSet; return true;
    case Tok::PlusAssign: op = AssignOp::kAdd; return true;
    case Tok::MinusAssign: op = AssignOp::kSub; return true;
    case Tok::StarAssign: op = AssignOp::kMul; return true;
    case Tok::SlashAssign: op = AssignOp::kDiv; return true;
    case Tok::PercentAssign: op = AssignOp::kMod; return true;
    case Tok::StarStarAssign: op = AssignOp::kPow; return true;
    case Tok::PlusPlusAssign: op = AssignOp::kConcat; return true;
    case Tok::PipePipeAssign: op = AssignOp::kOr; return true;
    case Tok::QuestionQuestionAssign: op = AssignOp::kCoalesce; return true;
    default: return false;
  }
}

}  // namespace

bool Parser::at_block_end() const {
  return is(Tok::RightBrace) || is(Tok::End) || template_end_here();
}

void Parser::statements(std::vector<Stmt*>& out) {
  ViewRun run;
  while (!at_block_end()) {
    if (accept(Tok::Semicolon)) continue;
    const std::uint32_t begin = tok_.begin;
    if (ctx_.root && view_item(out, run)) continue;
    Stmt* made = statement();
    if (made != nullptr) out.push_back(made);
    run = {};
    end_statement(made);
    if (!at_block_end()) force_progress(begin);
  }
}

// What may follow a statement; recovers from what may not (L 2.3, 19.3).
void Parser::end_statement(const Stmt* statement) {
  while (!panic_ && !statement_ends() && (is(Tok::RightParen) || is(Tok::RightBracket))) {
    note_error(Code::E0204, span(), {tok_.value});
    advance();
  }
  if (!panic_ && statement_ends()) return;
  if (!panic_) {
    const bool name_alone = statement != nullptr && statement->kind == StmtKind::kExpr &&
                            as<ExprStmt>(*statement).value->kind == ExprKind::kName;
    const bool other = starts_operand(tok_) || is_keyword(tok_.kind) || is(Tok::LeftBrace) ||
                       at_markup() || is(Tok::Label);
    if (other) {
      Diagnostic& d = note_error(Code::E0205, span(), {});
      if (!name_alone || (!is(Tok::Name) && !is(Tok::Text))) return;
      const std::size_t helps = d.helps.size();
      const std::string usual = helps > 0 ? d.helps[0] : std::string();
      suggest_keyword(d, as<NameExpr>(*as<ExprStmt>(*statement).value).name);
      if (d.helps.empty() || d.helps[0] == usual) return;
      panic_ = true;
    } else if (is(Tok::Invalid)) {
      if (!tok_.value.empty()) error(Code::E0208, span(), {tok_.value});
      panic_ = true;
    } else {
      unexpected("a new line or ';'");
    }
  }
  skip_statement();
  panic_ = false;
}

Stmt* Parser::statement() {
  if (is_keyword(tok_.kind)) return keyword_statement();
  switch (tok_.kind) {
    case Tok::Name: return word_statement();
    case Tok::Label: return expression_statement(labelled_loop());
    case Tok::LeftBrace: return brace_statement();
    case Tok::RightParen:
    case Tok::RightBracket:
      note_error(Code::E0204, span(), {tok_.value});
      advance();
      return nullptr;
    case Tok::LeftBracket:
    case Tok::LeftParen:
      if (destructures()) return destructure(Declare::kNo);
      break;
    case Tok::Less:
      if (after_token() == '/') {  // an end tag without its beginning
        lex_.seek(tok_.begin);
        const Token close = lex_.view(false);
        note_error(Code::E0204, {file_, close.begin, close.end},
                   {lex_.text().substr(close.begin, close.end - close.begin)});
        seek_code(lex_.offset());
        return nullptr;
      }
      break;
    default: break;
  }
  return simple_statement();
}

Stmt* Parser::expression_statement(Expr* value) { return make<ExprStmt>(value->span, value); }

Stmt* Parser::keyword_statement() {
  const Token next = peek_token();
  if (next.kind == Tok::Assign) {
    const std::string_view name = source_.text().substr(tok_.begin, tok_.end - tok_.begin);
    note_error(Code::E0206, span(), {name});
    const std::uint32_t begin = tok_.begin;
    Expr* target = make<NameExpr>(span(), name);
    advance();
    return assignment(target, begin, Declare::kNo, nullptr);
  }
  switch (tok_.kind) {
    case Tok::Fn:
    case Tok::Function:
      if (next.kind == Tok::LeftParen) break;
      return function_statement(false, false, tok_.begin);
    case Tok::Entity: return entity_statement();
    case Tok::Enum: return enum_statement();
    case Tok::Return: return return_statement();
    case Tok::Break:
    case Tok::Continue: return jump_statement();
    default: break;
  }
  return simple_statement();
}

Stmt* Parser::word_statement() {
  const Token next = peek_token();
  const bool same_line = !next.newline_before;
  if (next.kind == Tok::Colon) return typed_declaration(Declare::kNo);
  Stmt* out = nullptr;
  if (declaration_word(out)) return out;
  const Name name = tok_.value;
  const bool pattern =
      next.kind == Tok::LeftBracket || next.kind == Tok::LeftBrace || next.kind == Tok::LeftParen;
  if (name == "let" || name == "const" || name == "var") {
    const bool named = next.kind == Tok::Name || is_keyword(next.kind);
    if (same_line && (named || (pattern && next.blank_before))) return let_statement();
  }
  if (name == "try" && next.kind == Tok::LeftBrace) return try_statement();
  if (name == "assert" && operand_follows()) {
    const std::uint32_t begin = tok_.begin;
    advance();
    Expr* value = expression();
    return make<AssertStmt>(span_from(begin), value);
  }
  return simple_statement();
}

Stmt* Parser::brace_statement() {
  if (!template_word().empty()) {
    const std::uint32_t begin = tok_.begin;
    return after_expression(template_in_code(true), begin);
  }
  if (destructures()) return destructure(Declare::kNo);
  if (trying_ && ctx_.in_template && !map_starts())
    fail_trial();  // an interpolation: this is markup
  return simple_statement();
}

// `[..] =`, `(..) =`, `{..} =` at the start of a statement (L 2.9, case 2).
bool Parser::destructures() const {
  const std::uint32_t behind = lex_.behind_bracket(tok_.begin, look_ahead());
  if (behind == 0) return false;
  std::uint32_t at = behind;
  while (is_blank(lex_.peek(at))) ++at;
  return lex_.peek(at) == '=' && lex_.peek(at + 1) != '=' && lex_.peek(at + 1) != '>';
}

Stmt* Parser::destructure(Declare declare) {
  const std::uint32_t begin = tok_.begin;
  Pattern* pattern = single_pattern();
  expect(Tok::Assign);
  Expr* value = expression();
  auto* out = make<DestructureStmt>(span_from(begin), pattern, value);
  out->declare = declare;
  return out;
}

Stmt* Parser::let_statement() {
  const std::uint32_t begin = tok_.begin;
  const Declare declare = tok_.value == "const" ? Declare::kConst : Declare::kLet;
  advance();
  Stmt* out;
  if (is(Tok::LeftBracket) || is(Tok::LeftBrace) || is(Tok::LeftParen)) {
    out = destructure(declare);
  } else {
    out = typed_declaration(declare);
  }
  out->span = span_from(begin);
  return out;
}

// NAME [":" type] "=" expr
Stmt* Parser::typed_declaration(Declare declare) {
  const std::uint32_t begin = tok_.begin;
  const Word name = expect_name("a name");
  Expr* target = make<NameExpr>(name.span, name.text);
  TypeNode* declared = accept(Tok::Colon) ? type() : nullptr;
  if (!is(Tok::Assign)) {
    unexpected("'='");
    return make<AssignStmt>(span_from(begin), target, broken(begin));
  }
  return assignment(target, begin, declare, declared);
}

// ---- Assignments ----

Stmt* Parser::simple_statement() {
  const std::uint32_t begin = tok_.begin;
  if (trying_ && ctx_.in_template && at_markup()) fail_trial();
  Expr* value = expression();
  return after_expression(value, begin);
}

Stmt* Parser::after_expression(Expr* value, std::uint32_t begin) {
  AssignOp op;
  if (!panic_ && !line_ends() && assign_op(tok_.kind, op))
    return assignment(value, begin, Declare::kNo, nullptr);
  const bool step = (is(Tok::PlusPlus) || is(Tok::MinusMinus)) && !line_ends();
  if (!panic_ && step && value->kind != ExprKind::kError) {
    const bool decrement = is(Tok::MinusMinus);
    if (!is_target(value)) note_error(Code::E0207, value->span, {});
    advance();
    return make<IncrementStmt>(span_from(begin), target_of(value), decrement);
  }
  if (value->kind == ExprKind::kForm) {
    auto& form = as<FormExpr>(*value);
    if (form.form == "delete" && form.operands[0]->kind == ExprKind::kIndex &&
        form.operands[0] != parenthesised_)
      return make<DeleteKeyStmt>(value->span, &as<IndexExpr>(*form.operands[0]));
  }
  return expression_statement(value);
}

Stmt* Parser::assignment(Expr* target, std::uint32_t begin, Declare declare, TypeNode* declared) {
  AssignOp op = AssignOp::kSet;
  assign_op(tok_.kind, op);
  const bool known = target->kind != ExprKind::kError;
  if (known && !is_target(target)) note_error(Code::E0207, target->span, {});
  advance();
  Expr* value = expression();
  auto* out = make<AssignStmt>(span_from(begin), target_of(target), value);
  out->declare = declare;
  out->op = op;
  out->type = declared;
  return out;
}

bool Parser::is_target(const Expr* value) const {
  switch (value->kind) {
    case ExprKind::kName:
    case ExprKind::kTimeWord: return true;
    case ExprKind::kMember: return !as<MemberExpr>(*value).optional;
    case ExprKind::kIndex: return !as<IndexExpr>(*value).optional;
    default: return false;
  }
}

// A soft value keyword that is assigned to is a name (L 2.11).
Expr* Parser::target_of(Expr* value) {
  if (value->kind != ExprKind::kTimeWord) return value;
  return make<NameExpr>(
      value->span, source_.text().substr(value->span.begin, value->span.end - value->span.begin));
}

// Whether `++` or `--` here is the increment of the operand before it (L 4.4).
bool Parser::increment_here(const Expr* left) {
  if (!is_target(left) || left == parenthesised_) return false;
  const std::uint32_t line_begin = tok_.end;
  std::uint32_t at = line_begin;
  while (is_blank(lex_.peek(at))) ++at;
  if (lex_.starts_with(at, "//")) return true;
  const char next = lex_.peek(at);
  return std::string_view("\n;)]},{<").find(next) != std::string_view::npos || next == '\0';
}

// ---- Jumps, try ----

void Parser::check_label(Name label, Span at) {
  std::string in_sight;
  for (std::size_t i = ctx_.first_label; i < labels_.size(); ++i) {
    if (labels_[i].empty()) continue;
    if (labels_[i] == label) return;
    in_sight += (in_sight.empty() ? "'" : ", '") + std::string(labels_[i]);
  }
  note_error(Code::E0211, at, {label}).helps = {in_sight.empty() ? "no label is in sight"
                                                                 : "labels in sight: " + in_sight};
}

Stmt* Parser::jump_statement() {
  const std::uint32_t begin = tok_.begin;
  const bool is_break = is(Tok::Break);
  if (!ctx_.in_loop) note_error(Code::E0210, span(), {is_break ? "break" : "continue"});
  advance();
  Name label;
  if (is(Tok::Label) && !line_ends()) {
    label = tok_.value;
    if (ctx_.in_loop) check_label(label, span());
    advance();
  }
  if (!is_break) return make<ContinueStmt>(span_from(begin), label);
  const bool ends = statement_ends() || is(Tok::RightParen) || is(Tok::RightBracket) ||
                    is(Tok::Comma) || is(Tok::Else);
  Expr* value = ends ? nullptr : expression();
  return make<BreakStmt>(span_from(begin), label, value);
}

Stmt* Parser::return_statement() {
  const std::uint32_t begin = tok_.begin;
  if (!ctx_.in_function) note_error(Code::E0210, span(), {"return"});
  advance();
  const bool ends = statement_ends() || is(Tok::RightParen) || is(Tok::RightBracket) ||
                    is(Tok::Comma) || is(Tok::Else);
  Expr* value = ends ? nullptr : expression();
  return make<ReturnStmt>(span_from(begin), value);
}

Stmt* Parser::try_statement() {
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  advance();
  Block* body = block("try");
  if (!is_word("catch")) {
    Expr* tried = make<BlockExpr>(body->span, body);
    return expression_statement(make<UnaryExpr>(span_from(begin), UnaryOp::kTry, tried));
  }
  advance();
  const Word name = expect_name("a name");
  Block* handler = block("catch");
  return make<TryStmt>(span_from(begin), body, name, handler);
}

Stmt* Parser::import_statement() {
  const std::uint32_t begin = tok_.begin;
  std::uint32_t end = begin;
  while (lex_.peek(end) != '\n' && lex_.peek(end) != '\0') ++end;
  note_error(Code::W0213, span(), {});
  seek_code(end);
  return nullptr;
}

// ---- Blocks ----

// A block; its caller counts the depth. `of` is the word that the help names: "if", "fn", ..
Block* Parser::block(std::string_view of) {
  auto* out = make<Block>();
  out->span = span();
  if (!is(Tok::LeftBrace)) {
    Diagnostic& d = unexpected("'{'");
    d.helps = {"the body of " + std::string(of) + " needs { }"};
    return out;
  }
  if (too_deep()) return out;
  const Span open = span();
  const Restore restore(ctx_);
  ctx_.ignore_newlines = ctx_.no_brace = ctx_.no_at = ctx_.in_template = false;
  if (!ctx_.component) ctx_.root = ctx_.declarations = false;
  ctx_.component = false;
  advance();
  statements(out->statements);
  while (template_end_here()) {
    const std::uint32_t close = lex_.behind_bracket(tok_.begin, look_ahead());
    const std::uint32_t end = close != 0 ? close : tok_.end;
    if (ctx_.in_template || !open_.empty()) break;
    note_error(Code::E0204, {file_, tok_.begin, end},
               {lex_.text().substr(tok_.begin, end - tok_.begin)});
    seek_code(end);
    statements(out->statements);
  }
  out->span = {file_, open.begin, tok_.end};
  if (!is(Tok::RightBrace))
    report_not_closed("{", open);
  else
    advance();
  return out;
}

Block* Parser::block_of(Stmt* statement) {
  auto* out = make<Block>();
  out->span = statement->span;
  out->statements.push_back(statement);
  return out;
}

Block* Parser::function_body(std::string_view of, bool may_return) {
  const Restore restore(ctx_);
  ctx_.in_function = may_return;
  ctx_.in_loop = false;
  ctx_.first_label = labels_.size();
  return block(of);
}

}  // namespace flin::syntax
