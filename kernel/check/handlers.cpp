// Handlers (L 11.3, L 11.4): where they run, what an action is sent and gives back; which functions
// and variables code in the browser needs.
#include "check/tiers.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;

void Tiers::check_functions() {
  for (const Function* f : p_.functions) {
    const Touched& t = touches_.of(f);
    std::string_view name = f->declaration->name.text;
    Span at = f->declaration->name.span;
    if (f->declaration->client && t.server()) {
      std::string what = t.server_what;
      t_.reports.add(Code::E0603, t.server_at, {name}, what);
    } else if (f->declaration->server && t.browser()) {
      t_.reports.add(Code::E0602, t.browser_at, {name}, t.browser_what);
    } else if (t.browser() && t.server()) {
      bool inherited = false;
      for (const Function* called : t.calls)
        inherited = inherited || (touches_.of(called).browser() && touches_.of(called).server());
      if (!inherited) uses_both(t, at, name);
    }
  }
}

// Routes and process hooks run on the server only.
void Tiers::check_server_units() {
  auto check = [&](const Block* body) {
    Touched t = touches_.of(body, false);
    if (!t.browser()) return;
    std::string what = t.browser_what.substr(t.browser_what.find(' ') + 1);
    t_.reports.add(Code::E0602, t.browser_at, {what}, "this code runs on the server");
  };
  for (const Route* route : p_.routes) check(route->declaration->body);
  for (const Declaration* d : p_.declarations)
    for (const LambdaExpr* body : d->bodies)
      if (body != nullptr) check(body->body);
  for (const HookStmt* hook : p_.process_hooks) check(hook->body);
}

void Tiers::place_handlers() {
  for (ViewOwner& owner : owners_)
    for (Handler* h : *owner.handlers) {
      Touched t = touches_.of(h->body, true);
      bool through_function = false;
      for (const Function* called : t.calls)
        through_function =
            through_function || (touches_.of(called).browser() && touches_.of(called).server());
      if (t.browser() && t.server() && !through_function) uses_both(t, handler_at_[h], h->event);
      h->on_server = t.server();
      h->uses_event = t.uses_event;
      h->posts = h->on_server && (t.mask & kTouchesSession) != 0;
      h->without_scripts = h->without_scripts && h->on_server;
      h->why = t.server()    ? t.server_what
               : t.browser() ? t.browser_what
                             : "touches neither browser nor server things";
      handler_touched_[h] = std::move(t);
    }
  for (const HookStmt* hook : p_.process_hooks) hook->handler->why = "runs once per process";
  for (ViewOwner& owner : owners_) mark_browser_reads(owner);
  number_handlers();
  for (ViewOwner& owner : owners_)
    for (Handler* h : *owner.handlers)
      if (h->on_server) action_values(owner, *h);
  browser_functions();
}

// Actions first, then those of the browser, each in order of the source.
void Tiers::number_handlers() {
  std::vector<Handler*> all;
  for (ViewOwner& owner : owners_)
    all.insert(all.end(), owner.handlers->begin(), owner.handlers->end());
  std::stable_sort(all.begin(), all.end(), [&](const Handler* a, const Handler* b) {
    const Span &x = handler_at_[a], &y = handler_at_[b];
    if (a->on_server != b->on_server) return a->on_server;
    return x.file != y.file ? x.file < y.file : x.begin < y.begin;
  });
  for (Handler* h : all) {
    h->row = static_cast<std::uint32_t>(p_.handlers.size());
    p_.handlers.push_back(h);
  }
}

namespace {

// Variables, functions and components that code in the browser uses.
class BrowserUse : public Walker {
 public:
  // What of the server is met as a value: the browser could only call it by an action of its own.
  std::vector<std::pair<Span, std::string>> server_values;
  std::function<bool(const Block*)> touches_server;

  std::vector<Function*> functions;
  std::vector<const Component*> components;
  bool mark = true;

  void expr(Expr* e) override {
    if (e == nullptr || e->live != nullptr) return;
    if (e->kind == ExprKind::kName) {
      auto& n = as<NameExpr>(*e);
      if (n.symbol != nullptr && mark) n.symbol->browser_reads = true;
      if (n.function != nullptr) {
        bool server = (n.function->unit->touches & kTouchesServer) != 0;
        if (server) server_values.push_back({n.span, std::string(n.name)});
        function(n.function);
      }
    }
    Walker::expr(e);
  }
  void lambda(LambdaExpr& l) override {
    if (touches_server && touches_server(l.body))
      server_values.push_back({l.span, "this function"});
    else
      Walker::lambda(l);
  }
  void call(CallExpr& c) override {
    if (c.target == CallTarget::kFunction) function(c.function);
    Walker::call(c);
  }
  void stmt(Stmt* s) override {
    if (s->kind == StmtKind::kAssign) {
      auto& a = as<AssignStmt>(*s);
      expr(a.value);
      bool only_written = a.target->kind == ExprKind::kName && a.op == AssignOp::kSet;
      if (!only_written) expr(a.target);
      return;
    }
    Walker::stmt(s);
  }
  void attribute(Attribute* a) override {
    const Block* body = a->handler_body;
    if (a->handler != nullptr && a->handler->on_server) a->handler_body = nullptr;
    Walker::attribute(a);
    a->handler_body = const_cast<Block*>(body);
  }
  void node(Node* n) override {
    if (n->kind == NodeKind::kComponent && as<ComponentNode>(*n).component != nullptr)
      component(as<ComponentNode>(*n).component);
    Walker::node(n);
  }
  void owner(const ViewOwner& o) {
    for (const ViewStmt* view : *o.views) nodes(view->nodes);
    for (const SetupStatement& s : *o.setup)
      if (s.tier == SetupTier::kDerived || s.tier == SetupTier::kBrowser)
        stmt(const_cast<Stmt*>(s.statement));
    for (const HookStmt* hook : *o.hooks)
      if (!hook->handler->on_server) block(hook->body);
    for (const LiveValue* live : *o.live)
      for (const Input& input : live->inputs)
        if (input.symbol != nullptr && mark) input.symbol->browser_reads = true;
  }

 private:
  void function(const Function* f) {
    if (!seen_.insert(f).second || (f->unit->touches & kTouchesServer) != 0) return;
    const_cast<Function*>(f)->used_in_browser = true;
    functions.push_back(const_cast<Function*>(f));
    block(f->declaration->body);
  }
  void component(const Component* c) {
    if (!seen_components_.insert(c).second) return;
    components.push_back(c);
    for (const ViewStmt* view : c->views) nodes(view->nodes);
    for (const SetupStatement& s : c->setup)
      if (s.tier != SetupTier::kLive) stmt(const_cast<Stmt*>(s.statement));
    for (const HookStmt* hook : c->hooks)
      if (!hook->handler->on_server) block(hook->body);
  }
  std::unordered_set<const Function*> seen_;
  std::unordered_set<const Component*> seen_components_;
};

}  // namespace

void Tiers::mark_browser_reads(ViewOwner& owner) {
  BrowserUse use;
  use.touches_server = [this](const Block* b) { return touches_.of(b, false).server(); };
  use.owner(owner);
  // Instances are made in the browser too, so a component's setup is code of the browser.
  if (owner.component != nullptr)
    for (const SetupStatement& s : *owner.setup)
      if (s.tier != SetupTier::kLive) use.stmt(const_cast<Stmt*>(s.statement));
  for (const auto& [span, name] : use.server_values)
    t_.reports.add(Code::E0217, span, {"a function of the server as a value"},
                   name + " runs on the server");
}

void Tiers::browser_functions() {
  for (ViewOwner& owner : owners_) {
    if (owner.page == nullptr) continue;
    BrowserUse use;
    use.owner(owner);
    owner.page->components = std::move(use.components);
    owner.page->browser_functions = std::move(use.functions);
  }
}

// Reads and writes of an action in order of first use, also those of the functions it calls.
class ActionWalker : public Walker {
 public:
  ActionWalker(Tiers& tiers, Handler& handler, Span body)
      : tiers_(tiers), h_(handler), body_(body) {}

  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (e->kind == ExprKind::kName) {
      auto& n = as<NameExpr>(*e);
      if (n.symbol != nullptr) read(n.symbol);
      if (n.function != nullptr) function(n.function);
    }
    if (e->kind == ExprKind::kForm) {
      Walker::expr(e);
      for (Expr* operand : as<FormExpr>(*e).operands) write(operand);
      return;
    }
    Walker::expr(e);
  }
  void stmt(Stmt* s) override {
    switch (s->kind) {
      case StmtKind::kAssign: {
        auto& a = as<AssignStmt>(*s);
        expr(a.value);
        if (a.target->kind != ExprKind::kName || a.op != AssignOp::kSet) expr(a.target);
        return write(a.target);
      }
      case StmtKind::kIncrement: Walker::stmt(s); return write(as<IncrementStmt>(*s).target);
      case StmtKind::kDeleteKey: Walker::stmt(s); return write(as<DeleteKeyStmt>(*s).target);
      default: Walker::stmt(s);
    }
  }
  void pattern(Pattern* p) override {
    if (p != nullptr && p->symbol != nullptr) written(p->symbol);
    Walker::pattern(p);
  }
  void call(CallExpr& c) override {
    Walker::call(c);
    if (c.target == CallTarget::kFunction) function(c.function);
    bool writes = (c.target == CallTarget::kBuiltin && (c.builtin->flags & kBuiltinWrites) != 0) ||
                  (c.target == CallTarget::kForm && !c.form.starts_with("query_"));
    if (writes && !c.operands.empty()) write(c.operands[0]);
  }

 private:
  void function(const Function* f) {
    if (seen_.insert(f).second) block(f->declaration->body);
  }
  void write(const Expr* target) {
    if (Symbol* symbol = root_symbol(target)) written(symbol);
  }
  void read(Symbol* symbol) {
    if (symbol->stands_for != nullptr) return expr(const_cast<Expr*>(symbol->stands_for));
    add(h_.inputs, symbol);
  }
  void written(Symbol* symbol) { add(h_.outputs, symbol); }

  void add(std::vector<Input>& list, Symbol* symbol) {
    Input input;
    input.symbol = symbol;
    input.type = symbol->type;
    switch (symbol->kind) {
      case SymbolKind::kPageVariable:
      case SymbolKind::kComponentVariable:
        symbol->server_action_uses = true;
        if (!symbol->browser_reads) return;  // the server has it
        input.kind = symbol->kind == SymbolKind::kPageVariable ? InputKind::kPageVariable
                                                               : InputKind::kComponentVariable;
        break;
      case SymbolKind::kProp: input.kind = InputKind::kProp; break;
      case SymbolKind::kLocal:
      case SymbolKind::kParameter: {
        bool inside = symbol->declared.file == body_.file &&
                      body_.begin <= symbol->declared.begin && symbol->declared.end <= body_.end;
        if (symbol->unit != h_.unit || inside) return;
        input.kind = InputKind::kLocal;
        break;
      }
      default: return;
    }
    for (const Input& other : list)
      if (other.symbol == symbol) return;
    bool crosses = symbol->type == nullptr || !symbol->type->is(TypeTag::kFunction);
    if (!crosses)
      tiers_.t_.reports.add(Code::E0604, tiers_.handler_at_[&h_], {text_of(symbol->type)},
                            "'" + std::string(symbol->name) + "' is needed on the server");
    list.push_back(input);
  }

  Tiers& tiers_;
  Handler& h_;
  Span body_;
  std::unordered_set<const Function*> seen_;
};

void Tiers::action_values(ViewOwner&, Handler& handler) {
  Span body = handler.body != nullptr ? handler.body->span : Span{};
  ActionWalker walker(*this, handler, body);
  walker.block(handler.body);
}

// Bindings that read nothing that can change need no work in the browser.
namespace {

class Changing : public Walker {
 public:
  explicit Changing(std::function<bool(const Symbol*)> can_change)
      : can_change_(std::move(can_change)) {}
  bool found = false;
  void expr(Expr* e) override {
    if (e == nullptr || found) return;
    if (e->live != nullptr) found = true;
    if (e->kind == ExprKind::kName && as<NameExpr>(*e).symbol != nullptr)
      found = found || can_change_(as<NameExpr>(*e).symbol);
    if (!found) Walker::expr(e);
  }
  void call(CallExpr& c) override {
    if (c.target == CallTarget::kFunction && c.function->page_bound) found = true;
    if (c.target == CallTarget::kValue) found = true;
    Walker::call(c);
  }

 private:
  std::function<bool(const Symbol*)> can_change_;
};

}  // namespace

void Tiers::mark_static(ViewOwner& owner) {
  auto of = [&](const Expr* e, Binding& b) {
    if (e == nullptr) return;
    Changing changing([this](const Symbol* symbol) { return can_change(symbol); });
    changing.expr(const_cast<Expr*>(e));
    b.is_static = b.is_static && !changing.found;
    b.browser_only = b.browser_only || (touches_.of(e).browser() && e->live == nullptr);
  };
  std::size_t setup = 0;
  for (Binding* b : *owner.bindings) {
    b->is_static = true;
    switch (b->kind) {
      case BindingKind::kSetup: {
        SetupTier tier = (*owner.setup)[setup++].tier;
        b->is_static = tier == SetupTier::kOnce;
        break;
      }
      case BindingKind::kText: of(static_cast<const InterpolationNode*>(b->node)->value, *b); break;
      case BindingKind::kAttribute: {
        auto* a = static_cast<const Attribute*>(b->node);
        for (const Expr* part : a->parts) of(part, *b);
        of(a->value, *b);
        break;
      }
      case BindingKind::kIf:
        for (auto& branch : static_cast<const IfNode*>(b->node)->branches)
          of(branch.condition.value, *b);
        break;
      case BindingKind::kFor: {
        auto& head = static_cast<const ForNode*>(b->node)->head;
        of(head.subject, *b);
        of(head.condition, *b);
        break;
      }
      case BindingKind::kMatch: of(static_cast<const MatchNode*>(b->node)->subject, *b); break;
      case BindingKind::kBind:
      case BindingKind::kComponent:
      case BindingKind::kSlot: b->is_static = false; break;
    }
  }
}

}  // namespace flin::check
