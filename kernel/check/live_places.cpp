// Where scopes open and close with data of the server (W 4.2): which loops, component uses and
// slots live values depend on, what the server can compute of the props, what hides components, and
// what of this the server could not know (E0606).
#include "check/live_paths.h"
#include "check/tiers.h"

#include <algorithm>
#include <set>

namespace flin::check {
using namespace syntax;

class PlaceMaker {
 public:
  explicit PlaceMaker(Tiers& tiers) : tiers_(tiers) {}

  void run() {
    place_values();
    while (hide_components()) {}
    while (mark_needed()) {}
    for (Tiers::Shown& shown : tiers_.shown_) check(shown);
    for (Tiers::Shown& shown : tiers_.shown_) add_guard(shown);
    while (add_props()) {}
    for (LivePlace* place : tiers_.places_) number(*place);
  }

 private:
  using Shown = Tiers::Shown;

  // Loops that values depend on.
  void place_values() {
    for (ViewOwner& owner : tiers_.owners_)
      for (LiveValue* live : *owner.live) {
        if (!tiers_.place_inputs(*live)) {
          tiers_.t_.reports.add(Code::E0606, span_of(*live), {}, reads(*live));
          continue;
        }
        if (live->place == nullptr) continue;
        need(live->place);
        if (live->place->loop->key != nullptr && !is_id(*live->place->loop))
          tiers_.t_.reports.add(Code::E0217, live->place->loop->key->span,
                                {"a live value of a row in a {for} with a key of its own"},
                                "leave `key` out: the rows are kept by their id");
      }
  }
  static Span span_of(const LiveValue& live) {
    return live.root != nullptr ? live.root->span : live.group.front()->span;
  }
  std::string reads(const LiveValue& live) const {
    for (const Input& input : live.inputs)
      if (input.kind == InputKind::kLocal && tiers_.rows_.count(loop_of(input)) == 0)
        return "reads '" + std::string(input.symbol->name) + "'";
    return {};
  }
  const ForNode* loop_of(const Input& input) const {
    auto loop = tiers_.loops_.find(input.symbol);
    return loop == tiers_.loops_.end() ? nullptr : loop->second;
  }
  // `key t.id` is what rows are kept by anyway.
  static bool is_id(const ForNode& loop) {
    const Expr& key = *loop.key;
    return key.kind == ExprKind::kMember && as<MemberExpr>(key).target == MemberTarget::kField &&
           as<MemberExpr>(key).field == kAutomaticFields;
  }

  // ---- What hides components ----

  // In a component that is hidden somewhere every live value belongs to its instance.
  bool hide_components() {
    bool changed = false;
    for (const Shown& shown : tiers_.shown_) {
      const Component* c = used(shown);
      bool in_hidden = shown.owner->component != nullptr && hidden_.count(shown.owner->component);
      if (c == nullptr || !(shown.is_hidden || in_hidden)) continue;
      changed = hidden_.insert(c).second || changed;
    }
    for (ViewOwner& owner : tiers_.owners_)
      if (owner.component != nullptr && hidden_.count(owner.component) != 0)
        for (LiveValue* live : *owner.live) live->in_instance = true;
    return changed;
  }
  static const Component* used(const Shown& shown) {
    return shown.node->kind == NodeKind::kComponent ? as<ComponentNode>(*shown.node).component
                                                    : nullptr;
  }
  void add_guard(Shown& shown) {
    if (used(shown) == nullptr || shown.place == nullptr || !shown.place->is_needed ||
        shown.guards.empty())
      return;
    LiveValue* guard = make(shown, LivePurpose::kGuard);
    guard->guards = shown.guards;
    guard->type = tiers_.p_.types->optional(tiers_.p_.types->simple(TypeTag::kBool));
    tiers_.add_inputs(*guard);
    if (!tiers_.place_inputs(*guard))
      tiers_.t_.reports.add(Code::E0606, shown.node->span, {},
                            "the condition around it " + reads(*guard));
    need(guard->place);
    shown.place->guard = guard;
  }
  LiveValue* make(const Shown& shown, LivePurpose purpose) {
    LiveValue* live = tiers_.p_.arena.make<LiveValue>();
    live->unit = shown.owner->unit;
    live->purpose = purpose;
    tiers_.hidden_live_.push_back(live);
    return live;
  }

  // ---- What is needed ----

  static void need(const LivePlace* place) {
    for (; place != nullptr; place = place->parent) const_cast<LivePlace*>(place)->is_needed = true;
  }
  bool needs_scope(const Component* c) const {
    bool values = std::any_of(c->live.begin(), c->live.end(),
                              [](const LiveValue* live) { return live->in_instance; });
    return values ||
           std::any_of(tiers_.places_.begin(), tiers_.places_.end(),
                       [&](const LivePlace* p) { return p->is_needed && p->unit == c->unit; });
  }
  // Whether what a use gives as that slot's content holds something needed.
  bool content_needed(const Component* c, std::string_view slot) const {
    return std::any_of(tiers_.places_.begin(), tiers_.places_.end(), [&](const LivePlace* p) {
      return p->is_needed && p->parent != nullptr && p->parent->kind == PlaceKind::kUse &&
             p->parent->component == c && p->content_of == slot;
    });
  }
  bool mark_needed() {
    bool changed = false;
    for (LivePlace* place : tiers_.places_) {
      if (place->is_needed) continue;
      bool needed = place->kind == PlaceKind::kUse && needs_scope(place->component);
      if (place->kind == PlaceKind::kSlot)
        for (const ViewOwner& owner : tiers_.owners_)
          needed = needed || (owner.unit == place->unit && owner.component != nullptr &&
                              content_needed(owner.component, place->slot));
      if (!needed) continue;
      need(place);
      changed = true;
    }
    return changed;
  }

  // ---- What the server cannot know ----

  void check(const Shown& shown) {
    if (const Component* c = used(shown)) {
      if (shown.place == nullptr && needs_scope(c))
        tiers_.t_.reports.add(Code::E0606, shown.node->span, {},
                              "live values of " + std::string(c->name) + " belong to each use");
      return;
    }
    const Component* c = shown.owner->component;
    if (c == nullptr) return;
    std::string_view slot = as<SlotNode>(*shown.node).name;
    if (shown.place == nullptr && content_needed(c, slot))
      tiers_.t_.reports.add(Code::E0606, shown.node->span, {},
                            "content of this slot has live values");
    if (shown.is_hidden) check_hidden_slot(*c, slot);
  }
  // The content belongs to whoever wrote it, so a condition around the slot would not hide it.
  void check_hidden_slot(const Component& c, std::string_view slot) {
    class HasLive : public Walker {
     public:
      const Expr* found = nullptr;
      void expr(Expr* e) override {
        if (e != nullptr && e->live != nullptr) found = e;
        if (found == nullptr) Walker::expr(e);
      }
    };
    for (const Shown& shown : tiers_.shown_) {
      if (used(shown) != &c) continue;
      HasLive has;
      for (Node* child : as<ComponentNode>(*shown.node).children)
        if (slot_of(*child) == slot) has.node(child);
      if (has.found != nullptr)
        tiers_.t_.reports.add(
            Code::E0217, has.found->span,
            {"a live value in the content of a slot that a condition of the server hides"},
            "put the condition around <" + std::string(c.name) + ">");
    }
  }

  // ---- Props ----

  // Props of component c that its live values read.
  std::set<std::string_view> props_read(const Component& c) const {
    std::set<std::string_view> names;
    auto add = [&](const LiveValue& live) {
      for (const Input& input : live.inputs)
        if (input.kind == InputKind::kProp && live.unit == c.unit)
          names.insert(input.symbol != nullptr ? input.symbol->name : std::string_view(input.path));
    };
    for (const LiveValue* live : c.live) add(*live);
    for (const LiveValue* live : tiers_.hidden_live_) add(*live);
    return names;
  }
  bool add_props() {
    bool changed = false;
    for (Shown& shown : tiers_.shown_) {
      const Component* c = used(shown);
      if (c == nullptr || shown.place == nullptr || !shown.place->is_needed) continue;
      for (std::string_view name : props_read(*c))
        if (tried_.insert({shown.place, name}).second) {
          add_prop(shown, *c, name);
          changed = true;
        }
    }
    return changed;
  }
  void add_prop(Shown& shown, const Component& c, std::string_view name) {
    const Attribute* given = nullptr;
    for (const Attribute* a : as<ComponentNode>(*shown.node).attributes) {
      if (a->kind == AttributeKind::kSpread) return;
      if (a->name.text == name) given = a;
    }
    const Symbol* declared = nullptr;
    for (const Symbol* prop : c.props)
      if (prop->name == name) declared = prop;
    bool is_value = given == nullptr || given->kind <= AttributeKind::kBare;
    if (!is_value || (given != nullptr && !is_plain(*given))) return;
    LiveValue probe;
    probe.unit = shown.owner->unit;
    probe.purpose = LivePurpose::kProp;
    probe.prop = given;
    if (given == nullptr && c.declaration != nullptr)
      for (const Param& param : c.declaration->params)
        if (param.symbol == declared) probe.root = param.fallback;
    probe.type = declared != nullptr && declared->type != nullptr
                     ? declared->type
                     : tiers_.p_.types->simple(TypeTag::kAny);
    if (probe.type->is(TypeTag::kFunction) || probe.type->is(TypeTag::kView)) return;
    tiers_.add_inputs(probe);
    if (!tiers_.place_inputs(probe)) return;
    bool of_server = std::all_of(probe.inputs.begin(), probe.inputs.end(), [](const Input& input) {
      return input.kind == InputKind::kLocal || input.kind == InputKind::kProp ||
             input.kind == InputKind::kPath;
    });
    if (!of_server) return;
    LiveValue* value = make(shown, LivePurpose::kProp);
    *value = probe;
    need(value->place);
    shown.place->props.push_back({name, value});
  }
  // Neither things of the browser nor names the server does not know.
  bool is_plain(const Attribute& a) const {
    class Finder : public Walker {
     public:
      bool plain = true;
      void expr(Expr* e) override {
        if (e == nullptr || !plain) return;
        const Symbol* symbol = e->kind == ExprKind::kName ? as<NameExpr>(*e).symbol : nullptr;
        bool context =
            symbol != nullptr && symbol->kind == SymbolKind::kContext && symbol->name != "session";
        plain = !context && e->kind != ExprKind::kLambda && e->kind != ExprKind::kMarkup &&
                (symbol == nullptr || symbol->kind != SymbolKind::kBrowserObject);
        if (path_of(e).empty()) Walker::expr(e);
      }
    };
    Finder finder;
    for (Expr* part : a.parts) finder.expr(part);
    finder.expr(a.value);
    for (const Expr* part : a.parts)
      finder.plain = finder.plain && !tiers_.touches_.of(part).browser();
    return finder.plain && (a.value == nullptr || !tiers_.touches_.of(a.value).browser());
  }

  void number(LivePlace& place) {
    if (!place.is_needed) return;
    place.row = static_cast<std::uint32_t>(tiers_.p_.places.size());
    Binding* binding = const_cast<Binding*>(place.binding);
    binding->place = &place;
    binding->is_step = true;
    tiers_.p_.places.push_back(&place);
  }

  Tiers& tiers_;
  std::set<const Component*> hidden_;
  std::set<std::pair<const LivePlace*, std::string_view>> tried_;
};

void Tiers::make_places() { PlaceMaker(*this).run(); }

}  // namespace flin::check
