// Order of work: rows of functions are reserved first, so that code may name what comes later; then
// the code of each; then tables that need offsets.
#include "compile/program_compiler.h"

#include "base/assert.h"
#include "compile/function_compiler.h"
#include "compile/prelude.h"
#include "compile/type_form.h"

#include <algorithm>
#include <unordered_set>

namespace flin::compile {

using namespace bytecode;
using namespace syntax;
using check::TypeTag;

ProgramCompiler::ProgramCompiler(const check::CheckedProgram& p, const Sources& s,
                                 const check::Bindings& b)
    : program(p), sources(s), bindings(b) {}
ProgramCompiler::~ProgramCompiler() = default;

Chunk ProgramCompiler::run() {
  Chunk& chunk = builder.chunk();
  chunk.name = program.name;
  chunk.is_server = program.is_server;
  for (std::size_t file = 0; file < sources.size(); ++file)
    chunk.files.emplace_back(sources.at(static_cast<std::uint32_t>(file)).path());
  find_references();
  reserve_rows();
  compile_entities();
  compile_enums();
  if (program.is_server)
    compile_pages();
  else
    compile_script();
  compile_functions();
  compile_components();
  compile_decls();
  compile_lives();
  compile_entity_reader();
  compile_prelude();
  lay_out();
  resolve_ranges();
  return std::move(chunk);
}

void ProgramCompiler::reserve_rows() {
  reserve_function();  // 0: the main code
  for (const check::Page* page : program.pages)
    unit_rows_[page->unit] = program.pages.size() == 1 ? 0 : reserve_function();
  for (const check::Function* function : program.functions)
    if (with_tests || !function->is_test) function_rows_[function] = reserve_function();
  for (const check::Component* component : program.components) {
    component_rows_[component] = reserve_function();
    unit_rows_[component->unit] = component_rows_[component];
  }
  builder.chunk().handlers.resize(program.handlers.size());
  for (const check::Handler* handler : program.handlers) {
    HandlerRow& row = builder.chunk().handlers[handler->row];
    row.kind = static_cast<std::uint8_t>(handler->kind);
    row.tier = handler->on_server ? 2 : 1;
    row.flags = static_cast<std::uint8_t>((handler->uses_event ? kUsesEvent : 0) |
                                          (handler->posts ? kPosts : 0) |
                                          (handler->without_scripts ? kWithoutScripts : 0));
    row.subject = handler->event;
  }
}

std::uint32_t ProgramCompiler::reserve_function() {
  functions_.emplace_back();
  return static_cast<std::uint32_t>(functions_.size() - 1);
}

void ProgramCompiler::finish_function(std::uint32_t row, FinishedFunction finished) {
  functions_[row] = std::move(finished);
}

std::uint32_t ProgramCompiler::function_row(const check::Function* function) {
  if (in_prelude_) return prelude_row(function->declaration->name.text);
  auto it = function_rows_.find(function);
  FLIN_ASSERT(it != function_rows_.end(), "every function of the program has a row");
  return it->second;
}

std::uint32_t ProgramCompiler::type_k(const check::Type* type) {
  return type_constant(type, builder);
}

std::optional<ProgramCompiler::Bound> ProgramCompiler::form(std::string_view form,
                                                            std::uint32_t args) {
  const check::BoundOp* op = bindings.form(form);
  if (!op) return std::nullopt;
  return Bound{builder.import(op->name, args, op->results, op->flags), args, op->results};
}

void ProgramCompiler::handler_range(std::uint32_t handler, std::uint32_t function, Label start,
                                    Label end) {
  handler_ranges_.push_back({handler, function, start, end});
}

void ProgramCompiler::view_range(const check::Binding* binding, std::uint32_t function, Label start,
                                 Label end, std::vector<ViewRow::Read> reads) {
  view_ranges_[binding] = {function, start, end, std::move(reads)};
}

// ---- Functions ----

void ProgramCompiler::compile_functions() {
  for (const check::Function* function : program.functions)
    if (with_tests || !function->is_test) compile_function(*function, 0);
}

void ProgramCompiler::compile_function(const check::Function& function, std::uint32_t more_flags) {
  const FunctionStmt& declaration = *function.declaration;
  FunctionCompiler code(*this, nullptr, function_row(&function));
  code.code.at(declaration.span);
  code.result_kind = slot_kind(function.result);
  static const Block kEmpty;
  code.compile_body(declaration.params, declaration.body ? *declaration.body : kEmpty);
  std::uint32_t flags = more_flags | (declaration.server ? kServerFunction : 0) |
                        (declaration.client ? kClientFunction : 0);
  if (function.unit && function.unit->uses_event) flags |= kTakesEvent;
  code.finish(declaration.name.text, static_cast<std::uint32_t>(declaration.params.size()),
              static_cast<std::uint32_t>(function.least_arguments), flags);
}

void ProgramCompiler::compile_script() {
  builder.chunk().globals = static_cast<std::uint32_t>(program.script_variables.size());
  FunctionCompiler code(*this, nullptr, 0);
  for (const File* file : program.files)
    for (const Stmt* statement : file->statements) code.statement(*statement);
  code.code.op(Op::Halt);
  code.finish("main", 0, 0, 0);
}

void ProgramCompiler::compile_components() {
  for (const check::Component* component : program.components) compile_component(*component);
}

void ProgramCompiler::compile_component(const check::Component& component) {
  FunctionCompiler code(*this, nullptr, component_rows_.at(&component));
  compile_unit(code, component.setup, component.views, component.hooks, component.scope, false);
  if (std::any_of(component.variables.begin(), component.variables.end(),
                  [](const check::Symbol* symbol) { return in_state(*symbol); }))
    code.component_cells(component, component_rows_.at(&component));
  code.code.op(Op::LoadNone);
  code.code.op(Op::Return);
  code.finish(component.name, 0, 0, 0);
  component_constant(&component);
}

std::uint32_t ProgramCompiler::component_constant(const check::Component* component) {
  if (auto known = component_ks_.find(component); known != component_ks_.end())
    return known->second;
  Constant constant;
  constant.tag = Tag::kComponent;
  constant.items = {builder.text(component->name), component_rows_.at(component)};
  for (const check::Symbol* prop : component->props) {
    constant.items.push_back(builder.text(prop->name));
    constant.items.push_back(type_k(prop->type));
    constant.items.push_back(prop_default(*component, *prop));
  }
  std::uint32_t k = builder.constant(std::move(constant));
  component_ks_[component] = k;
  return k;
}

// Row of the function that gives the default of a prop; kNoIndex: it is required.
std::uint32_t ProgramCompiler::prop_default(const check::Component& component,
                                            const check::Symbol& prop) {
  const Expr* fallback = nullptr;
  if (component.unit && component.unit->params)
    for (const Param& param : *component.unit->params)
      if (param.symbol == &prop) fallback = param.fallback;
  if (!fallback) return kNoIndex;
  FunctionCompiler code(*this, nullptr, reserve_function());
  code.code.at(fallback->span);
  code.value(*fallback);
  code.code.op(Op::Return);
  code.finish(prop.name, 0, 0, 0);
  return code.row();
}

// ---- Layout ----

void ProgramCompiler::lay_out() {
  Chunk& chunk = builder.chunk();
  for (FinishedFunction& finished : functions_) {
    finished.row.code_offset = static_cast<std::uint32_t>(chunk.code.size());
    finished.row.code_size = static_cast<std::uint32_t>(finished.code.code.size());
    chunk.code.insert(chunk.code.end(), finished.code.code.begin(), finished.code.code.end());
    if (!(finished.row.flags & kPrelude)) add_lines(finished);
    chunk.functions.push_back(finished.row);
    chunk.names.insert(chunk.names.end(), finished.names.begin(), finished.names.end());
  }
}

void ProgramCompiler::add_lines(const FinishedFunction& finished) {
  for (const Assembled::Place& place : finished.code.places) {
    if (place.span.file >= sources.size()) continue;
    Position at = sources.at(place.span.file).position(place.span.begin);
    LineRow row{finished.row.code_offset + place.offset,
                static_cast<std::uint16_t>(place.span.file),
                static_cast<std::uint16_t>(std::min<std::uint32_t>(at.column, 0xFFFF)), at.line};
    builder.chunk().lines.push_back(row);
  }
}

void ProgramCompiler::resolve_ranges() {
  for (const HandlerRange& range : handler_ranges_) {
    HandlerRow& row = builder.chunk().handlers[range.handler];
    const Assembled& code = functions_[range.function].code;
    row.function = range.function;
    row.start = code.labels[range.start];
    row.end = code.labels[range.end];
  }
  for (const check::Page* page : program.pages)
    add_view_rows(unit_rows_.at(page->unit), page->bindings);
  for (const check::Component* component : program.components)
    add_view_rows(unit_rows_.at(component->unit), component->bindings);
}

void ProgramCompiler::add_view_rows(std::uint32_t function,
                                    const std::vector<check::Binding*>& bindings) {
  for (const check::Binding* binding : bindings) {
    ViewRow row;
    row.function = function;
    row.kind = static_cast<std::uint8_t>(binding->kind);
    row.tier = binding->browser_only ? 1 : 0;
    auto range = view_ranges_.find(binding);
    if (range != view_ranges_.end() && range->second.function == function) {
      const Assembled& code = functions_[function].code;
      row.start = code.labels[range->second.start];
      row.end = code.labels[range->second.end];
      row.reads = range->second.reads;
    }
    builder.chunk().views.push_back(std::move(row));
  }
}

}  // namespace flin::compile
