// Calls by their target (program.h says how the checker writes them down).
#include "compile/function_compiler.h"

#include <algorithm>

namespace flin::compile {

using namespace syntax;
using check::TypeTag;

namespace {

bool has_spread(const CallExpr& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(),
                     [](const Argument& a) { return a.value->kind == ExprKind::kSpread; });
}

bool has_names(const CallExpr& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(),
                     [](const Argument& a) { return !a.name.text.empty(); });
}

// Whether passing by position evaluates the arguments in the order they are written.
bool in_written_order(const CallExpr& call) {
  std::size_t given = 0;
  for (std::size_t n = 0; n < call.operands.size(); ++n) {
    if (!call.operands[n]) continue;
    if (n != given || given >= call.arguments.size()) return false;
    if (call.operands[n] != call.arguments[given++].value) return false;
  }
  return given == call.arguments.size();
}

}  // namespace

void FunctionCompiler::native(std::string_view name, std::uint32_t args) {
  code.native(program.builder.builtin(name, args), args);
}

void FunctionCompiler::ext(std::string_view form, std::uint32_t args) {
  auto bound = program.form(form, args);
  if (!bound) {  // only reachable when nobody binds a form that the checker lets pass
    for (std::uint32_t i = 1; i < args; ++i) code.op(Op::Pop);
    if (args == 0) code.op(Op::LoadNone);
    return;
  }
  code.ext(bound->import, args, bound->results);
  if (bound->results == 0) code.op(Op::LoadNone);
}

// The first operand of a method: what the chain goes through.
void FunctionCompiler::receiver_operand(const Expr& expr) {
  bool optional = optional_receiver_;
  optional_receiver_ = false;
  receiver(expr, optional);
}

void FunctionCompiler::call(const CallExpr& call, bool optional) {
  optional_receiver_ = optional;
  code.at(call.span);
  switch (call.target) {
    case CallTarget::kFunction: call_function(call); break;
    case CallTarget::kBuiltin: call_builtin(*call.builtin, call.operands); break;
    case CallTarget::kForm: form_call(call); break;
    case CallTarget::kVariant: call_variant(call); break;
    case CallTarget::kValue:
    case CallTarget::kUnresolved: call_value(call); break;
  }
  optional_receiver_ = false;
}

void FunctionCompiler::closure_of(const check::Function& function) {
  code.op(Op::Closure, program.builder.function(program.function_row(&function)));
}

void FunctionCompiler::call_function(const CallExpr& call) {
  const check::Function& function = *call.function;
  if (function.unit && (function.unit->touches & check::kWritesState)) wrote_state = true;
  if (has_spread(call)) {
    apart([&] { closure_of(function); });
    return call_spread(call);
  }
  bool by_position = !has_names(call) || in_written_order(call);
  std::size_t count = call.operands.size();
  while (count > 0 && !call.operands[count - 1]) --count;
  for (std::size_t n = 0; n < count; ++n) by_position = by_position && call.operands[n];
  if (!by_position) {
    closure_of(function);
    return call_named(call);
  }
  for (std::size_t n = 0; n < count; ++n) {
    if (n == 0 && optional_receiver_)
      receiver_operand(*call.operands[n]);
    else
      apart([&] { value(*call.operands[n]); });
  }
  code.at(call.span);
  code.op(Op::Call, static_cast<std::int64_t>(count),
          program.builder.function(program.function_row(&function)));
}

// The callee is on the stack.
void FunctionCompiler::call_named(const CallExpr& call) {
  std::vector<std::string_view> names;
  for (const Argument& argument : call.arguments) {
    apart([&] { value(*argument.value); });
    if (!argument.name.text.empty()) names.push_back(argument.name.text);
  }
  code.at(call.span);
  code.op(Op::CallNamed, static_cast<std::int64_t>(call.arguments.size()),
          program.builder.names(names));
}

void FunctionCompiler::call_spread(const CallExpr& call) {
  std::vector<Expr*> items;
  for (const Argument& argument : call.arguments) items.push_back(argument.value);
  apart([&] { list(items); });
  code.at(call.span);
  code.op(Op::CallSpread);
}

void FunctionCompiler::call_value(const CallExpr& call) {
  wrote_state = true;  // what it calls may write anything
  bool is_method = call.callee->kind == ExprKind::kMember &&
                   as<MemberExpr>(*call.callee).target == MemberTarget::kDynamic;
  bool spread = has_spread(call);
  if (is_method && !spread) {
    const auto& member = as<MemberExpr>(*call.callee);
    receiver_operand(*member.object);
    for (const Argument& argument : call.arguments) apart([&] { value(*argument.value); });
    code.at(call.span);
    return code.op(Op::CallMethod, static_cast<std::int64_t>(call.arguments.size()),
                   program.builder.text(member.name.text));
  }
  bool optional_callee = optional_receiver_ && call.callee->kind != ExprKind::kMember;
  optional_receiver_ = false;
  receiver(*call.callee, optional_callee);
  if (spread) return call_spread(call);
  if (has_names(call)) return call_named(call);
  for (const Argument& argument : call.arguments) apart([&] { value(*argument.value); });
  code.at(call.span);
  code.op(Op::CallValue, static_cast<std::int64_t>(call.arguments.size()));
}

void FunctionCompiler::call_variant(const CallExpr& call) {
  if (call.detail == "values") return variants_of(*call.enumeration);
  if (call.detail == "from") return variant_from(*call.enumeration, *call.operands[0]);
  for (const Expr* operand : call.operands) apart([&] { value(*operand); });
  code.op(Op::MakeVariant, static_cast<std::int64_t>(call.operands.size()),
          variant_k(*call.enumeration, call.variant));
}

void FunctionCompiler::variants_of(const check::Enum& enumeration) {
  for (std::uint32_t v = 0; v < enumeration.variants.size(); ++v) variant(enumeration, v);
  code.op(Op::CreateList, static_cast<std::int64_t>(enumeration.variants.size()));
}

void FunctionCompiler::variant_from(const check::Enum& enumeration, const Expr& text_expr) {
  Label end = code.label();
  apart([&] { value(text_expr); });
  for (std::uint32_t v = 0; v < enumeration.variants.size(); ++v) {
    if (!enumeration.variants[v].payload.empty()) continue;
    Label next = code.label();
    code.op(Op::Dup);
    text(enumeration.variants[v].name);
    code.op(Op::Eq);
    code.jump(Op::JumpIfFalse, next);
    std::uint32_t depth = code.depth();
    code.op(Op::Pop);
    variant(enumeration, v);
    code.jump(Op::Jump, end);
    code.place(next);
    code.set_depth(depth);
  }
  code.op(Op::Pop);
  code.op(Op::LoadNone);
  code.place(end);
}

}  // namespace flin::compile
