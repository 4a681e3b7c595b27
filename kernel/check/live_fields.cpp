// The fields of rows that code in the browser reads (L 11.9, L 21.12).
#include "check/tiers.h"

namespace flin::check {
using namespace syntax;

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
