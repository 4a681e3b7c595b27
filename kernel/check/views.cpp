// Rows of the view table (L 21.8) in order of the source: setup statements first, then what is
// dynamic in the views. Handlers have no rows; they are collected on the way.
#include "check/tiers.h"

namespace flin::check {
using namespace syntax;

class RowMaker {
 public:
  RowMaker(Tiers& tiers, ViewOwner& owner) : tiers_(tiers), owner_(owner) {}

  Binding* row(BindingKind kind, const void* node) {
    Binding* b = tiers_.p_.arena.make<Binding>();
    b->kind = kind;
    b->row = static_cast<std::uint32_t>(owner_.bindings->size());
    b->node = node;
    owner_.bindings->push_back(b);
    return b;
  }

  void nodes(const std::vector<Node*>& list) {
    for (Node* n : list) node(n);
  }

 private:
  void node(Node* n) {
    switch (n->kind) {
      case NodeKind::kText: return;
      case NodeKind::kInterpolation: n->binding = row(BindingKind::kText, n); return;
      case NodeKind::kElement: return element(as<ElementNode>(*n));
      case NodeKind::kComponent: return component(as<ComponentNode>(*n));
      case NodeKind::kIf:
        n->binding = row(BindingKind::kIf, n);
        for (auto& branch : as<IfNode>(*n).branches) nodes(branch.children);
        return nodes(as<IfNode>(*n).otherwise);
      case NodeKind::kFor: {
        auto& loop = as<ForNode>(*n);
        n->binding = row(BindingKind::kFor, n);
        for (Symbol* symbol : {loop.head.first_symbol, loop.head.second_symbol})
          if (symbol != nullptr) tiers_.loops_[symbol] = &loop;
        nodes(loop.children);
        return nodes(loop.otherwise);
      }
      case NodeKind::kMatch:
        n->binding = row(BindingKind::kMatch, n);
        for (auto& arm : as<MatchNode>(*n).arms) nodes(arm.children);
        return;
      case NodeKind::kSlot: {
        n->binding = row(BindingKind::kSlot, n);
        std::string name(as<SlotNode>(*n).name);
        n->binding->slot = slots_++;
        if (owner_.component != nullptr) owner_.component->slots.push_back(name);
        return nodes(as<SlotNode>(*n).fallback);
      }
      case NodeKind::kWhile: return nodes(as<WhileNode>(*n).children);
    }
  }
  void element(ElementNode& n) {
    for (Attribute* a : n.attributes) attribute(*a, n.tag);
    nodes(n.children);
  }
  void component(ComponentNode& n) {
    n.binding = row(BindingKind::kComponent, &n);
    for (Attribute* a : n.attributes)
      if (a->kind == AttributeKind::kEvent) event(*a, {});
    nodes(n.children);
  }
  void attribute(Attribute& a, std::string_view tag) {
    switch (a.kind) {
      case AttributeKind::kMixed:
      case AttributeKind::kExpr:
      case AttributeKind::kSpread: a.binding = row(BindingKind::kAttribute, &a); return;
      case AttributeKind::kBind: a.binding = row(BindingKind::kBind, &a); return;
      case AttributeKind::kEvent: return event(a, tag);
      default: return;
    }
  }
  void event(Attribute& a, std::string_view tag) {
    Handler* h = tiers_.make_handler(owner_, HandlerKind::kEvent, a.handler_body, a.span);
    h->event = std::string(a.name.text);
    h->attribute = &a;
    h->without_scripts = tag == "form" && a.name.text == "submit";
    a.handler = h;
  }

  Tiers& tiers_;
  ViewOwner& owner_;
  std::uint32_t slots_ = 0;
};

void Tiers::run() {
  collect_owners();
  for (ViewOwner& owner : owners_) number_rows(owner);
  check_functions();
  check_server_units();
  for (ViewOwner& owner : owners_) place_setup(owner);
  for (ViewOwner& owner : owners_) find_live(owner);
  make_places();
  number_live();
  place_handlers();
  live_fields();
  for (ViewOwner& owner : owners_) mark_static(owner);
}

void Tiers::collect_owners() {
  for (const FileFacts& file : t_.files) {
    if (file.page == nullptr) continue;
    Page& page = *file.page;
    owners_.push_back({page.unit, &page, nullptr, file.frame->setup, &page.variables, &page.setup,
                       &page.views, &page.hooks, &page.bindings, &page.handlers, &page.live});
    for (Stmt* s : file.file->statements) {
      if (s->kind == StmtKind::kView) page.views.push_back(&as<ViewStmt>(*s));
      if (s->kind == StmtKind::kHook && as<HookStmt>(*s).hook <= Hook::kUnmount)
        page.hooks.push_back(&as<HookStmt>(*s));
    }
  }
  for (Component* c : p_.components) {
    owners_.push_back({c->unit, nullptr, c, t_.component_frames[c]->setup, &c->variables, &c->setup,
                       &c->views, &c->hooks, &c->bindings, &c->handlers, &c->live});
    for (Stmt* s : c->declaration->body->statements) {
      if (s->kind == StmtKind::kView) c->views.push_back(&as<ViewStmt>(*s));
      if (s->kind == StmtKind::kHook && as<HookStmt>(*s).hook <= Hook::kUnmount)
        c->hooks.push_back(&as<HookStmt>(*s));
    }
  }
}

Handler* Tiers::make_handler(ViewOwner& owner, HandlerKind kind, const Block* body, Span at) {
  Handler* h = p_.arena.make<Handler>();
  h->kind = kind;
  h->unit = owner.unit;
  h->body = body;
  handler_at_[h] = at;
  owner.handlers->push_back(h);
  return h;
}

void Tiers::number_rows(ViewOwner& owner) {
  RowMaker maker(*this, owner);
  for (Stmt* s : owner.setup_statements) {
    SetupStatement setup;
    setup.statement = s;
    setup.binding = maker.row(BindingKind::kSetup, s);
    owner.setup->push_back(setup);
  }
  for (const ViewStmt* view : *owner.views) maker.nodes(view->nodes);
  for (HookStmt* hook : *owner.hooks) {
    static constexpr HandlerKind kKinds[] = {HandlerKind::kMount, HandlerKind::kUpdate,
                                             HandlerKind::kUnmount};
    static constexpr const char* kNames[] = {"onMount", "onUpdate", "onUnmount"};
    hook->handler =
        make_handler(owner, kKinds[static_cast<int>(hook->hook)], hook->body, hook->span);
    hook->handler->event = kNames[static_cast<int>(hook->hook)];
  }
}

}  // namespace flin::check
