// Expressions: each pushes exactly one value.
#include "compile/function_compiler.h"
#include "compile/view_compiler.h"

#include <limits>

namespace flin::compile {

using namespace syntax;
using check::Type;
using check::TypeTag;

const Type* without_none(const Type* type) {
  return type && type->is(TypeTag::kOptional) ? type->items[0] : type;
}
bool is_tag(const Type* type, TypeTag tag) { return type && type->is(tag); }
const Type* type_of(const Expr& expr) { return expr.converted ? expr.converted : expr.type; }

std::string path_of(const Expr& expr) {
  if (expr.kind == ExprKind::kName) {
    const auto& name = as<NameExpr>(expr);
    return name.symbol || !(name.entity || name.enumeration) ? std::string(name.name) : "";
  }
  if (expr.kind != ExprKind::kMember || as<MemberExpr>(expr).optional) return "";
  const auto& member = as<MemberExpr>(expr);
  std::string path = path_of(*member.object);
  return path.empty() ? path : path + '.' + std::string(member.name.text);
}

namespace {

bool is_chain(const Expr& expr) {
  return expr.kind == ExprKind::kMember || expr.kind == ExprKind::kIndex ||
         expr.kind == ExprKind::kSlice || expr.kind == ExprKind::kCall;
}

bool is_control(ExprKind kind) {
  return kind == ExprKind::kIf || kind == ExprKind::kFor || kind == ExprKind::kWhile ||
         kind == ExprKind::kMatch || kind == ExprKind::kBlock;
}

}  // namespace

// Whether the page gets it as a live value instead of computing it here.
bool FunctionCompiler::is_delivered(const Expr& expr) const {
  return expr.live && expr.live != live_ && in_view_;
}

void FunctionCompiler::value(const Expr& expr) {
  code.at(expr.span);
  if (is_delivered(expr)) {
    live_value(*expr.live);
    bool as_list = is_tag(expr.type, TypeTag::kQuery);
    if (!as_list) convert(expr.type, expr.converted);
    return;
  }
  raw_value(expr);
  convert(expr.type, expr.converted);
}

void FunctionCompiler::discard(const Expr& expr) {
  if (is_control(expr.kind)) return control(expr, false);
  if (expr.kind == ExprKind::kCall) {
    const auto& call = as<CallExpr>(expr);
    bool prints = call.target == CallTarget::kBuiltin && call.builtin->name == "print" &&
                  call.operands.size() <= 0xFF;
    if (prints) {
      for (const Expr* operand : call.operands) value(*operand);
      code.at(expr.span);
      return code.op(Op::Print, static_cast<std::int64_t>(call.operands.size()));
    }
  }
  value(expr);
  code.op(Op::Pop);
}

void FunctionCompiler::convert(const Type* from, const Type* to) {
  if (!from || !to || from == to) return;
  if (is_tag(from, TypeTag::kQuery)) return run_query({});
  if (is_tag(from, TypeTag::kAny)) {
    if (!is_tag(to, TypeTag::kAny)) code.op(Op::Check, program.type_k(to));
    return;
  }
  bool widens =
      is_tag(without_none(from), TypeTag::kInt) && is_tag(without_none(to), TypeTag::kNumber);
  if (!widens) return;
  if (!is_tag(from, TypeTag::kOptional)) return code.op(Op::ToNumber);
  Label end = code.label();
  code.jump(Op::NoneJump, end);
  code.op(Op::ToNumber);
  code.place(end);
}

void FunctionCompiler::raw_value(const Expr& expr) {
  if (is_chain(expr)) return chain(expr);
  bool was = in_chain_;  // whatever is no link of a chain has chains of its own
  in_chain_ = false;
  simple_value(expr);
  in_chain_ = was;
}

void FunctionCompiler::simple_value(const Expr& expr) {
  if (is_control(expr.kind)) return control(expr, true);
  switch (expr.kind) {
    case ExprKind::kName:
      if (as<NameExpr>(expr).of_self) return value(*as<NameExpr>(expr).of_self);
      return name(as<NameExpr>(expr));
    case ExprKind::kInterpolation: return interpolation(as<InterpolationExpr>(expr).parts);
    case ExprKind::kList: return list(as<ListExpr>(expr).items);
    case ExprKind::kMap: return map(as<MapExpr>(expr).entries);
    case ExprKind::kTuple: {
      const auto& items = as<TupleExpr>(expr).items;
      for (const Expr* item : items) value(*item);
      return code.op(Op::CreateTuple, static_cast<std::int64_t>(items.size()));
    }
    case ExprKind::kSpread: return value(*as<SpreadExpr>(expr).operand);
    case ExprKind::kEntity: return entity_literal(as<EntityExpr>(expr));
    case ExprKind::kUnary: return unary(as<UnaryExpr>(expr));
    case ExprKind::kBinary: return binary_expression(as<BinaryExpr>(expr));
    case ExprKind::kIs: return is_expression(as<IsExpr>(expr));
    case ExprKind::kConditional: return conditional(as<ConditionalExpr>(expr));
    case ExprKind::kLambda: return closure(as<LambdaExpr>(expr));
    case ExprKind::kForm: return form_expression(as<FormExpr>(expr));
    case ExprKind::kMarkup: return markup(as<MarkupExpr>(expr));
    default: return literal(expr);
  }
}

void FunctionCompiler::integer(std::int64_t value) {
  if (value == 0) return code.op(Op::LoadInt0);
  if (value == 1) return code.op(Op::LoadInt1);
  if (value == -1) return code.op(Op::LoadIntM1);
  if (value >= -128 && value <= 127) return code.op(Op::LoadInt8, value);
  if (value >= -32768 && value <= 32767) return code.op(Op::LoadInt16, value);
  code.op(Op::LoadConst, program.builder.integer(value));
}

void FunctionCompiler::text(std::string_view text) {
  if (text.empty()) return code.op(Op::LoadEmpty);
  code.op(Op::LoadConst, program.builder.text(text));
}

void FunctionCompiler::literal(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kInt: return integer(as<IntExpr>(expr).value);
    case ExprKind::kText: return text(as<TextExpr>(expr).value);
    case ExprKind::kBool: return code.op(as<BoolExpr>(expr).value ? Op::LoadTrue : Op::LoadFalse);
    case ExprKind::kTimeWord:
      return code.op(Op::TimeWord, static_cast<std::int64_t>(as<TimeWordExpr>(expr).word));
    default: break;
  }
  std::uint32_t k = program.literal_constant(&expr);
  if (k == bytecode::kNoIndex) return code.op(Op::LoadNone);
  code.op(Op::LoadConst, k);
}

void FunctionCompiler::name(const NameExpr& expr) {
  if (expr.symbol) return load(*expr.symbol);
  if (expr.function) return closure_of(*expr.function);
  if (expr.enumeration) return variant(*expr.enumeration, expr.variant);
  if (expr.entity) return text(expr.entity->name);
  if (!expr.builtin) return code.op(Op::LoadNone);
  if (!is_tag(expr.type, TypeTag::kFunction)) return native(expr.builtin->name, 0);
  builtin_closure(*expr.builtin, static_cast<std::uint32_t>(expr.type->items.size() - 1));
}

void FunctionCompiler::interpolation(const std::vector<Expr*>& parts) {
  if (parts.empty()) return code.op(Op::LoadEmpty);
  for (const Expr* part : parts) value(*part);
  if (parts.size() == 1) return code.op(Op::ToText);
  code.op(Op::Interpolate, static_cast<std::int64_t>(parts.size()));
}

void FunctionCompiler::list(const std::vector<Expr*>& items) {
  constexpr std::size_t kAtOnce = 1024;  // more at a time would crowd the stack
  std::size_t n = 0;
  while (n < items.size() && n < kAtOnce && items[n]->kind != ExprKind::kSpread) value(*items[n++]);
  code.op(Op::CreateList, static_cast<std::int64_t>(n));
  for (; n < items.size(); ++n) {
    value(*items[n]);
    code.op(items[n]->kind == ExprKind::kSpread ? Op::ListExtend : Op::Append);
  }
}

void FunctionCompiler::map_entry(const MapEntry& entry,
                                 const std::function<void()>& prepare_spread) {
  if (entry.key) {
    value(*entry.key);
    value(*entry.value);
    return code.op(Op::MapPut);
  }
  const Expr& spread =
      entry.value->kind == ExprKind::kSpread ? *as<SpreadExpr>(*entry.value).operand : *entry.value;
  if (prepare_spread) prepare_spread();
  value(spread);
  if (prepare_spread) native("record.pick", 2);
  code.op(Op::MapExtend);
}

void FunctionCompiler::map(const std::vector<MapEntry>& entries) {
  constexpr std::size_t kAtOnce = 512;
  std::size_t n = 0;
  for (; n < entries.size() && n < kAtOnce && entries[n].key; ++n) {
    value(*entries[n].key);
    value(*entries[n].value);
  }
  code.op(Op::CreateMap, static_cast<std::int64_t>(n));
  for (; n < entries.size(); ++n) map_entry(entries[n], nullptr);
}

void FunctionCompiler::unary(const UnaryExpr& expr) {
  switch (expr.op) {
    case UnaryOp::kNegate:
      if (expr.operand->kind == ExprKind::kInt && !expr.operand->converted) {
        auto bits = static_cast<std::uint64_t>(as<IntExpr>(*expr.operand).value);
        return integer(static_cast<std::int64_t>(0 - bits));
      }
      value(*expr.operand);
      return code.op(Op::Neg);
    case UnaryOp::kNot: value(*expr.operand); return code.op(Op::Not);
    case UnaryOp::kTry: {
      Label caught = code.label();
      code.jump(Op::Try, caught);
      frames_.push_back({Frame::kTry, {}, 0, 0, code.depth(), scope.next(), 0, false});
      value(*expr.operand);
      frames_.pop_back();
      code.op(Op::EndTry);
      return code.place(caught);
    }
    case UnaryOp::kTypeof: value(*expr.operand); return native("type_of", 1);
    case UnaryOp::kAwait: return value(*expr.operand);
  }
}

void FunctionCompiler::logical(const BinaryExpr& expr, Op jump) {
  Label end = code.label();
  value(*expr.left);
  code.jump(jump, end);
  value(*expr.right);
  code.place(end);
}

void FunctionCompiler::binary_expression(const BinaryExpr& expr) {
  switch (expr.op) {
    case BinaryOp::kAnd: return logical(expr, Op::AndJump);
    case BinaryOp::kOr: return logical(expr, Op::OrJump);
    case BinaryOp::kCoalesce: return logical(expr, Op::SomeJump);
    default: break;
  }
  bool equality = expr.op == BinaryOp::kEq || expr.op == BinaryOp::kNe;
  if (equality && (expr.right->kind == ExprKind::kNone || expr.left->kind == ExprKind::kNone)) {
    value(expr.right->kind == ExprKind::kNone ? *expr.left : *expr.right);
    code.op(Op::IsNone);
    if (expr.op == BinaryOp::kNe) code.op(Op::Not);
    return;
  }
  const Type *left = type_of(*expr.left), *right = type_of(*expr.right);
  value(*expr.left);
  // Two numeric operands of which one is an int meet as numbers.
  bool mixed_left = is_tag(left, TypeTag::kInt) && is_tag(right, TypeTag::kNumber);
  bool mixed_right = is_tag(left, TypeTag::kNumber) && is_tag(right, TypeTag::kInt);
  bool arithmetic = expr.op <= BinaryOp::kMul;
  bool power = expr.op == BinaryOp::kPow && is_tag(left, TypeTag::kInt) &&
               is_tag(expr.type, TypeTag::kNumber);
  if ((arithmetic && mixed_left) || power) code.op(Op::ToNumber), left = right;
  value(*expr.right);
  if (arithmetic && mixed_right) code.op(Op::ToNumber), right = left;
  code.at(expr.op_span);
  binary(expr.op, left, right, expr.type);
}

void FunctionCompiler::binary(BinaryOp op, const Type* left, const Type* right, const Type*) {
  bool ints = is_tag(left, TypeTag::kInt) && is_tag(right, TypeTag::kInt);
  bool numbers = is_tag(left, TypeTag::kNumber) && is_tag(right, TypeTag::kNumber);
  auto typed = [&](Op for_ints, Op for_numbers, Op otherwise) {
    code.op(ints ? for_ints : numbers ? for_numbers : otherwise);
  };
  switch (op) {
    case BinaryOp::kAdd: return typed(Op::AddInt, Op::AddNum, Op::Add);
    case BinaryOp::kSub: return typed(Op::SubInt, Op::SubNum, Op::Sub);
    case BinaryOp::kMul: return typed(Op::MulInt, Op::MulNum, Op::Mul);
    case BinaryOp::kDiv: return code.op(Op::Div);
    case BinaryOp::kMod: return code.op(Op::Mod);
    case BinaryOp::kPow: return code.op(Op::Pow);
    case BinaryOp::kConcat: return code.op(Op::Concat);
    case BinaryOp::kEq: return code.op(ints ? Op::EqInt : Op::Eq);
    case BinaryOp::kNe: return code.op(Op::Ne);
    case BinaryOp::kLt: return code.op(ints ? Op::LtInt : Op::Lt);
    case BinaryOp::kLe: return code.op(ints ? Op::LeInt : Op::Le);
    case BinaryOp::kGt: return code.op(Op::Gt);
    case BinaryOp::kGe: return code.op(Op::Ge);
    case BinaryOp::kIn: return code.op(Op::In);
    case BinaryOp::kNotIn: return code.op(Op::NotIn);
    case BinaryOp::kRange: return code.op(Op::MakeRange);
    case BinaryOp::kRangeExclusive: return code.op(Op::MakeRangeEx);
    default: return code.op(Op::Nop);  // the logical ones are no operations on two values
  }
}

void FunctionCompiler::is_expression(const IsExpr& expr) {
  value(*expr.operand);
  if (expr.enumeration) {
    code.op(Op::IsVariant, variant_k(*expr.enumeration, expr.variant));
  } else if (is_tag(expr.tested, TypeTag::kNone)) {
    code.op(Op::IsNone);
  } else {
    code.op(Op::IsType, program.type_k(expr.tested));
  }
  if (expr.negated) code.op(Op::Not);
}

void FunctionCompiler::conditional(const ConditionalExpr& expr) {
  Label otherwise = code.label(), end = code.label();
  jump_if(*expr.condition, false, otherwise);
  std::uint32_t depth = code.depth();
  value(*expr.then);
  code.jump(Op::Jump, end);
  code.place(otherwise);
  code.set_depth(depth);
  if (expr.otherwise)
    value(*expr.otherwise);
  else
    code.op(Op::LoadNone);
  code.place(end);
}

void FunctionCompiler::jump_if(const Expr& condition, bool when, Label target) {
  bool plain = !condition.live && !condition.converted;
  if (plain && condition.kind == ExprKind::kUnary && as<UnaryExpr>(condition).op == UnaryOp::kNot)
    return jump_if(*as<UnaryExpr>(condition).operand, !when, target);
  if (plain && condition.kind == ExprKind::kBinary) {
    const auto& both = as<BinaryExpr>(condition);
    bool is_and = both.op == BinaryOp::kAnd;
    if (is_and || both.op == BinaryOp::kOr) {
      if (is_and != when) {  // one side alone decides to jump
        jump_if(*both.left, when, target);
        return jump_if(*both.right, when, target);
      }
      Label stay = code.label();
      jump_if(*both.left, !when, stay);
      jump_if(*both.right, when, target);
      return code.place(stay);
    }
  }
  value(condition);
  code.jump(when ? Op::JumpIfTrue : Op::JumpIfFalse, target);
}

void FunctionCompiler::markup(const MarkupExpr& expr) {
  Label end = code.label();
  code.jump(Op::BeginView, end);
  ViewCompiler(*this).nodes(expr.nodes);
  code.place(end);
  code.op(Op::EndView);
}

}  // namespace flin::compile
