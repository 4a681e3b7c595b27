// Names to symbols: one walk over the program in order of the source, with the scopes of L 5.1.
// Makes units and captures on the way and notes which function uses and writes what.
#include "check/resolver.h"

#include <algorithm>
#include <cctype>

namespace flin::check {
using namespace syntax;

void Resolver::run() {
  for (FileFacts& file : t_.files) constants(*file.file);
  for (FileFacts& file : t_.files)
    if (file.frame != nullptr) collect(*file.frame, file.file->statements);
  for (Component* c : p_.components) enter_props(*c);
  for (FileFacts& file : t_.files) resolve_file(file);
  for (Declaration* d : p_.declarations) resolve_declaration(*d);
  for (auto& [name, dispatcher] : t_.dispatchers) resolve_function(*dispatcher);
  bind_functions();
  check_page_bound();
}

void Resolver::handler(const Block* body) {
  bool setup = setup_;
  setup_ = false;
  in_scope([&] { block(body); });
  setup_ = setup;
}

std::string_view Resolver::word_of(StmtKind kind) {
  switch (kind) {
    case StmtKind::kFunction: return "fn";
    case StmtKind::kEntity: return "entity";
    case StmtKind::kEnum: return "enum";
    case StmtKind::kComponent: return "component";
    case StmtKind::kTrait: return "trait";
    case StmtKind::kImpl: return "impl";
    case StmtKind::kTypeAlias: return "type";
    case StmtKind::kTest: return "test";
    default: return "route";
  }
}

Symbol* Resolver::make(SymbolKind kind, const Word& word) {
  Symbol* symbol = p_.arena.make<Symbol>();
  symbol->kind = kind;
  symbol->name = word.text;
  symbol->declared = word.span;
  symbol->unit = unit_;
  return symbol;
}

Symbol* Resolver::show(Symbol* symbol) {
  visible_[symbol->name].push_back(symbol);
  log_.push_back(symbol->name);
  return symbol;
}

Symbol* Resolver::declare_local(const Word& word) {
  if (word.text == "_") return nullptr;
  return show(make(SymbolKind::kLocal, word));
}

Symbol* Resolver::frame_variable(Frame& frame, const Word& word) {
  auto [it, is_new] = frame.variables.try_emplace(word.text, nullptr);
  if (!is_new) return it->second;
  Unit* outer = unit_;
  unit_ = frame.unit;
  it->second = make(frame.kind, word);
  unit_ = outer;
  it->second->slot = static_cast<std::uint32_t>(frame.slots->size());
  frame.slots->push_back(it->second);
  if (auto f = frame.functions.find(word.text); f != frame.functions.end()) {
    Report& r = t_.reports.add(Code::E0004, word.span, {word.text}, "a variable of the same name");
    r.others.push_back({f->second->declaration->name.span, "first declared here"});
  }
  return it->second;
}

// Top-level constants with a literal value are program-wide.
void Resolver::constants(const File& file) {
  for (Stmt* s : file.statements) {
    if (s->kind != StmtKind::kAssign || as<AssignStmt>(*s).declare != Declare::kConst) continue;
    auto& a = as<AssignStmt>(*s);
    if (!is_literal(a.value) || a.target->kind != ExprKind::kName) continue;
    Word word{as<NameExpr>(*a.target).name, a.target->span};
    auto [it, is_new] = t_.constants.try_emplace(word.text, nullptr);
    if (!is_new) {
      Report& r = t_.reports.add(Code::E0004, word.span, {word.text}, "declared again here");
      r.others.push_back({it->second->declared, "first declared here"});
      continue;
    }
    it->second = make(SymbolKind::kConstant, word);
    it->second->is_const = true;
    it->second->constant = a.value;
    as<NameExpr>(*a.target).symbol = it->second;
    a.creates = true;
  }
}

bool Resolver::is_literal(const Expr* e) {
  switch (e->kind) {
    case ExprKind::kInt:
    case ExprKind::kNumber:
    case ExprKind::kText:
    case ExprKind::kBool:
    case ExprKind::kMoney:
    case ExprKind::kRegex:
    case ExprKind::kNone: return true;
    case ExprKind::kUnary: return is_literal(as<UnaryExpr>(*e).operand);
    default: return false;
  }
}

bool Resolver::is_constant(const Stmt& s) {
  if (s.kind != StmtKind::kAssign || as<AssignStmt>(s).target->kind != ExprKind::kName)
    return false;
  const Symbol* symbol = as<NameExpr>(*as<AssignStmt>(s).target).symbol;
  return as<AssignStmt>(s).creates && symbol != nullptr && symbol->kind == SymbolKind::kConstant;
}

// Page variables are visible to all functions of the file, so they are made before anything is
// resolved.
void Resolver::collect(Frame& frame, const std::vector<Stmt*>& statements) {
  for (Stmt* s : statements) {
    if (s->kind == StmtKind::kAssign) {
      auto& a = as<AssignStmt>(*s);
      bool plain = a.target->kind == ExprKind::kName &&
                   (a.op == AssignOp::kSet || a.declare != Declare::kNo);
      if (!plain || as<NameExpr>(*a.target).symbol != nullptr) continue;
      Word word{as<NameExpr>(*a.target).name, a.target->span};
      if (a.declare == Declare::kNo && t_.constants.count(word.text) > 0) continue;
      Symbol* symbol = frame_variable(frame, word);
      if (a.declare == Declare::kConst) symbol->is_const = true;
    } else if (s->kind == StmtKind::kDestructure) {
      collect_pattern(frame, as<DestructureStmt>(*s).pattern);
    }
  }
}

void Resolver::collect_pattern(Frame& frame, Pattern* p) {
  if (p == nullptr) return;
  if (p->kind == PatternKind::kName && p->name.text != "_") frame_variable(frame, p->name);
  for (Pattern* item : p->items) collect_pattern(frame, item);
  for (MapPatternItem& entry : p->entries) collect_pattern(frame, entry.pattern);
  bool has_rest_name = p->kind != PatternKind::kName && p->has_rest && !p->name.text.empty();
  if (has_rest_name) frame_variable(frame, p->name);
}

void Resolver::enter_props(Component& c) {
  auto it = t_.component_frames.find(&c);
  if (it == t_.component_frames.end()) return;
  for (Param& param : c.declaration->params) {
    Unit* outer = unit_;
    unit_ = c.unit;
    param.symbol = make(SymbolKind::kProp, param.name);
    unit_ = outer;
    it->second->variables[param.name.text] = param.symbol;
    c.props.push_back(param.symbol);
  }
  collect(*it->second, c.declaration->body->statements);
}

void Resolver::resolve_file(FileFacts& file) {
  for (Stmt* s : file.file->statements) {
    if (s->kind == StmtKind::kFunction) resolve_function(*as<FunctionStmt>(*s).function);
    if (s->kind == StmtKind::kTest) resolve_function(*as<TestStmt>(*s).function->function);
    if (s->kind == StmtKind::kTrait) resolve_methods(as<TraitStmt>(*s).methods);
    if (s->kind == StmtKind::kImpl) resolve_methods(as<ImplStmt>(*s).methods);
    if (s->kind == StmtKind::kComponent) resolve_component(*as<ComponentStmt>(*s).component);
    if (s->kind == StmtKind::kRoute) resolve_route(as<RouteStmt>(*s));
    if (s->kind == StmtKind::kEntity) resolve_entity(as<EntityStmt>(*s));
    if (s->kind == StmtKind::kHook) resolve_process_hook(as<HookStmt>(*s));
  }
  if (file.component != nullptr) return resolve_component(*file.component);
  frame_ = file.frame;
  if (frame_ == nullptr) return constants_of(*file.file);
  unit_ = frame_->unit;
  request_ = file.page != nullptr ? kPageRequest : kNoRequest;
  resolve_top(file.file->statements);
  frame_ = nullptr;
}

void Resolver::constants_of(const File& file) {
  for (Stmt* s : file.statements)
    if (s->kind == StmtKind::kAssign) expr(as<AssignStmt>(*s).value);
}

// Setup in order, then views, handlers and hooks, which see all variables.
void Resolver::resolve_top(const std::vector<Stmt*>& statements) {
  created_.clear();
  if (unit_->component != nullptr)
    for (Symbol* prop : unit_->component->props) created_.insert(prop);
  setup_ = true;
  depth_ = 0;
  for (Stmt* s : statements)
    if (s->kind <= StmtKind::kDeleteKey && !is_constant(*s)) {
      frame_->setup.push_back(s);
      stmt(s);
    }
  setup_ = false;
  view_ = true;
  for (Stmt* s : statements) {
    if (s->kind == StmtKind::kView) in_scope([&] { stmt(s); });
    if (s->kind == StmtKind::kHook && !is_process_hook(as<HookStmt>(*s))) hook(as<HookStmt>(*s));
  }
  view_ = false;
}

bool Resolver::is_process_hook(const HookStmt& h) {
  return h.hook == Hook::kStart || h.hook == Hook::kStop;
}

void Resolver::hook(HookStmt& h) {
  for (const Word& word : h.names)
    if (frame_->variables.count(word.text) == 0) undefined(word.span, word.text);
  handler(h.body);
}

void Resolver::resolve_process_hook(HookStmt& h) {
  if (!is_process_hook(h)) return;
  frame_ = nullptr;
  request_ = kNoRequest;
  Unit* unit = p_.arena.make<Unit>();
  unit->kind = UnitKind::kHook;
  unit->body = h.body;
  Handler* handler = p_.arena.make<Handler>();
  handler->unit = unit;
  handler->body = h.body;
  handler->on_server = true;
  h.handler = handler;
  p_.process_hooks.push_back(&h);
  in_unit(unit, [&] { block(h.body); });
}

void Resolver::resolve_methods(const std::vector<FunctionStmt*>& methods) {
  for (FunctionStmt* method : methods) {
    if (method->function == nullptr) continue;
    method_ = method->function;
    resolve_function(*method->function);
    method_ = nullptr;
  }
}

void Resolver::resolve_function(Function& f) {
  function_ = &f;
  frame_ = t_.facts[&f].frame;
  request_ = frame_ != nullptr && frame_->unit->kind == UnitKind::kPage ? kPageRequest : kNoRequest;
  in_unit(f.unit, [&] {
    parameters(f.declaration->params);
    block(f.declaration->body);
  });
  function_ = nullptr;
  unit_ = nullptr;
}

void Resolver::resolve_component(Component& c) {
  auto it = t_.component_frames.find(&c);
  if (it == t_.component_frames.end()) return;
  for (Stmt* s : c.declaration->body->statements) {
    if (s->kind == StmtKind::kFunction) resolve_function(*as<FunctionStmt>(*s).function);
    if (s->kind == StmtKind::kDeclForm) stmt(s);
  }
  frame_ = it->second;
  unit_ = c.unit;
  request_ = kPageRequest;
  for (Param& param : c.declaration->params) expr(param.fallback);
  resolve_top(c.declaration->body->statements);
  frame_ = nullptr;
}

void Resolver::resolve_route(RouteStmt& s) {
  frame_ = nullptr;
  request_ = kFullRequest;
  in_unit(s.unit, [&] { block(s.body); });
  request_ = kNoRequest;
}

// Middleware, guards and sockets: code with a request and without variables of a page.
void Resolver::resolve_declaration(Declaration& d) {
  frame_ = nullptr;
  unit_ = nullptr;
  request_ = kFullRequest;
  socket_ = d.statement->is_socket;
  if (d.check != nullptr) {
    in_unit(d.unit, [&] {
      for (Argument& argument : d.check->arguments) expr(argument.value);
    });
  }
  for (LambdaExpr* body : d.bodies) {
    if (body == nullptr) continue;
    lambda(*body);
    body->unit->kind = UnitKind::kRoute;
  }
  socket_ = false;
  request_ = kNoRequest;
}

void Resolver::resolve_entity(EntityStmt& s) {
  frame_ = nullptr;
  Unit unit{};
  unit.kind = UnitKind::kHook;
  in_unit(&unit, [&] {
    for (FieldNode& field : s.fields) {
      expr(field.fallback);
      for (ValidatorNode& validator : field.validators)
        for (Expr* argument : validator.arguments) expr(argument);
    }
  });
}

void Resolver::parameters(std::vector<Param>& params) {
  for (Param& param : params) {
    expr(param.fallback);
    if (param.pattern != nullptr) {
      param.symbol = make(SymbolKind::kParameter, param.name);
      bool creating = creating_;
      creating_ = true;
      pattern(param.pattern);
      creating_ = creating;
    } else if (param.name.text != "_") {
      param.symbol = show(make(SymbolKind::kParameter, param.name));
    } else {
      param.symbol = make(SymbolKind::kParameter, param.name);
    }
  }
}

void resolve_names(Tables& tables) { Resolver(tables).run(); }

}  // namespace flin::check
