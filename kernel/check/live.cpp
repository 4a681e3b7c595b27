// Live values (L 11.9): the largest parts of bindings that begin at server things, their inputs,
// and the fields of their rows that code in the browser reads.
#include "check/setup_facts.h"
#include "check/tiers.h"

namespace flin::check {
using namespace syntax;
namespace {

bool is_session(const Expr* e) {
  if (e->kind != ExprKind::kName) return false;
  const Symbol* symbol = as<NameExpr>(*e).symbol;
  return symbol != nullptr && symbol->kind == SymbolKind::kContext && symbol->name == "session";
}

// "params.id" of a path of the request or session; empty: it is none.
std::string path_of(const Expr* e) {
  const Expr* object = nullptr;
  std::string_view key;
  if (e->kind == ExprKind::kMember) {
    object = as<MemberExpr>(*e).object;
    key = as<MemberExpr>(*e).name.text;
  } else if (e->kind == ExprKind::kIndex && as<IndexExpr>(*e).index->kind == ExprKind::kText) {
    object = as<IndexExpr>(*e).object;
    key = as<TextExpr>(*as<IndexExpr>(*e).index).value;
  }
  if (object == nullptr || object->kind != ExprKind::kName) return {};
  const Symbol* symbol = as<NameExpr>(*object).symbol;
  bool context = symbol != nullptr && symbol->kind == SymbolKind::kContext;
  bool known =
      context && (symbol->name == "params" || symbol->name == "query" || symbol->name == "session");
  return known ? std::string(symbol->name) + "." + std::string(key) : std::string();
}

}  // namespace

// Finds the roots in the expressions of bindings; handlers are passed over.
class LiveFinder : public Walker {
 public:
  LiveFinder(Tiers& tiers, ViewOwner& owner) : tiers_(tiers), owner_(owner) {}

  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (!begins(e)) return Walker::expr(e);
    LiveValue* live = tiers_.make_live(owner_);
    live->root = e;
    e->live = live;
    live->type = e->converted != nullptr ? e->converted : e->type;
    if (live->type->is(TypeTag::kQuery))
      live->type = tiers_.p_.types->list(tiers_.p_.types->entity(live->type->entity));
    live->is_entity_list =
        live->type->is(TypeTag::kList) && live->type->items[0]->is(TypeTag::kEntity);
    check_secret(e);
    tiers_.add_input(*live, e);
    check_scope(*live);
  }
  void attribute(Attribute* a) override {
    for (Expr* part : a->parts) expr(part);
    if (a->kind != AttributeKind::kBind) expr(a->value);
  }

 private:
  bool begins(const Expr* e) const {
    if (!path_of(e).empty()) return path_of(e).starts_with("session.");
    switch (e->kind) {
      case ExprKind::kName: return is_session(e) || stands_for(as<NameExpr>(*e));
      case ExprKind::kMember:
        return as<MemberExpr>(*e).call != nullptr && begins(as<MemberExpr>(*e).call);
      case ExprKind::kCall: return begins_call(as<CallExpr>(*e));
      default: return false;
    }
  }
  static bool stands_for(const NameExpr& n) {
    return n.symbol != nullptr && n.symbol->stands_for != nullptr;
  }
  bool begins_call(const CallExpr& c) const {
    switch (c.target) {
      case CallTarget::kForm: return c.form.starts_with("query_");
      case CallTarget::kBuiltin:
        return c.builtin->tier == Tier::kServer || (c.builtin->flags & kBuiltinServer) != 0;
      case CallTarget::kFunction: return tiers_.touches_.of(c.function).server();
      default: return false;
    }
  }
  void check_secret(const Expr* e) {
    bool env = e->kind == ExprKind::kCall && as<CallExpr>(*e).builtin != nullptr &&
               as<CallExpr>(*e).builtin->name == "env";
    if (env) tiers_.t_.reports.add(Code::W0605, e->span, {}, "everybody can read it");
  }
  // What a live value may depend on: the page, or rows of a live list.
  void check_scope(const LiveValue& live) {
    for (const Input& input : live.inputs) {
      if (input.symbol == nullptr) continue;
      switch (input.kind) {
        case InputKind::kLocal: {
          auto it = tiers_.loops_.find(input.symbol);
          const Expr* subject = it == tiers_.loops_.end() ? nullptr : it->second->head.subject;
          bool live_rows = subject != nullptr && subject->live != nullptr;
          if (live_rows)
            unsupported(live, "a live value in a loop");
          else
            tiers_.t_.reports.add(Code::E0606, live.root->span, {},
                                  "reads '" + std::string(input.symbol->name) + "'");
          return;
        }
        case InputKind::kComponentVariable:
        case InputKind::kProp:
          return unsupported(live, "a live value that reads a variable or prop of its component");
        default: break;
      }
    }
  }
  void unsupported(const LiveValue& live, std::string_view what) {
    tiers_.t_.reports.add(Code::E0217, live.root->span, {what}, "not yet");
  }

  Tiers& tiers_;
  ViewOwner& owner_;
};

namespace {

// Inputs of a live value, in order of first use.
class InputFinder : public Walker {
 public:
  InputFinder(CheckedProgram& program, LiveValue& live) : p_(program), live_(live) {}
  const std::vector<Symbol*>* own = nullptr;  // outputs of a group are no inputs of it

  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (std::string path = path_of(e); !path.empty()) {
      for (const Input& input : live_.inputs)
        if (input.path == path) return;
      live_.inputs.push_back({InputKind::kPath, nullptr, path, nullptr, e->type});
      return;
    }
    if (e->kind == ExprKind::kName && as<NameExpr>(*e).symbol != nullptr)
      symbol(as<NameExpr>(*e).symbol);
    if (e->kind == ExprKind::kName && as<NameExpr>(*e).function != nullptr)
      function(as<NameExpr>(*e).function);
    Walker::expr(e);
  }
  void call(CallExpr& c) override {
    Walker::call(c);
    if (c.target == CallTarget::kFunction) function(c.function);
  }

 private:
  void function(const Function* f) {
    if (!f->page_bound || !seen_.insert(f).second) return;
    block(f->declaration->body);
  }
  void symbol(Symbol* s) {
    if (s->stands_for != nullptr) return expr(const_cast<Expr*>(s->stands_for));
    if (own != nullptr && std::find(own->begin(), own->end(), s) != own->end()) return;
    Input input;
    input.symbol = s;
    input.type = s->type;
    switch (s->kind) {
      case SymbolKind::kPageVariable: input.kind = InputKind::kPageVariable; break;
      case SymbolKind::kComponentVariable: input.kind = InputKind::kComponentVariable; break;
      case SymbolKind::kProp: input.kind = InputKind::kProp; break;
      case SymbolKind::kLocal:
      case SymbolKind::kParameter:
        if (s->unit != live_.unit || is_inside(s)) return;
        input.kind = InputKind::kLocal;
        break;
      default: return;
    }
    if (s->live_output != nullptr) {
      input.kind = InputKind::kLive;
      input.live = s->live_output;
    }
    for (const Input& other : live_.inputs)
      if (other.symbol == s) return;
    s->is_live_input = true;
    live_.inputs.push_back(input);
  }
  // Made by the code of the live value itself.
  bool is_inside(const Symbol* s) const {
    auto within = [&](const Span& span) {
      return span.file == s->declared.file && span.begin <= s->declared.begin &&
             s->declared.end <= span.end;
    };
    if (live_.root != nullptr) return within(live_.root->span);
    for (const Stmt* statement : live_.group)
      if (within(statement->span)) return true;
    return false;
  }

  CheckedProgram& p_;
  LiveValue& live_;
  std::unordered_set<const Function*> seen_;
};

}  // namespace

LiveValue* Tiers::make_live(ViewOwner& owner) {
  LiveValue* live = p_.arena.make<LiveValue>();
  live->unit = owner.unit;
  owner.live->push_back(live);
  return live;
}

void Tiers::add_input(LiveValue& live, const Expr* root) {
  InputFinder finder(p_, live);
  finder.expr(const_cast<Expr*>(root));
}

void Tiers::group_inputs(LiveValue& live, const Stmt* s) {
  InputFinder finder(p_, live);
  finder.own = &live.outputs;
  finder.stmt(const_cast<Stmt*>(s));
}

void Tiers::find_live(ViewOwner& owner) {
  LiveFinder finder(*this, owner);
  for (const ViewStmt* view : *owner.views) finder.nodes(view->nodes);
  for (SetupStatement& setup : *owner.setup)
    if (setup.live != nullptr && owner.component != nullptr && !setup.live->inputs.empty() &&
        setup.live->group.front() == setup.statement)
      t_.reports.add(Code::E0217, setup.statement->span,
                     {"a live value that reads a variable or prop of its component"}, "not yet");
}

void Tiers::number_live() {
  for (ViewOwner& owner : owners_)
    for (LiveValue* live : *owner.live) {
      live->row = static_cast<std::uint32_t>(p_.live.size());
      p_.live.push_back(live);
    }
}

// ---- Fields ----

namespace {

const Entity* entity_in(const Type* type) {
  if (type->is(TypeTag::kEntity)) return type->entity;
  for (const Type* item : type->items)
    if (const Entity* entity = entity_in(item)) return entity;
  return nullptr;
}

// What code in the browser does with entities.
class FieldReads : public Walker {
 public:
  std::unordered_map<const Entity*, std::unordered_set<std::uint32_t>> reads;
  std::unordered_map<const Symbol*, std::unordered_set<std::uint32_t>> by_symbol;
  std::unordered_set<const Symbol*> used_whole;
  std::unordered_set<const Function*> functions;
  std::vector<const Expr*> hidden;
  bool by_name = false;  // a member of `any`: the field is not known

  void expr(Expr* e) override {
    if (e == nullptr || e->live != nullptr) return;
    if (e->kind == ExprKind::kMember) {
      auto& m = as<MemberExpr>(*e);
      const Type* object = m.object->type;
      bool unknown = object == nullptr || object->is(TypeTag::kAny) || object->is(TypeTag::kUnion);
      if (m.target == MemberTarget::kDynamic && unknown) by_name = true;
      if (m.target == MemberTarget::kField) {
        const Type* type = m.object->type;
        const Entity* entity = type == nullptr ? nullptr : entity_in(type);
        if (entity != nullptr) note(*entity, m, e);
        bool direct = m.object->kind == ExprKind::kName;
        return direct || m.object->live != nullptr ? void() : expr(m.object);
      }
    }
    if (e->kind == ExprKind::kName) {
      auto& n = as<NameExpr>(*e);
      if (n.symbol != nullptr) used_whole.insert(n.symbol);
      if (n.function != nullptr) function(n.function);
    }
    Walker::expr(e);
  }
  void call(CallExpr& c) override {
    if (c.target == CallTarget::kFunction) function(c.function);
    Walker::call(c);
  }
  void pattern(Pattern* p) override {
    if (p != nullptr && p->kind == PatternKind::kMap) by_name = true;
    Walker::pattern(p);
  }
  void attribute(Attribute* a) override {
    const Block* body = a->handler_body;
    if (a->handler != nullptr && a->handler->on_server) a->handler_body = nullptr;
    Walker::attribute(a);
    a->handler_body = const_cast<Block*>(body);
  }
  void node(Node* n) override {
    if (n->kind == NodeKind::kComponent && as<ComponentNode>(*n).component != nullptr) {
      const Component* c = as<ComponentNode>(*n).component;
      if (components_.insert(c).second) {
        for (const ViewStmt* view : c->views) nodes(view->nodes);
        for (const SetupStatement& s : c->setup)
          if (s.tier != SetupTier::kLive) stmt(const_cast<Stmt*>(s.statement));
      }
    }
    Walker::node(n);
  }

 private:
  void function(const Function* f) {
    if (functions.insert(f).second && (f->unit->touches & kTouchesServer) == 0)
      block(f->declaration->body);
  }
  void note(const Entity& entity, const MemberExpr& m, const Expr* e) {
    reads[&entity].insert(m.field);
    if (m.object->kind == ExprKind::kName && as<NameExpr>(*m.object).symbol != nullptr)
      by_symbol[as<NameExpr>(*m.object).symbol].insert(m.field);
    bool secret = m.field < kAutomaticFields && (entity.fields[m.field].flags & kHiddenField) != 0;
    if (secret) hidden.push_back(e);
  }
  std::unordered_set<const Component*> components_;
};

// Loops right over a live value: if only fields of the loop variable are used, these are all.
class LoopFinder : public Walker {
 public:
  std::unordered_map<const LiveValue*, std::vector<const Symbol*>> loops;
  std::unordered_map<const LiveValue*, int> uses;
  void node(Node* n) override {
    if (n->kind == NodeKind::kFor) {
      auto& f = as<ForNode>(*n);
      if (const LiveValue* live = f.head.subject == nullptr ? nullptr : live_of(f.head.subject))
        loops[live].push_back(f.head.first_symbol);
    }
    Walker::node(n);
  }
  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (const LiveValue* live = live_of(e)) ++uses[live];
    Walker::expr(e);
  }

 private:
  static const LiveValue* live_of(const Expr* e) {
    if (e->live != nullptr) return e->live;
    if (e->kind != ExprKind::kName || as<NameExpr>(*e).symbol == nullptr) return nullptr;
    return as<NameExpr>(*e).symbol->live_output;
  }
};

}  // namespace

void Tiers::live_fields() {
  for (ViewOwner& owner : owners_) {
    FieldReads reads;
    LoopFinder loops;
    for (const ViewStmt* view : *owner.views) {
      reads.nodes(view->nodes);
      loops.nodes(view->nodes);
    }
    for (const SetupStatement& s : *owner.setup) {
      if (s.tier == SetupTier::kDerived || s.tier == SetupTier::kBrowser)
        reads.stmt(const_cast<Stmt*>(s.statement));
      if (s.tier == SetupTier::kDerived) loops.stmt(const_cast<Stmt*>(s.statement));
    }
    for (const HookStmt* hook : *owner.hooks)
      if (!hook->handler->on_server) reads.block(hook->body);
    for (const Expr* e : reads.hidden) {
      const auto& m = as<MemberExpr>(*e);
      t_.reports.add(Code::E0604, e->span, {"'" + std::string(m.name.text) + "'"},
                     "declared @hidden");
    }
    for (LiveValue* live : *owner.live) {
      const Entity* entity = live->type == nullptr ? nullptr : entity_in(live->type);
      if (entity == nullptr) continue;
      std::unordered_set<std::uint32_t> fields = reads.reads[entity];
      auto loop = loops.loops.find(live);
      bool only_loops =
          loop != loops.loops.end() && loops.uses[live] == static_cast<int>(loop->second.size());
      bool known = only_loops;
      std::unordered_set<std::uint32_t> by_loop;
      if (only_loops)
        for (const Symbol* symbol : loop->second) {
          known = known && reads.used_whole.count(symbol) == 0;
          by_loop.insert(reads.by_symbol[symbol].begin(), reads.by_symbol[symbol].end());
        }
      if (known) fields = by_loop;
      for (std::uint32_t i = 0; i < entity->fields.size(); ++i) {
        bool hidden = (entity->fields[i].flags & kHiddenField) != 0;
        bool wanted = fields.count(i) > 0 || (!known && reads.by_name);
        if (wanted && !hidden) live->fields.push_back(std::string(entity->fields[i].name));
      }
      for (std::uint32_t i = 2; i < std::size(kAutomaticFieldNames); ++i)
        if (fields.count(kAutomaticFields + i) > 0)
          live->fields.push_back(std::string(kAutomaticFieldNames[i]));
      bool version = fields.count(kAutomaticFields + 1) > 0;
      live->sends_entity_back = version;
      for (const Handler* handler : p_.handlers)
        for (const Input& input : handler->inputs)
          if (input.type != nullptr && entity_in(input.type) == entity)
            live->sends_entity_back = true;
    }
  }
}

}  // namespace flin::check
