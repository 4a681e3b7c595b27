// Members, items and slices: postfix chains without calls (L 4.8 to L 4.10).
#include "check/aliases.h"
#include "check/infer.h"

#include <cctype>

namespace flin::check {
using namespace syntax;

// `a?.b.c` is one chain: if `a` is none the rest is skipped. Inside the chain types are those of
// what is there; `skips` tells the outermost part that the whole may be none.
const Type* Inference::postfix(Expr* e, bool& skips, Type_ hint) {
  switch (e->kind) {
    case ExprKind::kMember: return member(as<MemberExpr>(*e), skips);
    case ExprKind::kIndex: return index(as<IndexExpr>(*e), skips);
    case ExprKind::kSlice: return slice(as<SliceExpr>(*e), skips);
    case ExprKind::kCall: return call(as<CallExpr>(*e), skips, hint);
    default: return infer(e, hint);
  }
}

const Type* Inference::receiver(Expr* e, bool& skips) { return set(e, postfix(e, skips, nullptr)); }

// Type of what stands before a dot or bracket, without none.
const Type* Inference::object_type(Expr* object, bool optional, bool& skips) {
  bool is_postfix = object->kind == ExprKind::kMember || object->kind == ExprKind::kIndex ||
                    object->kind == ExprKind::kSlice || object->kind == ExprKind::kCall;
  Type_ type = is_postfix ? receiver(object, skips) : infer(object);
  type = u_.resolve(type);
  if (optional) {
    skips = true;
    return plain(type);
  }
  if (!type->is(TypeTag::kOptional)) return type;
  if (asked_ == nullptr) report(Code::E0305, object->span, {text(object)}, "may be none");
  return plain(type);
}

const Type* Inference::member(MemberExpr& e, bool& skips) {
  e.target = MemberTarget::kUnresolved;
  e.call = nullptr;
  Type_ result = nullptr;
  if (static_member(e, result)) return result;
  Type_ object = object_type(e.object, e.optional, skips);
  std::string_view name = e.name.text;
  bool by_trait = !e.past_traits && !object->is(TypeTag::kMap) && !object->is(TypeTag::kNever) &&
                  t_.dispatchers.count(name) > 0;
  if (by_trait) {
    auto* made = p_.arena.make<CallExpr>(e.span, &e);
    if (Type_ found = trait_call(*made, e.object, object, name)) {
      e.target = MemberTarget::kCall;
      e.call = made;
      return set(made, found);
    }
  }
  switch (object->tag) {
    case TypeTag::kVariable:
      u_.unify(object, any());
      e.target = MemberTarget::kDynamic;
      return any();
    case TypeTag::kAny: e.target = MemberTarget::kDynamic; return any();
    case TypeTag::kNever: return simple(TypeTag::kNever);
    case TypeTag::kEntity: return entity_member(e, *object->entity);
    case TypeTag::kMap:
      e.target = MemberTarget::kKey;
      if (!coerces_to_key(object)) return no_member(e, object);
      return types_.optional(u_.resolve(object->items[1]));
    case TypeTag::kTuple:
      if (!name.empty() && std::isdigit(static_cast<unsigned char>(name[0]))) {
        std::size_t at = static_cast<std::size_t>(std::stoul(std::string(name.substr(0, 4))));
        if (at >= object->items.size()) return no_member(e, object);
        e.target = MemberTarget::kTuple;
        e.field = static_cast<std::uint32_t>(at);
        return object->items[at];
      }
      return method_member(e, object);
    case TypeTag::kQuery:
      if (is_query_method(name)) {
        e.target = MemberTarget::kCall;
        e.call = p_.arena.make<CallExpr>(e.span, &e);
        return set(e.call, query_method(*e.call, name, e.object, *object->entity, e.name.span));
      }
      return method_member(e, object);
    case TypeTag::kUnion: e.target = MemberTarget::kDynamic; return any();
    default: return method_member(e, object);
  }
}

// A map with `.name` has texts as keys.
bool Inference::coerces_to_key(Type_ map) {
  Type_ key = u_.resolve(map->items[0]);
  return key->is(TypeTag::kText) || key->is(TypeTag::kAny) ||
         (key->is(TypeTag::kVariable) && u_.unify(key, simple(TypeTag::kText)));
}

// Members of types: Status.Done, Todo.all, Math.PI.
bool Inference::static_member(MemberExpr& e, Type_& result) {
  if (e.object->kind != ExprKind::kName) return false;
  auto& n = as<NameExpr>(*e.object);
  if (n.symbol != nullptr || n.function != nullptr) return false;
  if (auto it = t_.enums.find(n.name); it != t_.enums.end()) {
    set(e.object, any());
    result = enum_member(e, *it->second);
    return true;
  }
  if (n.entity != nullptr) {
    set(e.object, any());
    if (is_query_method(e.name.text)) {
      e.target = MemberTarget::kCall;
      e.call = p_.arena.make<CallExpr>(e.span, &e);
      result = set(e.call, query_method(*e.call, e.name.text, nullptr, *n.entity, e.name.span));
      return true;
    }
    Report& r = report(Code::E0003, e.name.span, {n.name, e.name.text}, "no query of this name");
    suggest(r, e.name.text,
            {"all", "where", "find", "first", "last", "count", "exists", "order", "limit", "sum",
             "avg", "min", "max"});
    result = any();
    return true;
  }
  std::string_view alias = object_alias(n.name, e.name.text);
  if (alias.empty() || t_.bindings.builtins(alias).empty()) return false;
  NameExpr* made = p_.arena.make<NameExpr>(e.span, alias);
  made->builtin = t_.bindings.builtins(alias).front();
  set(e.object, any());
  e.target = MemberTarget::kBuiltin;
  e.call = p_.arena.make<CallExpr>(e.span, made);
  result = set(e.call, builtin_call(*e.call, alias, nullptr));
  return true;
}

const Type* Inference::enum_member(MemberExpr& e, const Enum& en) {
  e.enumeration = &en;
  std::string_view name = e.name.text;
  if (name == "values") {
    e.target = MemberTarget::kCall;
    e.call = p_.arena.make<CallExpr>(e.span, &e);
    e.call->target = CallTarget::kVariant;
    e.call->enumeration = &en;
    e.call->detail = "values";
    return set(e.call, types_.list(variant_value(en, nullptr)));
  }
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < en.variants.size(); ++i) {
    names.push_back(en.variants[i].name);
    if (en.variants[i].name != name) continue;
    e.target = MemberTarget::kVariant;
    e.field = i;
    return variant_value(en, nullptr);
  }
  Report& r = report(Code::E0010, e.name.span, {en.name, name}, "no such variant");
  suggest(r, name, names);
  if (r.helps.empty()) {
    std::string all;
    for (std::string_view variant : names) all += (all.empty() ? "" : ", ") + std::string(variant);
    r.helps = {"variants: " + all};
  }
  return any();
}

const Type* Inference::entity_member(MemberExpr& e, const Entity& entity) {
  std::uint32_t field = field_number(entity, e.name.text);
  if (field != kNoField) {
    e.target = MemberTarget::kField;
    e.field = field;
    return field_type(t_, entity, field);
  }
  if (e.name.text == "history") {
    report(Code::E0217, e.name.span, {"'history'"}, "not yet");
    return any();
  }
  if (has_builtin_method(method_alias(e.name.text), types_.entity(&entity)))
    return method_member(e, types_.entity(&entity));
  no_field(e.name.span, entity, e.name.text);
  return any();
}

// Members of properties.def; null: the type has none of this name.
const Type* Inference::property(Type_ object, std::string_view name) {
  struct Property {
    TypeTag tag;
    std::string_view name, result;
  };
  static constexpr Property kProperties[] = {
#define PROPERTY(tag, name, result) {TypeTag::tag, name, result},
#include "check/properties.def"
#undef PROPERTY
  };
  for (const Property& p : kProperties) {
    if (p.tag != object->tag || p.name != name) continue;
    if (p.result == "int") return simple(TypeTag::kInt);
    if (p.result == "number") return simple(TypeTag::kNumber);
    Type_ of_text = simple(TypeTag::kText);
    if (p.result == "[text]") return types_.list(of_text);
    if (p.result == "[text: text]") return types_.map(of_text, of_text);
    if (p.result == "error?") return types_.optional(simple(TypeTag::kError));
    return of_text;
  }
  return nullptr;
}

const Type* Inference::method_member(MemberExpr& e, Type_ object) {
  std::string_view name = e.name.text;
  int unit = is_numeric(object) ? duration_unit(name) : -1;
  if (unit >= 0) {
    e.target = MemberTarget::kUnit;
    e.field = static_cast<std::uint32_t>(unit);
    return simple(TypeTag::kDuration);
  }
  if (Type_ result = property(object, name)) {
    e.target = MemberTarget::kDynamic;
    return result;
  }
  name = method_alias(name);
  if (!has_builtin_method(name, object)) return no_member(e, object);
  e.target = MemberTarget::kCall;
  e.call = p_.arena.make<CallExpr>(e.span, &e);
  return set(e.call, builtin_call(*e.call, name, e.object));
}

const Type* Inference::no_member(MemberExpr& e, Type_ object) {
  std::string_view name = e.name.text;
  Report& r =
      report(Code::E0003, e.name.span, {shown(object), name}, "not a member of " + shown(object));
  std::vector<std::string_view> names;
  for (const std::string& builtin : t_.bindings.builtin_names())
    if (has_builtin_method(builtin, object)) names.push_back(builtin);
  suggest(r, name, names);
  bool own_function = t_.functions.count(name) > 0;
  if (own_function) r.helps = {"for your own function write x |> " + std::string(name)};
  if (r.helps.empty() && !names.empty()) {
    std::string all = "members of " + shown(object) + " are: ";
    for (std::size_t i = 0; i < names.size() && i < 12; ++i)
      all += (i > 0 ? ", " : "") + std::string(names[i]);
    if (names.size() > 12) all += ", ..";
    r.helps = {all};
  }
  e.target = MemberTarget::kDynamic;
  return any();
}

bool Inference::has_builtin_method(std::string_view name, Type_ object) {
  for (const Builtin* builtin : t_.bindings.builtins(name)) {
    const Signature& s = signatures_.of(*builtin);
    if (!s.parameters.empty() && accepts(s.parameters[0], s, object)) return true;
  }
  return false;
}

const Type* Inference::index(IndexExpr& e, bool& skips) {
  Type_ object = object_type(e.object, e.optional, skips);
  object = u_.resolve(run_query(e.object, object));
  Type_ key = infer(e.index);
  switch (object->tag) {
    case TypeTag::kMap:
      if (!coerce(e.index, object->items[0]))
        report(Code::E0301, e.index->span, {shown(object->items[0]), shown(key)},
               "keys of this map are " + shown(object->items[0]));
      return types_.optional(u_.resolve(object->items[1]));
    case TypeTag::kList:
    case TypeTag::kText: {
      operand_none(e.index, key);
      Type_ k = u_.resolve(key);
      if (k->is(TypeTag::kVariable)) u_.unify(k, simple(TypeTag::kInt));
      bool fits =
          is(k, TypeTag::kInt) || (k->is(TypeTag::kAny) && coerce(e.index, simple(TypeTag::kInt)));
      if (!fits) report(Code::E0311, e.index->span, {shown(k)}, "this is " + shown(k));
      return object->is(TypeTag::kText) ? object : object->items[0];
    }
    case TypeTag::kTuple: {
      bool literal = e.index->kind == ExprKind::kInt;
      auto at = literal ? static_cast<std::uint64_t>(as<IntExpr>(*e.index).value) : 0;
      return literal && at < object->items.size() ? object->items[at] : any();
    }
    case TypeTag::kVariable: u_.unify(object, any()); return any();
    case TypeTag::kAny:
    case TypeTag::kUnion: return any();
    case TypeTag::kNever: return object;
    default: {
      Report& r = report(Code::E0302, e.span, {"[..]", shown(object), shown(key)}, "has no items");
      r.helps = {"only lists, texts and maps have items"};
      return any();
    }
  }
}

const Type* Inference::slice(SliceExpr& e, bool& skips) {
  Type_ object = u_.resolve(run_query(e.object, object_type(e.object, false, skips)));
  for (Expr* part : {e.start, e.end, e.step}) {
    if (part == nullptr) continue;
    Type_ type = infer(part);
    if (!coerce(part, simple(TypeTag::kInt)))
      report(Code::E0311, part->span, {shown(type)}, "this is " + shown(type));
  }
  if (object->is(TypeTag::kVariable)) u_.unify(object, any());
  object = u_.resolve(object);
  bool works =
      object->is(TypeTag::kList) || object->is(TypeTag::kText) || object->is(TypeTag::kAny);
  if (works) return object;
  report(Code::E0302, e.span, {"[:]", shown(object), "int"}, "has no items").helps = {
      "only lists and texts can be sliced"};
  return any();
}

}  // namespace flin::check
