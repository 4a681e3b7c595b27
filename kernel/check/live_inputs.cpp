// Inputs of live values (L 11.9): the variables, props, rows and paths that its code reads, with
// those of the conditions around it and of the setup groups it reads; which of them are entities
// that have to be read from the store.
#include "check/live_paths.h"
#include "check/tiers.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;

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

std::string_view slot_of(const Node& node) {
  const std::vector<Attribute*>* attributes = nullptr;
  if (node.kind == NodeKind::kElement) attributes = &as<ElementNode>(node).attributes;
  if (node.kind == NodeKind::kComponent) attributes = &as<ComponentNode>(node).attributes;
  if (attributes != nullptr)
    for (const Attribute* a : *attributes)
      if (a->kind == AttributeKind::kStatic && a->name.text == "slot") return a->text;
  return "children";
}

namespace {

// Walks all that a live value consists of.
class PartsOf : public Walker {
 public:
  void parts(const LiveValue& live) {
    for (const LiveGuard& guard : live.guards) this->guard(guard);
    if (live.root != nullptr) expr(const_cast<Expr*>(live.root));
    if (live.prop != nullptr) attribute(const_cast<Attribute*>(live.prop));
    for (const Stmt* s : live.group) stmt(const_cast<Stmt*>(s));
  }

 private:
  void guard(const LiveGuard& guard) {
    if (guard.branch_of != nullptr) {
      const auto& branches = guard.branch_of->branches;
      for (std::size_t i = 0; i <= guard.number && i < branches.size(); ++i)
        condition(branches[i].condition);
      return;
    }
    expr(guard.arm_of->subject);
    for (std::size_t i = 0; i <= guard.number; ++i) {
      pattern(guard.arm_of->arms[i].pattern);
      expr(guard.arm_of->arms[i].guard);
    }
  }
};

// The names that conditions around a live value make are its own.
class GuardNames : public PatternNames {
 public:
  explicit GuardNames(const LiveValue& live) {
    for (const LiveGuard& guard : live.guards) {
      if (guard.branch_of != nullptr) {
        for (auto& branch : guard.branch_of->branches) pattern(branch.condition.pattern);
      } else {
        for (auto& arm : guard.arm_of->arms) pattern(arm.pattern);
      }
    }
  }
};

// Inputs of a live value, in order of first use.
class InputFinder : public PartsOf {
 public:
  explicit InputFinder(LiveValue& live) : live_(live), own_(GuardNames(live).symbols) {
    own_.insert(own_.end(), live.outputs.begin(), live.outputs.end());
  }

  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (std::string path = path_of(e); !path.empty()) {
      for (const Input& input : live_.inputs)
        if (input.path == path) return;
      Input input;
      input.kind = InputKind::kPath;
      input.path = path;
      input.type = e->type;
      live_.inputs.push_back(input);
      return;
    }
    if (std::string_view name = prop_of(e); !name.empty()) return prop(name, e->type);
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
  // What a component is given by an event's name is a value too.
  void attribute(Attribute* a) override {
    for (Expr* part : a->parts) expr(part);
    expr(a->value);
  }

 private:
  void function(const Function* f) {
    if (!f->page_bound || !seen_.insert(f).second) return;
    block(f->declaration->body);
  }
  // A setup group that it reads runs before it, so what that reads are inputs too.
  void group(const LiveValue& of) {
    if (!groups_.insert(&of).second) return;
    own_.insert(own_.end(), of.outputs.begin(), of.outputs.end());
    for (const Stmt* s : of.group) stmt(const_cast<Stmt*>(s));
    live_.before.push_back(&of);
  }
  // "a" of `props.a`.
  static std::string_view prop_of(const Expr* e) {
    if (e->kind != ExprKind::kMember) return {};
    const Expr& object = *as<MemberExpr>(*e).object;
    const Symbol* props = object.kind == ExprKind::kName ? as<NameExpr>(object).symbol : nullptr;
    bool is_prop =
        props != nullptr && props->kind == SymbolKind::kContext && props->name == "props";
    return is_prop ? as<MemberExpr>(*e).name.text : std::string_view();
  }
  void prop(std::string_view name, const Type* type) {
    if (live_.unit->component != nullptr)
      for (Symbol* declared : live_.unit->component->props)
        if (declared->name == name) return symbol(declared);
    for (const Input& other : live_.inputs)
      if (other.kind == InputKind::kProp && other.symbol == nullptr && other.path == name) return;
    Input input;
    input.kind = InputKind::kProp;
    input.path = name;
    input.type = type;
    live_.inputs.push_back(input);
  }
  void symbol(Symbol* s) {
    if (s->stands_for != nullptr) return expr(const_cast<Expr*>(s->stands_for));
    if (s->live_output != nullptr && s->live_output != &live_) group(*s->live_output);
    if (std::find(own_.begin(), own_.end(), s) != own_.end()) return;
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
    for (const Input& other : live_.inputs)
      if (other.symbol == s) return;
    s->is_live_input = s->is_live_input || live_.purpose != LivePurpose::kProp;
    live_.inputs.push_back(input);
  }
  // Made by the code of the live value itself.
  bool is_inside(const Symbol* s) const {
    auto within = [&](const Span& span) {
      return span.file == s->declared.file && span.begin <= s->declared.begin &&
             s->declared.end <= span.end;
    };
    if (live_.root != nullptr && within(live_.root->span)) return true;
    if (live_.prop != nullptr && within(live_.prop->span)) return true;
    for (const Stmt* statement : live_.group)
      if (within(statement->span)) return true;
    for (const LiveValue* group : groups_)
      for (const Stmt* statement : group->group)
        if (within(statement->span)) return true;
    return false;
  }

  LiveValue& live_;
  std::vector<const Symbol*> own_;
  std::unordered_set<const Function*> seen_;
  std::unordered_set<const LiveValue*> groups_;
};

// Entities of which more than the id is read: only the id crosses (W 4.2).
class LoadedEntities : public PartsOf {
 public:
  std::unordered_set<const Symbol*> symbols;

  void expr(Expr* e) override {
    if (e == nullptr) return;
    if (e->kind == ExprKind::kMember && as<MemberExpr>(*e).target == MemberTarget::kField &&
        as<MemberExpr>(*e).field == kAutomaticFields && is_name(as<MemberExpr>(*e).object))
      return;
    if (is_name(e)) symbols.insert(as<NameExpr>(*e).symbol);
    Walker::expr(e);
  }
  // A predicate compares references by their ids.
  void call(CallExpr& c) override {
    if (c.target != CallTarget::kForm || c.predicate == nullptr) return Walker::call(c);
    for (Expr* operand : c.operands) expr(operand);
    for (const Expr* parameter : c.predicate->parameters)
      if (!is_name(parameter)) expr(const_cast<Expr*>(parameter));
  }

 private:
  static bool is_name(const Expr* e) {
    return e->kind == ExprKind::kName && as<NameExpr>(*e).symbol != nullptr;
  }
};

bool holds_entities(const Type* type) {
  if (type == nullptr) return false;
  if (type->is(TypeTag::kEntity)) return true;
  return std::any_of(type->items.begin(), type->items.end(), holds_entities);
}

bool is_entity(const Type* type) {
  if (type != nullptr && type->is(TypeTag::kOptional)) type = type->items[0];
  return type != nullptr && type->is(TypeTag::kEntity);
}

// `{x}` alone: the value of the input as it is.
bool passes_on(const LiveValue& live) {
  const Expr* e = live.prop != nullptr ? live.prop->value : live.root;
  bool is_name = e != nullptr && e->kind == ExprKind::kName && live.inputs.size() == 1 &&
                 (live.prop == nullptr || live.prop->kind == AttributeKind::kExpr);
  return is_name && as<NameExpr>(*e).symbol == live.inputs[0].symbol &&
         live.type == live.inputs[0].type;
}

}  // namespace

void Tiers::add_inputs(LiveValue& live) {
  InputFinder finder(live);
  finder.parts(live);
  LoadedEntities loaded;
  loaded.parts(live);
  for (const LiveValue* group : live.before) loaded.parts(*group);
  live.passes_on = live.purpose == LivePurpose::kProp && passes_on(live);
  for (Input& input : live.inputs) {
    if (!holds_entities(input.type) || live.passes_on || loaded.symbols.count(input.symbol) == 0)
      continue;
    if (is_entity(input.type))
      input.is_loaded = true;
    else if (live.root != nullptr && live.purpose == LivePurpose::kShown)
      t_.reports.add(Code::E0217, live.root->span,
                     {"a live value that reads fields of entities in a list"},
                     "reads '" + std::string(input.symbol->name) + "'");
  }
  if (live.unit->kind == UnitKind::kComponent)
    live.in_instance =
        live.in_instance ||
        std::any_of(live.inputs.begin(), live.inputs.end(), [](const Input& input) {
          return input.kind == InputKind::kComponentVariable || input.kind == InputKind::kProp;
        });
}

bool Tiers::place_inputs(LiveValue& live) {
  const LivePlace* inner = nullptr;
  for (Input& input : live.inputs) {
    if (input.kind != InputKind::kLocal) continue;
    auto loop = loops_.find(input.symbol);
    auto rows = loop == loops_.end() ? rows_.end() : rows_.find(loop->second);
    if (rows == rows_.end()) return false;
    input.place = rows->second;
    input.is_index = input.symbol == loop->second->head.second_symbol;
    // The innermost of all: the one below the others.
    bool is_below = inner == nullptr;
    for (const LivePlace* p = input.place; p != nullptr && !is_below; p = p->parent)
      is_below = p == inner;
    if (is_below) inner = input.place;
  }
  live.place = inner;
  return true;
}

}  // namespace flin::check
