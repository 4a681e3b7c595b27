// Live values (L 11.9): the largest parts of bindings that begin at server things, found together
// with what stands around them in the view: loops, component uses, conditions that hide them.
#include "check/live_paths.h"
#include "check/tiers.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

bool is_session(const Expr* e) {
  if (e->kind != ExprKind::kName) return false;
  const Symbol* symbol = as<NameExpr>(*e).symbol;
  return symbol != nullptr && symbol->kind == SymbolKind::kContext && symbol->name == "session";
}

// Whether an expression shows a value of the server under a name: an output of a live setup group.
class ReadsLive : public Walker {
 public:
  bool found = false;
  void expr(Expr* e) override {
    if (e == nullptr || found) return;
    const Symbol* symbol = e->kind == ExprKind::kName ? as<NameExpr>(*e).symbol : nullptr;
    found =
        e->live != nullptr ||
        (symbol != nullptr && (symbol->live_output != nullptr || symbol->stands_for != nullptr));
    if (!found) Walker::expr(e);
  }
};

}  // namespace

bool Tiers::touches_server(const Expr* e) const {
  if (e == nullptr) return false;
  ReadsLive reads;
  reads.expr(const_cast<Expr*>(e));
  return reads.found || touches_.of(e).server();
}

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
    live->guards = guards_of(e);
    tiers_.add_inputs(*live);
    bool is_list = live->type->is(TypeTag::kList);  // hidden, it is empty
    if (!live->guards.empty() && !is_list) live->type = tiers_.p_.types->optional(live->type);
  }
  void attribute(Attribute* a) override {
    for (Expr* part : a->parts) expr(part);
    if (a->kind != AttributeKind::kBind) expr(a->value);
  }
  void node(Node* n) override {
    switch (n->kind) {
      case NodeKind::kIf: return if_node(as<IfNode>(*n));
      case NodeKind::kMatch: return match_node(as<MatchNode>(*n));
      case NodeKind::kFor: return for_node(as<ForNode>(*n));
      case NodeKind::kWhile: {
        condition(as<WhileNode>(*n).condition);
        LivePlace* outer = std::exchange(place_, nullptr);
        bool was = std::exchange(in_browser_loop_, true);
        nodes(as<WhileNode>(*n).children);
        in_browser_loop_ = was;
        place_ = outer;
        return;
      }
      case NodeKind::kComponent: return component(as<ComponentNode>(*n));
      case NodeKind::kSlot: return slot(as<SlotNode>(*n));
      default: return Walker::node(n);
    }
  }

 private:
  // A condition around what is being looked at.
  struct Around {
    LiveGuard guard;
    bool of_server = false;
    std::vector<const Symbol*> names;  // that its patterns make
    std::vector<const Expr*> exprs;
  };

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

  // ---- Conditions ----

  // Those that belong to the value: conditions of the server, and those that make names it reads.
  std::vector<LiveGuard> guards_of(const Expr* root) const {
    NamesRead needed;
    needed.expr(const_cast<Expr*>(root));
    std::vector<LiveGuard> guards;
    for (auto around = around_.rbegin(); around != around_.rend(); ++around) {
      bool binds = std::any_of(around->names.begin(), around->names.end(),
                               [&](const Symbol* name) { return needed.symbols.count(name) != 0; });
      if (!around->of_server && !binds) continue;
      guards.insert(guards.begin(), around->guard);
      for (const Expr* e : around->exprs) needed.expr(const_cast<Expr*>(e));
    }
    return guards;
  }
  std::vector<LiveGuard> server_guards() const {
    std::vector<LiveGuard> guards;
    for (const Around& around : around_)
      if (around.of_server) guards.push_back(around.guard);
    return guards;
  }
  void add_condition(Around& around, const Expr* e, Pattern* p, bool is_own) {
    around.exprs.push_back(e);
    around.of_server = around.of_server || tiers_.touches_server(e);
    if (p == nullptr || !is_own) return;
    PatternNames names;
    names.pattern(p);
    around.names.insert(around.names.end(), names.symbols.begin(), names.symbols.end());
  }
  void if_node(IfNode& n) {
    for (auto& branch : n.branches) condition(branch.condition);
    for (std::size_t i = 0; i <= n.branches.size(); ++i) {
      Around around;
      around.guard.branch_of = &n;
      around.guard.number = i;
      for (std::size_t k = 0; k <= i && k < n.branches.size(); ++k)
        add_condition(around, n.branches[k].condition.value, n.branches[k].condition.pattern,
                      k == i);
      inside(std::move(around), i < n.branches.size() ? n.branches[i].children : n.otherwise);
    }
  }
  void match_node(MatchNode& n) {
    expr(n.subject);
    for (auto& arm : n.arms) {
      pattern(arm.pattern);
      expr(arm.guard);
    }
    for (std::size_t i = 0; i < n.arms.size(); ++i) {
      Around around;
      around.guard.arm_of = &n;
      around.guard.number = i;
      add_condition(around, n.subject, n.arms[i].pattern, true);
      for (std::size_t k = 0; k <= i; ++k)
        if (n.arms[k].guard != nullptr) add_condition(around, n.arms[k].guard, nullptr, true);
      inside(std::move(around), n.arms[i].children);
    }
  }
  void inside(Around around, const std::vector<Node*>& children) {
    around_.push_back(std::move(around));
    nodes(children);
    around_.pop_back();
  }

  // ---- Loops, components, slots ----

  LivePlace* make_place(PlaceKind kind, Node& n) {
    if (in_browser_loop_) return nullptr;
    LivePlace* place = tiers_.p_.arena.make<LivePlace>();
    place->kind = kind;
    place->unit = owner_.unit;
    place->parent = place_;
    if (content_ != nullptr && place_ != nullptr && place_->binding == content_->binding)
      place->content_of = slot_;
    place->binding = n.binding;
    tiers_.places_.push_back(place);
    return place;
  }
  // The live value that a loop goes over, and which of its outputs.
  static const LiveValue* list_of(const Expr* subject, std::size_t& output) {
    if (subject == nullptr) return nullptr;
    if (subject->live != nullptr) return subject->live;
    if (subject->kind != ExprKind::kName || as<NameExpr>(*subject).symbol == nullptr)
      return nullptr;
    const Symbol* symbol = as<NameExpr>(*subject).symbol;
    const LiveValue* live = symbol->live_output;
    if (live == nullptr) return nullptr;
    output = static_cast<std::size_t>(
        std::find(live->outputs.begin(), live->outputs.end(), symbol) - live->outputs.begin());
    return live;
  }
  static bool is_list(const Expr* subject) {
    const Type* type = subject->converted != nullptr ? subject->converted : subject->type;
    if (type != nullptr && type->is(TypeTag::kOptional)) type = type->items[0];
    return type != nullptr && (type->is(TypeTag::kList) || type->is(TypeTag::kQuery));
  }
  void for_node(ForNode& n) {
    head(n.head);
    std::size_t output = 0;
    const LiveValue* list = list_of(n.head.subject, output);
    bool live_rows = list != nullptr && is_list(n.head.subject);
    LivePlace* place = live_rows ? make_place(PlaceKind::kRows, n) : nullptr;
    if (place != nullptr) {
      place->list = list;
      place->output = output;
      place->loop = &n;
      tiers_.rows_[&n] = place;
    }
    LivePlace* outer = std::exchange(place_, place);
    bool was = std::exchange(in_browser_loop_, place == nullptr);
    std::size_t uses = tiers_.shown_.size();
    expr(n.key);
    nodes(n.children);
    n.binding->is_step = tiers_.shown_.size() > uses;
    in_browser_loop_ = was;
    place_ = outer;
    nodes(n.otherwise);
  }
  void note_shown(Node& n, LivePlace* place) {
    std::vector<LiveGuard> guards = server_guards();
    bool is_hidden = !guards.empty();
    tiers_.shown_.push_back({&owner_, &n, place, is_hidden, std::move(guards), content_, slot_});
  }
  void component(ComponentNode& n) {
    n.binding->is_step = true;
    LivePlace* place = n.component != nullptr ? make_place(PlaceKind::kUse, n) : nullptr;
    if (place != nullptr) place->component = n.component;
    note_shown(n, place);
    for (Attribute* a : n.attributes) attribute(a);
    LivePlace* outer = std::exchange(place_, place);
    const ComponentNode* outer_content = std::exchange(content_, &n);
    std::string_view outer_slot = slot_;
    for (Node* child : n.children) {
      slot_ = slot_of(*child);
      node(child);
    }
    slot_ = outer_slot;
    content_ = outer_content;
    place_ = outer;
  }
  void slot(SlotNode& n) {
    n.binding->is_step = true;
    LivePlace* place = owner_.component != nullptr ? make_place(PlaceKind::kSlot, n) : nullptr;
    if (place != nullptr) place->slot = n.name;
    note_shown(n, place);
    nodes(n.fallback);
  }

  Tiers& tiers_;
  ViewOwner& owner_;
  std::vector<Around> around_;
  LivePlace* place_ = nullptr;
  bool in_browser_loop_ = false;
  const ComponentNode* content_ = nullptr;
  std::string_view slot_;
};

LiveValue* Tiers::make_live(ViewOwner& owner) {
  LiveValue* live = p_.arena.make<LiveValue>();
  live->unit = owner.unit;
  owner.live->push_back(live);
  return live;
}

void Tiers::find_live(ViewOwner& owner) {
  for (LiveValue* group : *owner.live) add_inputs(*group);
  LiveFinder finder(*this, owner);
  for (const ViewStmt* view : *owner.views) finder.nodes(view->nodes);
}

void Tiers::number_live() {
  for (ViewOwner& owner : owners_)
    for (LiveValue* live : *owner.live) {
      live->row = static_cast<std::uint32_t>(p_.live.size());
      p_.live.push_back(live);
    }
  for (LiveValue* live : hidden_live_) {
    live->row = static_cast<std::uint32_t>(p_.live.size());
    p_.live.push_back(live);
  }
}

}  // namespace flin::check
