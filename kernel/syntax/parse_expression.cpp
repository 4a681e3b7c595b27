// Expressions by precedence (L 4.1): operators, conditionals, lambdas, calls and members.
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace flin::syntax {

namespace {

// Levels of L 4.1.
constexpr int kCoalesce = 4, kNot = 7, kEquality = 8, kRelation = 9, kRange = 10;

}  // namespace

struct Parser::Operation {
  int level = 0;  // 0: no operator stands here
  BinaryOp op = BinaryOp::kAdd;
  bool is_test = false;  // `is`
  bool not_in = false;
  bool unknown = false;  // of another language: E0208
};

Parser::Operation Parser::operation() {
  const auto row = [](int level, BinaryOp op) { return Operation{level, op, false, false, false}; };
  switch (tok_.kind) {
    case Tok::QuestionQuestion: return row(kCoalesce, BinaryOp::kCoalesce);
    case Tok::PipePipe:
    case Tok::Or:
    case Tok::QuestionColon: return row(5, BinaryOp::kOr);
    case Tok::AmpAmp:
    case Tok::And: return row(6, BinaryOp::kAnd);
    case Tok::EqualEqual: return row(kEquality, BinaryOp::kEq);
    case Tok::NotEqual: return row(kEquality, BinaryOp::kNe);
    case Tok::Is: return {kEquality, BinaryOp::kEq, true, false, false};
    case Tok::Less: return row(kRelation, BinaryOp::kLt);
    case Tok::LessEqual: return row(kRelation, BinaryOp::kLe);
    case Tok::Greater: return row(kRelation, BinaryOp::kGt);
    case Tok::GreaterEqual: return row(kRelation, BinaryOp::kGe);
    case Tok::In: return row(kRelation, BinaryOp::kIn);
    case Tok::Not:
      if (peek_token().kind != Tok::In) return {};
      return {kRelation, BinaryOp::kNotIn, false, true, false};
    case Tok::DotDot: return row(kRange, BinaryOp::kRange);
    case Tok::DotDotLess: return row(kRange, BinaryOp::kRangeExclusive);
    case Tok::Plus: return row(11, BinaryOp::kAdd);
    case Tok::Minus: return row(11, BinaryOp::kSub);
    case Tok::PlusPlus: return row(11, BinaryOp::kConcat);
    case Tok::Star: return row(12, BinaryOp::kMul);
    case Tok::Slash: return row(12, BinaryOp::kDiv);
    case Tok::Percent: return row(12, BinaryOp::kMod);
    case Tok::Pipe: return {6, BinaryOp::kOr, false, false, true};
    case Tok::Invalid:
      if (tok_.value.empty()) return {};
      return {tok_.value.size() == 3 ? kEquality : 6, BinaryOp::kEq, false, false, true};
    default: return {};
  }
}

// ---- Entry points ----

Expr* Parser::expression() {
  if (lambda_starts()) return lambda();
  Expr* value = choice();
  int height = height_;
  while (is(Tok::PipeGreater) && !panic_) {
    value = pipe(value);
    grow(height, height_);
    height = height_;
  }
  return value;
}

// Between brackets that are closed: lines do not end statements, braces are values again.
Expr* Parser::nested_expression() {
  const Restore restore(ctx_);
  ctx_.ignore_newlines = true;
  ctx_.no_brace = ctx_.no_at = false;
  return expression();
}

Expr* Parser::condition_expression() {
  const Restore restore(ctx_);
  ctx_.no_brace = true;
  return expression();
}

// `x |> f(a)` is f(x, a) (L 4.11).
Expr* Parser::pipe(Expr* value) {
  advance();
  parenthesised_ = nullptr;
  Expr* target = lambda_starts() ? lambda() : postfix(operand());
  const std::uint32_t begin = value->span.begin;
  if (target->kind == ExprKind::kCall && target != parenthesised_) {
    auto& call = as<CallExpr>(*target);
    call.arguments.insert(call.arguments.begin(), Argument{{}, value});
    call.span = span_from(begin);
    return target;
  }
  auto* call = make<CallExpr>(span_from(begin), target);
  call->arguments.push_back({{}, value});
  return call;
}

// ---- Conditionals ----

Expr* Parser::choice() {
  Expr* value = binary(kCoalesce);
  const bool asks = is(Tok::Question) || (is(Tok::QuestionBracket) && tok_.blank_before);
  if (!asks || panic_) return value;
  return conditional(value);
}

Expr* Parser::conditional(Expr* condition) {
  const Nest nest(*this);
  if (too_deep()) return broken(condition->span.begin);
  const int height = height_;
  const std::uint32_t begin = condition->span.begin;
  if (is(Tok::QuestionBracket))
    seek_code(tok_.begin + 1);
  else
    advance();
  Expr* then = expression();
  if (!accept(Tok::Colon)) {
    unexpected("':'");
    return broken(begin);
  }
  Expr* otherwise = expression();
  grow(height, height_);
  return make<ConditionalExpr>(span_from(begin), condition, then, otherwise);
}

// Behind `if c`, at `then`.
Expr* Parser::then_else(std::uint32_t begin, Expr* condition) {
  advance();
  Expr* then = branch();
  Expr* otherwise = accept(Tok::Else) ? branch() : nullptr;
  return make<ConditionalExpr>(span_from(begin), condition, then, otherwise);
}

Expr* Parser::branch() {
  if (!is(Tok::LeftBrace)) return expression();
  Block* body = block("then");
  return make<BlockExpr>(body->span, body);
}

// ---- Binary operators ----

Expr* Parser::binary(int least) {
  Expr* left;
  if (is(Tok::Not) && least <= kNot) {
    const Nest nest(*this);
    const std::uint32_t begin = tok_.begin;
    if (too_deep()) return broken(begin);
    advance();
    Expr* operand = binary(kNot);
    left = make<UnaryExpr>(span_from(begin), UnaryOp::kNot, operand);
  } else {
    left = unary();
  }
  int chained = 0;  // level of the operator before, if it may not be chained
  while (!panic_) {
    if (line_ends() && !continues_line()) break;
    const bool step = is(Tok::PlusPlus) || is(Tok::MinusMinus);
    if (step && increment_here(left)) break;
    const Operation op = operation();
    if (op.level < least || op.level == 0) break;
    if (op.level == chained) note_error(Code::E0209, span(), {});
    chained = op.level >= kEquality && op.level <= kRange ? op.level : 0;
    left = binary_step(left, op);
  }
  return left;
}

Expr* Parser::binary_step(Expr* left, const Operation& op) {
  const std::uint32_t begin = left->span.begin;
  const int height = height_;
  if (op.is_test) return is_test(left);
  if (op.unknown) {
    Diagnostic& d = note_error(Code::E0208, span(), {tok_.value});
    if (tok_.value == "|") d.helps = {"use || for 'or', |> to pass a value on"};
  }
  const Span at{file_, tok_.begin, tok_.end};
  advance();
  if (op.not_in) advance();
  const int least = op.level == kCoalesce ? kCoalesce : op.level + 1;
  Expr* right;
  if (op.level == kCoalesce) {
    const Nest nest(*this);
    right = too_deep() ? broken(tok_.begin) : binary(least);
  } else {
    right = binary(least);
  }
  Expr* out = make<BinaryExpr>(span_from(begin), op.op, left, right,
                               op.not_in ? Span{file_, at.begin, at.end} : at);
  grow(height, height_);
  return out;
}

Expr* Parser::is_test(Expr* left) {
  const int height = height_;
  const std::uint32_t begin = left->span.begin;
  advance();
  const bool negated = accept(Tok::Not);
  TypeNode* tested = optional_type();
  // Enum.Variant
  if (tested->kind == TypeKind::kName && is(Tok::Dot) && !tok_.newline_before) {
    advance();
    const Word variant = expect_name("a variant");
    TypeNode* scope = tested;
    tested = new_type(TypeKind::kName, scope->span.begin);
    tested->name = arena_.text(std::string(scope->name) + "." + std::string(variant.text));
  }
  Expr* out = make<IsExpr>(span_from(begin), left, tested, negated);
  grow(height, 1);
  return out;
}

// ---- Prefix operators ----

Expr* Parser::unary() {
  const std::uint32_t begin = tok_.begin;
  if (is(Tok::Minus)) return negated(begin);
  if (is(Tok::Bang)) {
    const Nest nest(*this);
    if (too_deep()) return broken(begin);
    advance();
    Expr* operand = unary();
    return make<UnaryExpr>(span_from(begin), UnaryOp::kNot, operand);
  }
  if (is(Tok::PlusPlus) || is(Tok::MinusMinus)) {
    note_error(Code::E0208, span(), {tok_.value}).helps = {std::string("write x") +
                                                           std::string(tok_.value)};
    advance();
    return power();
  }
  if (is(Tok::Name)) {
    Expr* out = soft_unary();
    if (out != nullptr) return out;
  }
  return power();
}

// `-`. The least int can be written because its minus belongs to the literal (L 2.5).
Expr* Parser::negated(std::uint32_t begin) {
  const Nest nest(*this);
  if (too_deep()) return broken(begin);
  advance();
  if (is(Tok::Int) && tok_.integer == 1ULL << 63) {
    advance();
    return make<IntExpr>(span_from(begin), INT64_MIN);
  }
  Expr* operand = unary();
  return make<UnaryExpr>(span_from(begin), UnaryOp::kNegate, operand);
}

// try e, typeof e, await e; save e, delete e, restore e, destroy e, send e.
Expr* Parser::soft_unary() {
  const Name name = tok_.value;
  const bool try_ = name == "try", typeof_ = name == "typeof", await_ = name == "await";
  const bool form = name == "save" || name == "delete" || name == "restore" || name == "destroy" ||
                    name == "send";
  if (!try_ && !typeof_ && !await_ && !form) return nullptr;
  if (!operand_follows()) return nullptr;
  const Nest nest(*this);
  const std::uint32_t begin = tok_.begin;
  if (too_deep()) return broken(begin);
  const Span word = span();
  advance();
  Expr* operand = unary();
  if (!form) {
    const UnaryOp op = try_ ? UnaryOp::kTry : typeof_ ? UnaryOp::kTypeof : UnaryOp::kAwait;
    return make<UnaryExpr>(span_from(begin), op, operand);
  }
  auto* out = make<FormExpr>(span_from(begin), name, word);
  out->operands.push_back(operand);
  return out;
}

Expr* Parser::power() {
  Expr* value = postfix(operand());
  if (!is(Tok::StarStar) || panic_) return value;
  const int height = height_;
  const Nest nest(*this);
  if (too_deep()) return broken(value->span.begin);
  const Span at = span();
  advance();
  Expr* exponent = unary();
  Expr* out = make<BinaryExpr>(span_from(value->span.begin), BinaryOp::kPow, value, exponent, at);
  grow(height, height_);
  return out;
}

// ---- Postfix ----

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
