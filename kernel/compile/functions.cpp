// Functions, lambdas and closures.
#include "compile/function_compiler.h"

namespace flin::compile {

using namespace syntax;

FunctionCompiler::FunctionCompiler(ProgramCompiler& owner, FunctionCompiler* parent,
                                   std::uint32_t row)
    : program(owner), parent_(parent), row_(row) {}

void FunctionCompiler::parameters(const std::vector<Param>& params) {
  std::vector<std::uint32_t> slots;
  for (const Param& param : params)
    slots.push_back(param.symbol ? scope.add(param.symbol) : scope.add_temporary());
  for (std::size_t n = 0; n < params.size(); ++n) {
    if (!params[n].fallback) continue;
    Label given = code.label();
    code.at(params[n].name.span);
    code.op(Op::ArgGiven, slots[n]);
    code.jump(Op::JumpIfTrue, given);
    value(*params[n].fallback);
    code.op(Op::StoreLocal, slots[n]);
    code.place(given);
  }
  for (std::size_t n = 0; n < params.size(); ++n) {
    if (!params[n].pattern) continue;
    code.op(Op::LoadLocal, slots[n]);
    bind(*params[n].pattern, nullptr);
  }
}

void FunctionCompiler::compile_body(const std::vector<Param>& params, const Block& body) {
  parameters(params);
  statements(body, true);
  code.op(Op::Return);
}

void FunctionCompiler::finish(std::string_view name, std::uint32_t arity, std::uint32_t least,
                              std::uint32_t flags) {
  FinishedFunction finished;
  finished.row.name_k = name.empty() ? bytecode::kNoIndex : program.builder.text(name);
  finished.row.arity = static_cast<std::uint8_t>(arity);
  finished.row.least_arity = static_cast<std::uint8_t>(least);
  finished.row.flags =
      static_cast<std::uint8_t>(flags | (program.in_prelude() ? bytecode::kPrelude : 0));
  finished.row.locals = static_cast<std::uint16_t>(scope.most());
  finished.row.upvalues = upvalues_;
  finished.row.kinds = scope.kinds(least, arity);
  finished.row.result = result_kind;
  finished.code = code.assemble();
  finished.row.max_stack = finished.code.max_stack;
  for (const Scope::Named& named : scope.names())
    finished.names.push_back({row_, named.slot, std::string(named.name)});
  program.finish_function(row_, std::move(finished));
}

namespace {

std::uint32_t least_of(const std::vector<Param>& params) {
  std::uint32_t least = 0;
  for (std::size_t n = 0; n < params.size(); ++n)
    if (!params[n].fallback) least = static_cast<std::uint32_t>(n) + 1;
  return least;
}

}  // namespace

void FunctionCompiler::close_over(FunctionCompiler& inner) {
  code.op(Op::Closure, program.builder.function(inner.row()));
}

void FunctionCompiler::closure(const LambdaExpr& lambda) {
  FunctionCompiler inner(program, this, program.reserve_function());
  inner.code.at(lambda.span);
  if (is_tag(lambda.type, check::TypeTag::kFunction))
    inner.result_kind = slot_kind(lambda.type->items.back());
  inner.compile_body(lambda.params, *lambda.body);
  bool takes_event = lambda.unit && lambda.unit->uses_event;
  inner.finish({}, static_cast<std::uint32_t>(lambda.params.size()), least_of(lambda.params),
               takes_event ? bytecode::kTakesEvent : 0);
  close_over(inner);
}

void FunctionCompiler::block_closure(const Block& body) {
  FunctionCompiler inner(program, this, program.reserve_function());
  inner.code.at(body.span);
  inner.compile_body({}, body);
  inner.finish({}, 0, 0, 0);
  close_over(inner);
}

void FunctionCompiler::builtin_closure(const check::Builtin& builtin, std::uint32_t arity) {
  FunctionCompiler inner(program, nullptr, program.reserve_function());
  std::vector<NameExpr> names;
  std::vector<check::Symbol> symbols(arity);
  names.reserve(arity);
  std::vector<Expr*> operands;
  for (std::uint32_t n = 0; n < arity; ++n) {
    symbols[n].kind = check::SymbolKind::kParameter;
    symbols[n].name = "value";
    inner.scope.add(&symbols[n]);
    names.emplace_back(Span{}, "value");
    names.back().symbol = &symbols[n];
    operands.push_back(&names.back());
  }
  inner.call_builtin(builtin, operands);
  inner.code.op(Op::Return);
  inner.finish(builtin.name, arity, arity, 0);
  close_over(inner);
}

}  // namespace flin::compile
