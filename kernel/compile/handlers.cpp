// Handlers: code inside the function that shows them, passed over while it renders.
#include "compile/function_compiler.h"

#include "compile/type_form.h"

namespace flin::compile {

using namespace syntax;
using bytecode::InputRow;
using check::TypeTag;

namespace {

bool takes_argument(const check::Type* type) { return type->items.size() > 1; }

}  // namespace

// A function as the last value is called (L 6.7), with the event if it takes one. What may or may
// not be a function is looked at when it is there.
void FunctionCompiler::last_value(const Expr& expr) {
  const check::Type* type = type_of(expr);
  if (is_tag(type, TypeTag::kFunction)) {
    wrote_state = true;
    value(expr);
    if (takes_argument(type)) code.op(Op::LoadContext, 0);
    code.op(Op::CallValue, takes_argument(type) ? 1 : 0);
    return code.op(Op::Pop);
  }
  bool possible = is_tag(type, TypeTag::kAny) || is_tag(without_none(type), TypeTag::kFunction) ||
                  is_tag(type, TypeTag::kUnion);
  if (!possible) return discard(expr);
  wrote_state = true;
  check::Types& types = *program.program.types;
  const check::Type* any = types.simple(TypeTag::kAny);
  Label no_function = code.label(), end = code.label();
  value(expr);
  code.op(Op::Dup);
  code.op(Op::IsType, program.type_k(types.function({any}, any)));
  code.jump(Op::JumpIfFalse, no_function);
  std::uint32_t depth = code.depth();
  code.op(Op::LoadContext, 0);
  code.op(Op::CallValue, 1);
  code.jump(Op::Jump, end);
  code.place(no_function);
  code.set_depth(depth);
  code.place(end);
  code.op(Op::Pop);
}

void FunctionCompiler::fill_inputs(const std::vector<check::Input>& from,
                                   std::vector<InputRow>& to) {
  for (const check::Input& input : from) to.push_back(input_row(input));
}

InputRow FunctionCompiler::input_row(const check::Input& input) {
  InputRow row;
  row.kind = static_cast<bytecode::InputKind>(input.kind);
  row.type_k = program.type_k(input.type);
  if (input.symbol) row.name = input.symbol->name;
  if (input.place) row.place = input.place->row;
  row.is_index = input.is_index;
  switch (input.kind) {
    case check::InputKind::kProp:
      row.name = input.symbol ? std::string(input.symbol->name) : input.path;
      row.index = program.builder.text(row.name);
      break;
    case check::InputKind::kLocal:
    case check::InputKind::kUpvalue: {
      if (!place_exists(*input.symbol)) break;
      Place place = place_of(*input.symbol);
      row.kind = place.is_upvalue ? bytecode::InputKind::kUpvalue : bytecode::InputKind::kLocal;
      row.index = place.index;
      break;
    }
    case check::InputKind::kPath: {
      std::vector<std::string_view> names;
      std::string_view rest = input.path;
      for (std::size_t dot; (dot = rest.find('.')) != rest.npos; rest.remove_prefix(dot + 1))
        names.push_back(rest.substr(0, dot));
      names.push_back(rest);
      row.name = input.path;
      row.index = program.builder.names(names);
      break;
    }
    default: row.index = input.symbol ? input.symbol->slot : 0;
  }
  return row;
}

void FunctionCompiler::handler(const check::Handler& from, std::string_view event) {
  code.op(Op::CreateHandler, program.builder.text(event));
  Label start = code.here(), end = code.label();
  bool wrote_before = wrote_state;
  wrote_state = false;
  std::vector<Frame> frames;
  frames.swap(frames_);  // `break` in a handler is no way out of a loop around it
  std::vector<std::vector<bytecode::ViewRow::Read>*> watchers;
  watchers.swap(watchers_);
  bool was_view = in_view_;
  in_view_ = false;
  open_scope();
  const Block* body = from.body;
  std::size_t count = body ? body->statements.size() : 0;
  for (std::size_t n = 0; n < count; ++n) {
    const Stmt& next = *body->statements[n];
    bool is_last = n + 1 == count && next.kind == StmtKind::kExpr;
    code.at(next.span);
    if (is_last)
      last_value(*as<ExprStmt>(next).value);
    else
      statement(next);
  }
  close_scope();
  in_view_ = was_view;
  watchers.swap(watchers_);
  frames.swap(frames_);
  if (wrote_state) code.op(Op::TriggerUpdate);
  wrote_state = wrote_before;
  code.op(Op::EndHandler);
  code.place(end);
  auto& rows = program.handlers();
  if (from.row >= rows.size()) return;
  fill_inputs(from.inputs, rows[from.row].inputs);
  fill_inputs(from.outputs, rows[from.row].outputs);
  program.handler_range(from.row, row_, start, end);
}

}  // namespace flin::compile
