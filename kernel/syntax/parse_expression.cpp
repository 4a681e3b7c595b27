// Expressions by precedence (L 4.1): pipes, conditionals, binary and prefix operators.
#include "syntax/parser_impl.h"

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

}  // namespace flin::syntax
