// Names to symbols: one walk over the program in order of the source, with the scopes of L 5.1.
// Makes units and captures on the way and notes which function uses and writes what.
#include "check/tables.h"
#include "check/walk.h"

#include <algorithm>
#include <cctype>
#include <unordered_set>

namespace flin::check {
using namespace syntax;
namespace {

// Methods whose arguments may hold names of fields.
bool takes_fields(std::string_view method) {
  for (std::string_view m :
       {"where", "order", "order_by", "sum", "avg", "min", "max", "distinct", "group_by"})
    if (m == method) return true;
  return false;
}

class Resolver : public Walker {
 public:
  explicit Resolver(Tables& tables) : t_(tables), p_(tables.program) {}

  void run() {
    for (FileFacts& file : t_.files) constants(*file.file);
    for (FileFacts& file : t_.files)
      if (file.frame != nullptr) collect(*file.frame, file.file->statements);
    for (Component* c : p_.components) enter_props(*c);
    for (FileFacts& file : t_.files) resolve_file(file);
    bind_functions();
    check_page_bound();
  }

  void expr(Expr* e) override {
    if (e == nullptr) return;
    switch (e->kind) {
      case ExprKind::kName: return name(as<NameExpr>(*e));
      case ExprKind::kIf: return if_expr(as<IfExpr>(*e));
      case ExprKind::kFor: return for_expr(as<ForExpr>(*e));
      case ExprKind::kWhile: return while_expr(as<WhileExpr>(*e));
      case ExprKind::kMatch: return match_expr(as<MatchExpr>(*e));
      case ExprKind::kBlock: return in_scope([&] { block(as<BlockExpr>(*e).block); });
      case ExprKind::kEntity: return entity_literal(as<EntityExpr>(*e));
      case ExprKind::kIs: return Walker::expr(e);
      default: return Walker::expr(e);
    }
  }

  void stmt(Stmt* s) override {
    if (s == nullptr) return;
    switch (s->kind) {
      case StmtKind::kAssign: return assign(as<AssignStmt>(*s));
      case StmtKind::kIncrement:
        expr(as<IncrementStmt>(*s).target);
        return changed(as<IncrementStmt>(*s).target);
      case StmtKind::kDestructure: return destructure(as<DestructureStmt>(*s));
      case StmtKind::kDeleteKey:
        expr(as<DeleteKeyStmt>(*s).target);
        return changed(as<DeleteKeyStmt>(*s).target);
      case StmtKind::kTry: return try_stmt(as<TryStmt>(*s));
      case StmtKind::kFunction:
      case StmtKind::kEntity:
      case StmtKind::kEnum:
      case StmtKind::kComponent:
      case StmtKind::kRoute:
        if (depth_ > 0)
          t_.reports.add(Code::E0216, s->span, {word_of(s->kind)}, "only at the top level");
        return;
      default: return Walker::stmt(s);
    }
  }

  void lambda(LambdaExpr& l) override {
    Unit* unit = p_.arena.make<Unit>();
    unit->kind = UnitKind::kLambda;
    unit->parent = unit_;
    unit->params = &l.params;
    unit->body = l.body;
    if (unit_ != nullptr) {
      unit->page = unit_->page;
      unit->component = unit_->component;
    }
    l.unit = unit;
    bool setup = setup_;
    setup_ = false;
    in_unit(unit, [&] {
      parameters(l.params);
      block(l.body);
    });
    setup_ = setup;
  }

  void call(CallExpr& c) override {
    bool is_method = c.callee->kind == ExprKind::kMember;
    bool lenient = lenient_;
    if (c.callee->kind == ExprKind::kName)
      callee(as<NameExpr>(*c.callee));
    else
      expr(c.callee);
    if (is_method && takes_fields(as<MemberExpr>(*c.callee).name.text)) lenient_ = true;
    for (Argument& argument : c.arguments) expr(argument.value);
    lenient_ = lenient;
  }

  void pattern(Pattern* p) override {
    if (p == nullptr) return;
    expr(p->value);
    expr(p->end);
    bool is_rest = p->kind == PatternKind::kList || p->kind == PatternKind::kMap;
    if (p->kind == PatternKind::kName) bind_pattern_name(*p);
    if (p->kind == PatternKind::kType && !p->name.text.empty()) p->symbol = declare_local(p->name);
    if (p->kind == PatternKind::kAlternatives) return alternatives(*p);
    for (Pattern* item : p->items) pattern(item);
    for (MapPatternItem& entry : p->entries) {
      pattern(entry.pattern);
      expr(entry.fallback);
    }
    if (is_rest && !p->name.text.empty()) p->symbol = bind_target(p->name);
  }

  void node(Node* n) override {
    switch (n->kind) {
      case NodeKind::kIf: return if_node(as<IfNode>(*n));
      case NodeKind::kFor: return for_node(as<ForNode>(*n));
      case NodeKind::kWhile: return in_scope([&] { Walker::node(n); });
      case NodeKind::kMatch: return match_node(as<MatchNode>(*n));
      case NodeKind::kComponent: component_use(as<ComponentNode>(*n)); return Walker::node(n);
      default: return Walker::node(n);
    }
  }

  void attribute(Attribute* a) override {
    for (auto& modifier : a->modifiers) expr(modifier.argument);
    for (Expr* part : a->parts) expr(part);
    expr(a->value);
    if (a->kind == AttributeKind::kBind && a->value != nullptr) {
      bool setup = setup_;
      setup_ = false;
      binding_ = true;
      changed(a->value);
      binding_ = false;
      setup_ = setup;
    }
    if (a->handler_body != nullptr) handler(a->handler_body);
  }

 private:
  template <class F>
  void in_scope(F&& body) {
    std::size_t mark = log_.size();
    ++depth_;
    body();
    --depth_;
    while (log_.size() > mark) {
      visible_[log_.back()].pop_back();
      log_.pop_back();
    }
  }
  template <class F>
  void in_unit(Unit* unit, F&& body) {
    Unit* outer = unit_;
    unit_ = unit;
    in_scope(body);
    unit_ = outer;
  }
  void handler(const Block* body) {
    bool setup = setup_;
    setup_ = false;
    in_scope([&] { block(body); });
    setup_ = setup;
  }

  static std::string_view word_of(StmtKind kind) {
    switch (kind) {
      case StmtKind::kFunction: return "fn";
      case StmtKind::kEntity: return "entity";
      case StmtKind::kEnum: return "enum";
      case StmtKind::kComponent: return "component";
      default: return "route";
    }
  }

  // ---- Making symbols ----
  Symbol* make(SymbolKind kind, const Word& word) {
    Symbol* symbol = p_.arena.make<Symbol>();
    symbol->kind = kind;
    symbol->name = word.text;
    symbol->declared = word.span;
    symbol->unit = unit_;
    return symbol;
  }
  Symbol* show(Symbol* symbol) {
    visible_[symbol->name].push_back(symbol);
    log_.push_back(symbol->name);
    return symbol;
  }
  Symbol* declare_local(const Word& word) {
    if (word.text == "_") return nullptr;
    return show(make(SymbolKind::kLocal, word));
  }
  Symbol* frame_variable(Frame& frame, const Word& word) {
    auto [it, is_new] = frame.variables.try_emplace(word.text, nullptr);
    if (!is_new) return it->second;
    Unit* outer = unit_;
    unit_ = frame.unit;
    it->second = make(frame.kind, word);
    unit_ = outer;
    it->second->slot = static_cast<std::uint32_t>(frame.slots->size());
    frame.slots->push_back(it->second);
    if (auto f = frame.functions.find(word.text); f != frame.functions.end()) {
      Report& r =
          t_.reports.add(Code::E0004, word.span, {word.text}, "a variable of the same name");
      r.others.push_back({f->second->declaration->name.span, "first declared here"});
    }
    return it->second;
  }

  // Top-level constants with a literal value are program-wide.
  void constants(const File& file) {
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
  static bool is_literal(const Expr* e) {
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

  static bool is_constant(const Stmt& s) {
    if (s.kind != StmtKind::kAssign || as<AssignStmt>(s).target->kind != ExprKind::kName)
      return false;
    const Symbol* symbol = as<NameExpr>(*as<AssignStmt>(s).target).symbol;
    return as<AssignStmt>(s).creates && symbol != nullptr && symbol->kind == SymbolKind::kConstant;
  }

  // Page variables are visible to all functions of the file, so they are made before anything is
  // resolved.
  void collect(Frame& frame, const std::vector<Stmt*>& statements) {
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
  void collect_pattern(Frame& frame, Pattern* p) {
    if (p == nullptr) return;
    if (p->kind == PatternKind::kName && p->name.text != "_") frame_variable(frame, p->name);
    for (Pattern* item : p->items) collect_pattern(frame, item);
    for (MapPatternItem& entry : p->entries) collect_pattern(frame, entry.pattern);
    bool has_rest_name = p->kind != PatternKind::kName && p->has_rest && !p->name.text.empty();
    if (has_rest_name) frame_variable(frame, p->name);
  }
  void enter_props(Component& c) {
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

  // ---- The parts of a file ----
  void resolve_file(FileFacts& file) {
    file_ = &file;
    for (Stmt* s : file.file->statements) {
      if (s->kind == StmtKind::kFunction) resolve_function(*as<FunctionStmt>(*s).function);
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
  void constants_of(const File& file) {
    for (Stmt* s : file.statements)
      if (s->kind == StmtKind::kAssign) expr(as<AssignStmt>(*s).value);
  }
  // Setup in order, then views, handlers and hooks, which see all variables.
  void resolve_top(const std::vector<Stmt*>& statements) {
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
  static bool is_process_hook(const HookStmt& h) {
    return h.hook == Hook::kStart || h.hook == Hook::kStop;
  }
  void hook(HookStmt& h) {
    for (const Word& word : h.names)
      if (frame_->variables.count(word.text) == 0) undefined(word.span, word.text);
    handler(h.body);
  }
  void resolve_process_hook(HookStmt& h) {
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
  void resolve_function(Function& f) {
    function_ = &f;
    frame_ = t_.facts[&f].frame;
    request_ =
        frame_ != nullptr && frame_->unit->kind == UnitKind::kPage ? kPageRequest : kNoRequest;
    in_unit(f.unit, [&] {
      parameters(f.declaration->params);
      block(f.declaration->body);
    });
    function_ = nullptr;
    unit_ = nullptr;
  }
  void resolve_component(Component& c) {
    auto it = t_.component_frames.find(&c);
    if (it == t_.component_frames.end()) return;
    for (Stmt* s : c.declaration->body->statements)
      if (s->kind == StmtKind::kFunction) resolve_function(*as<FunctionStmt>(*s).function);
    frame_ = it->second;
    unit_ = c.unit;
    request_ = kPageRequest;
    for (Param& param : c.declaration->params) expr(param.fallback);
    resolve_top(c.declaration->body->statements);
    frame_ = nullptr;
  }
  void resolve_route(RouteStmt& s) {
    frame_ = nullptr;
    request_ = kFullRequest;
    in_unit(s.unit, [&] { block(s.body); });
    request_ = kNoRequest;
  }
  void resolve_entity(EntityStmt& s) {
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
  void parameters(std::vector<Param>& params) {
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

  // ---- Looking up ----
  Symbol* local(std::string_view text) {
    auto it = visible_.find(text);
    return it == visible_.end() || it->second.empty() ? nullptr : it->second.back();
  }
  Symbol* variable(std::string_view text) {
    if (Symbol* symbol = local(text)) return symbol;
    if (frame_ != nullptr)
      if (auto it = frame_->variables.find(text); it != frame_->variables.end()) {
        Symbol* symbol = it->second;
        bool below = setup_ && created_.count(symbol) == 0;
        if (!below) return symbol;
      }
    auto it = t_.constants.find(text);
    return it == t_.constants.end() ? nullptr : it->second;
  }
  void use(Symbol* symbol) {
    bool is_local = symbol->kind == SymbolKind::kLocal || symbol->kind == SymbolKind::kParameter;
    if (!is_local) {
      bool of_frame = symbol->kind == SymbolKind::kPageVariable ||
                      symbol->kind == SymbolKind::kComponentVariable ||
                      symbol->kind == SymbolKind::kProp;
      if (of_frame && function_ != nullptr) t_.facts[function_].reads_frame = true;
      return;
    }
    for (Unit* unit = unit_; unit != nullptr && unit != symbol->unit; unit = unit->parent) {
      symbol->is_captured = true;
      if (std::find(unit->captures.begin(), unit->captures.end(), symbol) == unit->captures.end())
        unit->captures.push_back(symbol);
    }
  }
  Function* function(std::string_view text) {
    if (frame_ != nullptr)
      if (auto it = frame_->functions.find(text); it != frame_->functions.end()) return it->second;
    auto it = t_.functions.find(text);
    return it == t_.functions.end() ? nullptr : it->second.front();
  }
  void use(Function* f, const Span& span) {
    uses_.push_back({f, span, function_, frame_});
    if (function_ == nullptr && !view_ && frame_ != nullptr) frame_->uses.push_back(f);
    if (function_ != nullptr) {
      auto& uses = t_.facts[function_].uses;
      if (seen_.insert({function_, f}).second) uses.push_back(f);
    }
  }

  bool resolve(NameExpr& n) {
    if (Symbol* symbol = variable(n.name)) {
      n.symbol = symbol;
      use(symbol);
      return true;
    }
    if (Function* f = function(n.name)) {
      n.function = f;
      use(f, n.span);
      return true;
    }
    if (context(n) || variant(n)) return true;
    if (auto it = t_.entities.find(n.name); it != t_.entities.end()) {
      n.entity = it->second;
      return true;
    }
    if (t_.enums.count(n.name) > 0) return true;
    if (const auto& found = t_.bindings.builtins(n.name); !found.empty()) {
      n.builtin = found.front();
      return true;
    }
    if (auto it = t_.browser_objects.find(n.name); it != t_.browser_objects.end()) {
      n.symbol = it->second;
      return true;
    }
    return is_alias_object(n.name);
  }
  static bool is_alias_object(std::string_view name) {
    for (std::string_view n :
         {"Math", "JSON", "Object", "Array", "Date", "console", "agents", "response"})
      if (n == name) return true;
    return false;
  }
  bool variant(NameExpr& n) {
    auto it = t_.variants.find(n.name);
    if (it == t_.variants.end()) return false;
    n.enumeration = it->second[0].first;
    n.variant = it->second[0].second;
    if (it->second.size() > 1) {
      Report& r =
          t_.reports.add(Code::E0010, n.span, {"this name", n.name}, "more than one enum has it");
      r.helps = {"write " + std::string(n.enumeration->name) + "." + std::string(n.name)};
    }
    return true;
  }
  bool context(NameExpr& n) {
    auto it = t_.contexts.find(n.name);
    if (it == t_.contexts.end()) return false;
    bool of_component = n.name == "props" || n.name == "children";
    if (of_component && (unit_of_frame() == nullptr || unit_of_frame()->component == nullptr))
      return false;
    if (n.name == "user" || n.name == "socket" || n.name == "self") return false;
    n.symbol = it->second;
    if (n.name == "event") {
      mark_event();
      return true;
    }
    bool in_page = n.name == "params" || n.name == "query" || n.name == "session";
    bool allowed =
        of_component || request_ == kFullRequest || (request_ == kPageRequest && in_page);
    if (!allowed) t_.reports.add(Code::E0905, n.span, {n.name}, "there is no request here");
    return true;
  }
  Unit* unit_of_frame() const { return frame_ == nullptr ? nullptr : frame_->unit; }
  void mark_event() {
    for (Unit* unit = unit_; unit != nullptr; unit = unit->parent) {
      unit->uses_event = true;
      if (unit->kind != UnitKind::kLambda) break;
    }
  }

  void name(NameExpr& n) {
    if (n.name == "_" || resolve(n)) return;
    Report report = undefined_report(n.span, n.name);
    if (lenient_)
      t_.open_names.emplace(&n, std::move(report));
    else
      t_.reports.add(report.code, report.span) = std::move(report);
  }
  // Forms that are written like calls.
  bool form_call(const NameExpr& n) {
    bool is_form = false;
    for (std::string_view f : {"save", "delete", "restore", "destroy", "redirect"})
      is_form = is_form || f == n.name;
    if (is_form && t_.bindings.form(n.name) == nullptr)
      missing_plugin(n.span, n.name, t_.bindings.plugin_for(n.name));
    return is_form;
  }
  void callee(NameExpr& n) {
    if (resolve(n) || form_call(n)) return;
    Report report{Code::E0002, n.span, {std::string(n.name)}, "no function of this name", {},
                  {},          {}};
    std::vector<std::string_view> names;
    for (Function* f : p_.functions) names.push_back(f->declaration->name.text);
    for (const std::string& b : t_.bindings.builtin_names()) names.push_back(b);
    suggest(report, n.name, names);
    if (needs_plugin(n)) return;
    if (std::isupper(static_cast<unsigned char>(n.name[0]))) return unknown_variant(n);
    t_.reports.add(report.code, report.span) = std::move(report);
    failed_.insert(&n);
  }
  void unknown_variant(NameExpr& n) { undefined(n.span, n.name); }
  // A built-in of a plugin that is not loaded.
  bool needs_plugin(const NameExpr& n) {
    std::string plugin = t_.bindings.plugin_for(n.name);
    if (plugin.empty()) return false;
    missing_plugin(n.span, n.name, plugin);
    return true;
  }
  void missing_plugin(const Span& span, std::string_view what, const std::string& plugin) {
    std::string all;
    for (const std::string& loaded : t_.bindings.loaded_plugins()) all += loaded + ",";
    t_.reports.add(Code::E1001, span, {what, plugin, all + plugin},
                   "no loaded plugin gives it a meaning");
  }

  std::vector<std::string_view> visible_names() {
    std::vector<std::string_view> names;
    for (std::string_view text : log_)
      if (local(text) != nullptr) names.push_back(text);
    if (frame_ != nullptr)
      for (Symbol* symbol : *frame_->slots) names.push_back(symbol->name);
    if (unit_of_frame() != nullptr && frame_->unit->component != nullptr)
      for (Symbol* prop : frame_->unit->component->props) names.push_back(prop->name);
    for (const auto& [text, symbol] : t_.constants) names.push_back(text);
    for (Function* f : p_.functions) names.push_back(f->declaration->name.text);
    return names;
  }
  Report undefined_report(const Span& span, std::string_view text) {
    Report report{Code::E0001, span, {std::string(text)}, "not declared in this scope", {}, {}, {}};
    std::vector<std::string_view> names = visible_names();
    names.erase(std::remove(names.begin(), names.end(), text), names.end());
    std::string help = did_you_mean(text, names);
    if (help.empty()) return report;
    std::string_view near = std::string_view(help).substr(14);
    near = near.substr(0, near.find('\''));
    const Symbol* symbol = variable(near);
    if (symbol == nullptr && frame_ != nullptr && frame_->variables.count(near) > 0)
      symbol = frame_->variables.at(near);
    if (symbol != nullptr)
      help += " (declared on line " + std::to_string(t_.line_of(symbol->declared)) + ")";
    report.helps = {help};
    report.notes = {"variables must be declared before use"};
    return report;
  }
  void undefined(const Span& span, std::string_view text) {
    Report report = undefined_report(span, text);
    t_.reports.add(report.code, span) = std::move(report);
  }

  // ---- Statements that make or change variables ----
  void assign(AssignStmt& a) {
    expr(a.value);
    if (a.target->kind != ExprKind::kName) {
      expr(a.target);
      return changed(a.target);
    }
    auto& n = as<NameExpr>(*a.target);
    Word word{n.name, n.span};
    if (n.symbol != nullptr && n.symbol->kind == SymbolKind::kConstant) return;
    bool top = setup_ && depth_ == 0;
    Symbol* known = a.declare == Declare::kNo ? variable(n.name) : nullptr;
    if (known == nullptr && (a.op == AssignOp::kSet || a.declare != Declare::kNo)) {
      n.symbol = top ? frame_variable(*frame_, word) : declare_local(word);
      a.creates = true;
      if (n.symbol == nullptr) return;
      if (top && !created_.insert(n.symbol).second) declared_again(word, *n.symbol);
      if (a.declare == Declare::kConst) n.symbol->is_const = true;
      return;
    }
    if (known == nullptr) return undefined(n.span, n.name);
    n.symbol = known;
    use(known);
    changed(&n);
  }
  void declared_again(const Word& word, const Symbol& first) {
    Report& r = t_.reports.add(Code::E0004, word.span, {word.text}, "declared again here");
    r.others.push_back({first.declared, "first declared here"});
  }
  // The variable under a target gets another value or is changed in place.
  void changed(Expr* target) {
    Symbol* symbol = root_symbol(target);
    if (symbol == nullptr) return;
    bool whole = target->kind == ExprKind::kName;
    if (whole && symbol->is_const && !binding_) {
      Report& r = t_.reports.add(Code::E0007, target->span, {symbol->name}, "a constant");
      r.others.push_back({symbol->declared, "declared here"});
    }
    bool is_props = symbol->kind == SymbolKind::kProp
                        ? whole
                        : symbol->name == "props" && symbol->kind == SymbolKind::kContext;
    if (is_props)
      t_.reports.add(Code::E0513, target->span, {}, "belongs to who uses the component");
    if (whole) symbol->is_reassigned = true;
    if (!setup_) symbol->is_state = true;
    if (function_ != nullptr && symbol->unit != unit_) t_.facts[function_].writes.push_back(symbol);
  }
  void destructure(DestructureStmt& d) {
    expr(d.value);
    bool creating = creating_;
    creating_ = d.declare != Declare::kNo;
    destructuring_ = true;
    pattern(d.pattern);
    destructuring_ = false;
    creating_ = creating;
  }
  Symbol* bind_target(const Word& word) {
    if (!destructuring_) return declare_local(word);
    Symbol* known = creating_ ? nullptr : variable(word.text);
    if (known != nullptr) {
      use(known);
      NameExpr target(word.span, word.text);
      target.symbol = known;
      changed(&target);
      return known;
    }
    if (!(setup_ && depth_ == 0)) return declare_local(word);
    Symbol* symbol = frame_variable(*frame_, word);
    created_.insert(symbol);
    return symbol;
  }
  void bind_pattern_name(Pattern& p) {
    if (!destructuring_ && !creating_) {
      auto it = t_.variants.find(p.name.text);
      if (it != t_.variants.end()) return;  // a variant by its bare name: infer_match.cpp
      if (Symbol* hidden = variable(p.name.text)) {
        Report& r = t_.reports.add(Code::W0323, p.span, {p.name.text},
                                   "binds a new name and always matches");
        r.helps = {"write (" + std::string(p.name.text) + ") to compare"};
        r.others.push_back({hidden->declared, "the variable"});
      }
    }
    p.symbol = bind_target(p.name);
  }
  // Alternatives bind the same names: the first one makes the symbols, the others use them.
  void alternatives(Pattern& p) {
    for (std::size_t i = 0; i < p.items.size(); ++i) {
      if (i == 0)
        pattern(p.items[i]);
      else
        share(p.items[i]);
    }
  }
  void share(Pattern* p) {
    if (p == nullptr) return;
    expr(p->value);
    expr(p->end);
    if (!p->name.text.empty() && p->kind != PatternKind::kVariant) {
      p->symbol = local(p->name.text);
      if (p->symbol == nullptr && t_.variants.count(p->name.text) == 0)
        p->symbol = declare_local(p->name);
    }
    for (Pattern* item : p->items) share(item);
    for (MapPatternItem& entry : p->entries) share(entry.pattern);
  }
  void try_stmt(TryStmt& s) {
    in_scope([&] { block(s.body); });
    in_scope([&] {
      s.symbol = s.name.text.empty() ? nullptr : declare_local(s.name);
      block(s.handler);
    });
  }

  // ---- Control ----
  void if_expr(IfExpr& e) {
    for (auto& branch : e.branches)
      in_scope([&] {
        condition(branch.condition);
        block(branch.body);
      });
    if (e.otherwise != nullptr) in_scope([&] { block(e.otherwise); });
  }
  void loop_head(ForHead& h) {
    if (h.subject != nullptr) {
      expr(h.subject);
      ++depth_;
      h.first_symbol = declare_local(h.first);
      if (!h.second.text.empty()) h.second_symbol = declare_local(h.second);
      --depth_;
      return;
    }
    stmt(h.start);
    expr(h.condition);
    stmt(h.step);
  }
  void for_expr(ForExpr& e) {
    in_scope([&] {
      loop_head(e.head);
      in_scope([&] { block(e.body); });
    });
  }
  void while_expr(WhileExpr& e) {
    in_scope([&] {
      condition(e.condition);
      block(e.body);
    });
  }
  void match_expr(MatchExpr& e) {
    expr(e.subject);
    for (MatchArm& arm : e.arms)
      in_scope([&] {
        pattern(arm.pattern);
        expr(arm.guard);
        block(arm.body);
      });
  }
  void entity_literal(EntityExpr& e) {
    if (auto it = t_.entities.find(e.name.text); it != t_.entities.end()) e.entity = it->second;
    for (const MapEntry& entry : e.entries) {
      expr(entry.key);
      expr(entry.value);
    }
  }

  // ---- Views ----
  void if_node(IfNode& n) {
    for (auto& branch : n.branches)
      in_scope([&] {
        condition(branch.condition);
        nodes(branch.children);
      });
    in_scope([&] { nodes(n.otherwise); });
  }
  void for_node(ForNode& n) {
    in_scope([&] {
      loop_head(n.head);
      expr(n.key);
      nodes(n.children);
    });
    in_scope([&] { nodes(n.otherwise); });
  }
  void match_node(MatchNode& n) {
    expr(n.subject);
    for (auto& arm : n.arms)
      in_scope([&] {
        pattern(arm.pattern);
        expr(arm.guard);
        nodes(arm.children);
      });
  }
  void component_use(ComponentNode& n) {
    auto it = t_.components.find(n.name.text);
    if (it != t_.components.end()) {
      n.component = it->second;
      return;
    }
    Report& r =
        t_.reports.add(Code::E0006, n.name.span, {n.name.text}, "no component of this name");
    std::vector<std::string_view> names;
    for (Component* c : p_.components) names.push_back(c->name);
    if (std::string help = did_you_mean(n.name.text, names); !help.empty())
      r.helps = {help + " Elements are written in lower case"};
  }

  // ---- Page-bound functions (L 1.5) ----
  struct FunctionUse {
    Function* function;
    Span span;
    Function* by;
    Frame* frame;  // of the place
  };
  // Marks functions that use variables of their frame, also through what they call.
  void bind_functions() {
    std::unordered_map<Function*, std::vector<Function*>> users;
    std::vector<Function*> work;
    for (Function* f : p_.functions) {
      FunctionFacts& facts = t_.facts[f];
      for (Function* used : facts.uses)
        if (t_.facts[used].frame == facts.frame) users[used].push_back(f);
      if (facts.reads_frame) work.push_back(f);
    }
    while (!work.empty()) {
      Function* f = work.back();
      work.pop_back();
      if (f->page_bound) continue;
      f->page_bound = true;
      for (Function* user : users[f])
        if (!user->page_bound) work.push_back(user);
    }
  }
  void check_page_bound() {
    for (const FunctionUse& use : uses_) {
      Frame* home = t_.facts[use.function].frame;
      if (!use.function->page_bound || home == use.frame || home->unit->kind == UnitKind::kScript)
        continue;
      std::string where = home->unit->page != nullptr ? home->unit->page->path : "";
      if (home->unit->component != nullptr) where = std::string(home->unit->component->name);
      Report& r = t_.reports.add(Code::E0008, use.span,
                                 {use.function->declaration->name.text, where}, "not visible here");
      r.others.push_back({use.function->declaration->name.span, "uses variables of its page"});
    }
    for (const auto& [text, all] : t_.functions) check_twice(all);
  }
  void check_twice(const std::vector<Function*>& all) {
    Function* first = nullptr;
    for (Function* f : all) {
      if (f->page_bound) continue;
      bool other_file =
          first != nullptr && first->declaration->name.span.file != f->declaration->name.span.file;
      if (other_file || (first != nullptr && t_.facts[f].frame == nullptr)) {
        Report& r = t_.reports.add(Code::E0004, f->declaration->name.span,
                                   {f->declaration->name.text}, "declared again here");
        r.others.push_back({first->declaration->name.span, "first declared here"});
      }
      if (first == nullptr) first = f;
    }
    for (Function* f : all)
      if (f->page_bound && first != nullptr &&
          first->declaration->name.span.file != f->declaration->name.span.file)
        t_.reports.add(Code::W0012, f->declaration->name.span, {f->declaration->name.text},
                       "belongs to this page only");
  }

  enum Request { kNoRequest, kPageRequest, kFullRequest };
  struct PairHash {
    std::size_t operator()(const std::pair<Function*, Function*>& p) const {
      return std::hash<Function*>()(p.first) * 31 + std::hash<Function*>()(p.second);
    }
  };

  Tables& t_;
  CheckedProgram& p_;
  FileFacts* file_ = nullptr;
  Frame* frame_ = nullptr;
  Unit* unit_ = nullptr;
  Function* function_ = nullptr;
  Request request_ = kNoRequest;
  bool setup_ = false;  // in setup itself, not in functions or lambdas
  bool view_ = false;
  bool lenient_ = false;   // names may turn out to be fields
  bool binding_ = false;   // bind={..}: infer_view.cpp has the message for constants
  bool creating_ = false;  // a destructuring with let, or parameters
  bool destructuring_ = false;
  int depth_ = 0;  // of blocks
  std::unordered_map<std::string_view, std::vector<Symbol*>> visible_;
  std::vector<std::string_view> log_;  // names shown, innermost last
  std::unordered_set<Symbol*> created_;
  std::unordered_set<const NameExpr*> failed_;
  std::unordered_set<std::pair<Function*, Function*>, PairHash> seen_;
  std::vector<FunctionUse> uses_;
};

}  // namespace

void resolve_names(Tables& tables) { Resolver(tables).run(); }

}  // namespace flin::check
