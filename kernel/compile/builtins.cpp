// Calls of built-ins: an opcode, a Hof instruction, a function of the prelude, CallNative or Ext.
#include "compile/function_compiler.h"
#include "compile/prelude.h"

#include <charconv>

namespace flin::compile {

using namespace syntax;
using check::Builtin;
using check::Type;
using check::TypeTag;

namespace {

enum Receiver : std::uint8_t { kOnText, kOnList, kOnNumber, kOnAny };
struct BuiltinOp {
  std::string_view name;
  std::size_t arguments;
  Receiver receiver;
  Op op;
};
constexpr BuiltinOp kBuiltinOps[] = {
#define BUILTIN_OP(name, arguments, receiver, op) {#name, arguments, receiver, Op::op},
#include "compile/builtin_ops.def"
#undef BUILTIN_OP
};

bool fits(Receiver receiver, const Type* type) {
  switch (receiver) {
    case kOnText: return is_tag(type, TypeTag::kText);
    case kOnList: return is_tag(type, TypeTag::kList);
    case kOnNumber: return is_tag(type, TypeTag::kInt) || is_tag(type, TypeTag::kNumber);
    case kOnAny: return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The part of "(a: int, b: text = \" \") -> text" behind the `=` of parameter `n`; empty: it has
// none.
std::string_view default_text(std::string_view signature, std::size_t n) {
  int depth = 0;
  bool quoted = false;
  std::size_t parameter = 0, start = std::string_view::npos;
  for (std::size_t at = 0; at < signature.size(); ++at) {
    char c = signature[at];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    bool ends = (c == ',' && depth == 1) || (c == ')' && depth == 1);
    if (ends && start != std::string_view::npos)
      return trimmed(signature.substr(start, at - start));
    if (c == ',' && depth == 1) ++parameter;
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth == 0) return {};
    if (c == '=' && depth == 1 && parameter == n) start = at + 1;
  }
  return {};
}

}  // namespace

void FunctionCompiler::default_value(std::string_view written) {
  if (written == "true" || written == "false")
    return code.op(written == "true" ? Op::LoadTrue : Op::LoadFalse);
  if (written.size() >= 2 && written.front() == '"')
    return text(written.substr(1, written.size() - 2));
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
  if (error == std::errc{} && end == written.data() + written.size()) return integer(number);
  code.op(Op::LoadNone);
}

void FunctionCompiler::operand(const Builtin& builtin, Operands operands, std::size_t n) {
  if (!operands[n]) return default_value(default_text(builtin.signature, n));
  if (n == 0) return receiver_operand(*operands[n]);
  apart([&] { value(*operands[n]); });
}

void FunctionCompiler::operands_in_order(const Builtin& builtin, Operands operands) {
  for (std::size_t n = 0; n < operands.size(); ++n) operand(builtin, operands, n);
}

void FunctionCompiler::call_builtin(const Builtin& builtin, Operands operands) {
  while (!operands.empty() && !operands.back()) operands = operands.first(operands.size() - 1);
  if (builtin.flags & check::kBuiltinWrites) wrote_state = true;
  if (builtin.tier == check::Tier::kBrowser && builtin.op.empty())
    return code.op(Op::LoadNone);  // exists only in the browser; this code is never run
  auto count = static_cast<std::uint32_t>(operands.size());
  if (!builtin.op.empty()) {
    operands_in_order(builtin, operands);
    bool gives = builtin.signature.rfind("-> none") + 7 != builtin.signature.size();
    std::uint32_t import = program.builder.import(builtin.op, count, gives, builtin.flags);
    code.ext(import, count, gives);
    if (!gives) code.op(Op::LoadNone);
    return;
  }
  if (by_function(builtin, operands) || by_opcode(builtin, operands)) return;
  operands_in_order(builtin, operands);
  native(builtin.name, count);
}

bool FunctionCompiler::by_opcode(const Builtin& builtin, Operands operands) {
  if (operands.empty() || !operands[0]) return false;
  const Type* type = without_none(type_of(*operands[0]));  // a `?.` was before
  for (const BuiltinOp& row : kBuiltinOps) {
    if (row.name != builtin.name || row.arguments != operands.size() || !fits(row.receiver, type))
      continue;
    operands_in_order(builtin, operands);
    code.op(row.op);
    return true;
  }
  return false;
}

// Those whose instruction takes its operands in another form, and the prelude.
bool FunctionCompiler::by_function(const Builtin& builtin, Operands operands) {
  std::size_t count = operands.size();
  if (builtin.name == "print") {
    operands_in_order(builtin, operands);
    code.op(Op::Print, static_cast<std::int64_t>(count));
    code.op(Op::LoadNone);
    return true;
  }
  const Type* type = count > 0 && operands[0] ? without_none(type_of(*operands[0])) : nullptr;
  if (!is_tag(type, TypeTag::kList) && !is_tag(type, TypeTag::kAny)) return false;
  if (builtin.name == "each" && count == 2) {
    operands_in_order(builtin, operands);
    code.op(Op::HofEach);
    code.op(Op::LoadNone);
    return true;
  }
  if (builtin.name == "reduce" && count == 3) {
    operands_in_order(builtin, operands);
    code.op(Op::Swap);
    code.op(Op::HofReduce);
    return true;
  }
  if (builtin.name == "sort" && count == 1) {
    operands_in_order(builtin, operands);
    code.op(Op::LoadNone);
    code.op(Op::HofSort);
    return true;
  }
  if (builtin.name == "sort_by" && count == 2) {
    operands_in_order(builtin, operands);
    code.op(Op::HofSort);
    return true;
  }
  std::string_view function = prelude_function(builtin.name, count);
  if (function.empty()) return false;
  operands_in_order(builtin, operands);
  code.op(Op::Call, static_cast<std::int64_t>(count),
          program.builder.function(program.prelude_row(function)));
  return true;
}

}  // namespace flin::compile
