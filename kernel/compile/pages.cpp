// Pages and components: setup, views, hooks; live values and declarations.
#include "compile/function_compiler.h"
#include "compile/program_compiler.h"
#include "compile/type_form.h"
#include "compile/view_compiler.h"

#include <algorithm>
#include <unordered_set>

namespace flin::compile {

using namespace bytecode;
using namespace syntax;

namespace {

std::string_view hook_name(Hook hook) {
  switch (hook) {
    case Hook::kMount: return "mount";
    case Hook::kUpdate: return "update";
    case Hook::kUnmount: return "unmount";
    case Hook::kStart: return "on start";
    case Hook::kStop: return "on stop";
  }
  return {};
}

// The variables that a setup statement creates.
void created_by(const Stmt& statement, std::vector<const check::Symbol*>& out) {
  if (statement.kind != StmtKind::kAssign) return;
  const auto& assign = as<AssignStmt>(statement);
  bool creates = assign.creates && assign.target->kind == ExprKind::kName;
  if (creates && as<NameExpr>(*assign.target).symbol)
    out.push_back(as<NameExpr>(*assign.target).symbol);
}

bool is_page_view_statement(const Stmt& statement) { return statement.kind == StmtKind::kView; }

}  // namespace

// Tells the page what comes next lies one step further in.
void FunctionCompiler::step(std::string_view native_name,
                            const std::vector<std::int64_t>& numbers) {
  for (std::int64_t number : numbers) integer(number);
  native(native_name, static_cast<std::uint32_t>(numbers.size()));
  code.op(Op::Pop);
}

void FunctionCompiler::leave_step() {
  native("page.leave", 0);
  code.op(Op::Pop);
}

// The variables of an instance as the browser adopts them.
void FunctionCompiler::component_cells(const check::Component& component, std::uint32_t function) {
  std::uint32_t count = 1;
  integer(function);
  for (const check::Symbol* symbol : component.variables) {
    if (!ProgramCompiler::in_state(*symbol)) continue;
    code.op(Op::LoadState, symbol->slot);
    ++count;
  }
  native("page.cells", count);
  code.op(Op::Pop);
}

// A live setup group: its outputs come from the page as a list.
void FunctionCompiler::live_group(const check::LiveValue& live) {
  live_value(live);
  code.op(Op::Unpack, static_cast<std::int64_t>(live.outputs.size()));
  for (std::size_t n = live.outputs.size(); n-- > 0;) store(*live.outputs[n]);
}

void ProgramCompiler::compile_unit(FunctionCompiler& code,
                                   const std::vector<check::SetupStatement>& setup,
                                   const std::vector<const ViewStmt*>& views,
                                   const std::vector<HookStmt*>& hooks, std::string_view scope,
                                   bool is_page) {
  code.in_view_ = true;
  std::unordered_set<const check::LiveValue*> done;
  for (const check::SetupStatement& row : setup) {
    if (is_page_view_statement(*row.statement)) continue;
    code.code.at(row.statement->span);
    code.bound(row.binding, [&] { setup_statement(code, row, done); });
  }
  std::vector<Node*> nodes;
  for (const ViewStmt* view : views)
    nodes.insert(nodes.end(), view->nodes.begin(), view->nodes.end());
  ViewCompiler view(code, scope);
  is_page ? view.page(nodes) : view.nodes(nodes);
  for (const HookStmt* hook : hooks)
    if (hook->handler) code.handler(*hook->handler, hook_name(hook->hook));
}

void ProgramCompiler::setup_statement(FunctionCompiler& code, const check::SetupStatement& row,
                                      std::unordered_set<const check::LiveValue*>& done) {
  switch (row.tier) {
    case check::SetupTier::kLive:
      if (row.live && done.insert(row.live).second) code.live_group(*row.live);
      return;
    case check::SetupTier::kBrowser: {  // none until the browser has run it
      std::vector<const check::Symbol*> created;
      created_by(*row.statement, created);
      for (const check::Symbol* symbol : created) {
        code.code.op(Op::LoadNone);
        code.store(*symbol);
      }
      return;
    }
    default: return code.statement(*row.statement);
  }
}

void ProgramCompiler::compile_pages() {
  for (const check::Page* page : program.pages) {
    std::uint32_t row = unit_rows_.at(page->unit);
    FunctionCompiler code(*this, nullptr, row);
    compile_unit(code, page->setup, page->views, page->hooks, page->scope, true);
    if (row != 0) code.code.op(Op::LoadNone);
    code.code.op(row == 0 ? Op::Halt : Op::Return);
    code.finish("page " + page->path, 0, 0, 0);
    add_page_row(*page, row);
  }
  if (program.pages.size() == 1) return;
  FunctionCompiler empty(*this, nullptr, 0);
  empty.code.op(Op::Halt);
  empty.finish("main", 0, 0, 0);
}

void ProgramCompiler::add_page_row(const check::Page& page, std::uint32_t function) {
  PageRow row;
  row.path = page.path;
  row.title = page.title;
  row.function = function;
  row.globals = static_cast<std::uint32_t>(page.variables.size());
  for (const check::Symbol* symbol : page.variables) {
    CellRow cell{std::string(symbol->name), symbol->slot, type_k(symbol->type), 0};
    bool is_cell = !symbol->stands_for && !symbol->live_output;
    if (in_state(*symbol)) cell.flags = kCellInState;
    if (is_cell && !symbol->browser_reads && symbol->server_action_uses) cell.flags = kCellInToken;
    row.cells.push_back(std::move(cell));
  }
  auto add_live = [&](const std::vector<check::LiveValue*>& lives) {
    for (const check::LiveValue* live : lives) {
      row.inputs.push_back(live->row);
      if (!live->place && !live->in_instance) row.live.push_back(live->row);
    }
  };
  add_live(page.live);
  for (const check::Component* component : page.components) add_live(component->live);
  for (const check::LiveValue* live : program.live)
    if (live->purpose != check::LivePurpose::kShown) row.inputs.push_back(live->row);
  for (const check::Handler* handler : page.handlers) row.handlers.push_back(handler->row);
  for (const check::Component* component : page.components)
    for (const check::Handler* handler : component->handlers) row.handlers.push_back(handler->row);
  std::sort(row.handlers.begin(), row.handlers.end());
  row.handlers.erase(std::unique(row.handlers.begin(), row.handlers.end()), row.handlers.end());
  builder.chunk().pages.push_back(std::move(row));
}

// ---- Live values ----

void ProgramCompiler::compile_lives() {
  builder.chunk().lives.resize(program.live.size());
  for (const check::LiveValue* live : program.live) compile_live(*live);
  for (const check::LivePlace* place : program.places) add_place(*place);
  for (const check::Component* component : program.components) {
    ComponentRow row{unit_rows_.at(component->unit), {}};
    for (const check::Symbol* symbol : component->variables)
      if (in_state(*symbol))
        row.cells.push_back(
            {std::string(symbol->name), symbol->slot, type_k(symbol->type), kCellInState});
    if (!row.cells.empty()) builder.chunk().components.push_back(std::move(row));
  }
}

bool ProgramCompiler::in_state(const check::Symbol& symbol) {
  return symbol.browser_reads && !symbol.stands_for && !symbol.live_output;
}

void ProgramCompiler::add_place(const check::LivePlace& place) {
  PlaceRow row;
  row.kind = static_cast<PlaceKind>(place.kind);
  row.unit = unit_rows_.at(place.unit);
  row.parent = place.parent ? place.parent->row : kNoIndex;
  row.content_of = place.content_of;
  row.view_row = place.kind == check::PlaceKind::kSlot ? place.binding->slot : place.binding->row;
  row.output = kNoIndex;
  if (place.list) row.live = place.list->row;
  if (place.list && !place.list->root) row.output = static_cast<std::uint32_t>(place.output);
  if (place.guard) row.live = place.guard->row;
  if (place.component) row.component = component_rows_.at(place.component);
  for (const check::LivePlace::Prop& prop : place.props) {
    row.props.push_back(prop.value->row);
    row.prop_names.emplace_back(prop.name);
  }
  row.slot = place.slot;
  builder.chunk().places.push_back(std::move(row));
}

// fn (type: text, id: int): the entity from the store, for actions that are given one (L 11.6).
void ProgramCompiler::compile_entity_reader() {
  const auto takes_entity = [](const bytecode::HandlerRow& row) {
    return row.tier == 2 && !row.inputs.empty();
  };
  const std::vector<bytecode::HandlerRow>& rows = handlers();
  if (program.entities.empty() || std::none_of(rows.begin(), rows.end(), takes_entity)) return;
  const std::optional<Bound> find = form("query_find", 2);
  if (!find) return;
  const std::uint32_t row = reserve_function();
  FunctionCompiler code(*this, nullptr, row);
  for (const char* name : {"type", "id"}) {
    const std::uint32_t slot = code.scope.add_temporary();
    code.scope.name_slot(slot, name);
    code.code.op(Op::LoadLocal, slot);
  }
  code.code.ext(find->import, 2, find->results);
  code.code.op(Op::Return);
  code.finish("entity", 2, 2, kServerFunction);
  builder.chunk().entity_reader = row;
}

void ProgramCompiler::compile_live(const check::LiveValue& live) {
  FunctionCompiler code(*this, nullptr, reserve_function());
  code.live_ = &live;
  for (const check::Input& input : live.inputs) {
    std::uint32_t slot = code.scope.add_temporary();
    if (input.symbol) code.scope.name_slot(slot, input.symbol->name);
    code.substitute(input, slot);
  }
  if (live.root) code.code.at(live.root->span);
  code.live_inputs(live);
  for (const check::LiveValue* group : live.before) group_statements(code, *group);
  Label hidden = code.code.label();
  code.open_scope();
  for (const check::LiveGuard& guard : live.guards) code.live_guard(guard, hidden);
  live_result(code, live);
  code.code.op(Op::Return);
  code.close_scope();
  if (!live.guards.empty()) {
    code.code.place(hidden);
    code.code.set_depth(0);
    bool is_list =
        live.purpose == check::LivePurpose::kShown && is_tag(live.type, check::TypeTag::kList);
    is_list ? code.code.op(Op::CreateList, std::int64_t{0}) : code.code.op(Op::LoadNone);
    code.code.op(Op::Return);
  }
  auto arity = static_cast<std::uint32_t>(live.inputs.size());
  code.finish("live " + std::to_string(live.row), arity, arity, kServerFunction);
  fill_live_row(code, live);
}

void ProgramCompiler::live_result(FunctionCompiler& code, const check::LiveValue& live) {
  if (live.purpose == check::LivePurpose::kGuard) return code.code.op(Op::LoadTrue);
  if (live.prop) return ViewCompiler(code).prop_value(*live.prop);
  if (live.root) {
    if (live.purpose == check::LivePurpose::kProp) return code.value(*live.root);
    code.raw_value(*live.root);
    if (is_tag(live.root->type, check::TypeTag::kQuery)) code.run_query(live.fields);
    return;
  }
  if (live.purpose == check::LivePurpose::kProp) return code.code.op(Op::LoadNone);
  group_statements(code, live);
  for (const check::Symbol* output : live.outputs)
    code.code.op(Op::LoadLocal, code.given_symbols_.at(output));
  code.code.op(Op::CreateList, static_cast<std::int64_t>(live.outputs.size()));
}

// The statements of a setup group with its outputs as locals.
void ProgramCompiler::group_statements(FunctionCompiler& code, const check::LiveValue& live) {
  for (const check::Symbol* output : live.outputs) {
    std::uint32_t slot = code.scope.add_temporary();
    code.scope.name_slot(slot, output->name);
    code.given_symbols_[output] = slot;
    code.code.op(Op::LoadNone);
    code.code.op(Op::StoreLocal, slot);
  }
  for (const Stmt* statement : live.group) code.statement(*statement);
}

// Only the id of an entity crosses: what reads more of it asks the store.
void FunctionCompiler::live_inputs(const check::LiveValue& live) {
  for (const check::Input& input : live.inputs) {
    if (!input.is_loaded) continue;
    std::uint32_t slot = given_symbols_.at(input.symbol);
    Label none = code.label();
    code.op(Op::LoadLocal, slot);
    code.op(Op::IsNone);
    code.jump(Op::JumpIfTrue, none);
    text(without_none(input.type)->entity->name);
    code.op(Op::LoadLocal, slot);
    code.op(Op::GetField, program.builder.text("id"));
    ext("query_find", 2);
    code.op(Op::StoreLocal, slot);
    code.place(none);
  }
}

// Goes on if the condition that hides the live value holds; names of its patterns are then bound.
void FunctionCompiler::live_guard(const check::LiveGuard& guard, Label hidden) {
  auto unless = [&](const std::function<void(Label)>& test) {
    Label fails = code.label();
    open_scope();
    test(fails);
    code.jump(Op::Jump, hidden);
    close_scope();
    code.place(fails);
  };
  if (guard.branch_of) {
    const auto& branches = guard.branch_of->branches;
    for (std::size_t n = 0; n < guard.number && n < branches.size(); ++n)
      unless([&](Label fails) { condition(branches[n].condition, fails); });
    if (guard.number < branches.size()) condition(branches[guard.number].condition, hidden);
    return;
  }
  const MatchNode& match = *guard.arm_of;
  std::uint32_t subject = scope.add_temporary();
  value(*match.subject);
  code.op(Op::StoreLocal, subject);
  auto arm = [&](std::size_t n, Label fails) {
    test(*match.arms[n].pattern, subject, type_of(*match.subject), fails);
    if (match.arms[n].guard) jump_if(*match.arms[n].guard, false, fails);
  };
  for (std::size_t n = 0; n < guard.number; ++n) unless([&](Label fails) { arm(n, fails); });
  arm(guard.number, hidden);
}

void ProgramCompiler::fill_live_row(FunctionCompiler& code, const check::LiveValue& live) {
  LiveRow row;
  row.function = code.row();
  auto unit = unit_rows_.find(live.unit);
  row.unit = unit == unit_rows_.end() ? 0 : unit->second;
  const bool is_shown = live.purpose == check::LivePurpose::kShown;
  const bool passes_on =
      live.purpose == check::LivePurpose::kProp && live.inputs.size() == 1 && live.passes_on;
  row.loop = live.place ? live.place->binding->row : kNoIndex;
  row.place = live.place ? live.place->row : kNoIndex;
  row.flags = static_cast<std::uint8_t>(
      (live.is_entity_list ? kEntityList : 0) | (is_shown && !live.root ? kSetupGroup : 0) |
      (live.sends_entity_back ? kSendsEntityBack : 0) | (live.in_instance ? kInInstance : 0) |
      (is_shown ? 0 : kServerOnly) | (passes_on ? kPassesOn : 0));
  row.fields = live.fields;
  std::vector<const check::Type*> types;
  for (const check::Symbol* output : live.outputs) {
    types.push_back(output->type);
    bool of_page = output->kind == check::SymbolKind::kPageVariable;
    row.outputs.push_back({of_page ? InputKind::kPageVariable : InputKind::kComponentVariable,
                           output->slot, type_k(output->type), std::string(output->name)});
  }
  row.type_k = live.root || !is_shown ? type_k(live.type) : tuple_constant(types, builder);
  if (auto shown = live_inputs_.find(&live); shown != live_inputs_.end())
    row.inputs = shown->second;
  else
    code.fill_inputs(live.inputs, row.inputs);
  builder.chunk().lives[live.row] = std::move(row);
}

// ---- Declarations ----

void ProgramCompiler::add_decl(std::string_view form, std::vector<std::uint32_t> operands,
                               std::uint32_t function, const Span& at) {
  DeclRow row;
  row.form_k = builder.text(form);
  auto args = static_cast<std::uint32_t>(operands.size()) + (function == kNoIndex ? 0 : 1);
  if (const check::BoundOp* op = bindings.form(form))
    row.import = builder.import(op->name, args, op->results, op->flags);
  row.function = function;
  row.operand_ks = std::move(operands);
  if (at.file < sources.size()) {
    row.file = sources.at(at.file).path();
    row.line = sources.at(at.file).position(at.begin).line;
  }
  builder.chunk().decls.push_back(std::move(row));
}

void ProgramCompiler::compile_decls() {
  for (const HookStmt* hook : program.process_hooks)
    add_decl(hook_name(hook->hook), {}, body_function(hook_name(hook->hook), *hook->body, 0),
             hook->span);
  for (const check::Declaration* decl : program.declarations) compile_declaration(*decl);
  for (const check::Route* route : program.routes) {
    std::string name = "route " + route->method + ' ' + route->path;
    std::uint32_t function = body_function(name, *route->declaration->body, kServerFunction);
    add_decl("route", {builder.text(route->method), builder.text(route->path)}, function,
             route->declaration->span);
  }
  for (const check::Page* page : program.pages)
    add_decl("page", {builder.text(page->path)}, unit_rows_.at(page->unit), {page->file, 0, 0});
}

// Operands as forms.def has them; none is kNoIndex.
void ProgramCompiler::compile_declaration(const check::Declaration& decl) {
  const DeclFormStmt& statement = *decl.statement;
  std::vector<std::uint32_t> operands;
  std::uint32_t function = kNoIndex;
  if (decl.form == "layout") {
    operands.push_back(literal_constant(statement.operands[0]));
  } else if (decl.form == "guard") {
    const LambdaExpr* otherwise = decl.bodies.empty() ? nullptr : decl.bodies[0];
    operands = {builtin_name(*decl.check), builder.text(decl.place),
                builder.integer(decl.guard->status), builder.function(guard_function(decl)),
                function_constant("guard else", otherwise)};
  } else {
    operands.push_back(builder.text(decl.place));
    const bool has_one = decl.form == "middleware";
    if (has_one) function = declared_function(decl.form, *decl.bodies[0]);
    for (const LambdaExpr* body : has_one ? std::vector<LambdaExpr*>() : decl.bodies)
      operands.push_back(function_constant(decl.form, body));
  }
  add_decl(decl.form, std::move(operands), function, statement.span);
}

std::uint32_t ProgramCompiler::builtin_name(const CallExpr& call) {
  return builder.text(as<NameExpr>(*call.callee).name);
}

std::uint32_t ProgramCompiler::function_constant(std::string_view name, const LambdaExpr* body) {
  return body == nullptr ? kNoIndex : builder.function(declared_function(name, *body));
}

// What a plugin runs with arguments of its own: `on message(data) { .. }`.
std::uint32_t ProgramCompiler::declared_function(std::string_view name, const LambdaExpr& body) {
  FunctionCompiler code(*this, nullptr, reserve_function());
  code.code.at(body.span);
  code.compile_body(body.params, *body.body);
  const auto count = static_cast<std::uint32_t>(body.params.size());
  code.finish(name, count, 0, kServerFunction);
  return code.row();
}

// fn () -> bool: the guard's opcode on its arguments.
std::uint32_t ProgramCompiler::guard_function(const check::Declaration& decl) {
  FunctionCompiler code(*this, nullptr, reserve_function());
  code.code.at(decl.statement->span);
  code.call_builtin(*decl.check->builtin, decl.check->operands);
  code.code.op(Op::Return);
  code.finish("guard " + decl.guard->check.name, 0, 0, kServerFunction);
  return code.row();
}

// A function without parameters that gives the value of `body`.
std::uint32_t ProgramCompiler::body_function(std::string_view name, const Block& body,
                                             std::uint32_t flags) {
  FunctionCompiler code(*this, nullptr, reserve_function());
  code.code.at(body.span);
  code.compile_body({}, body);
  code.finish(name, 0, 0, flags);
  return code.row();
}

}  // namespace flin::compile
