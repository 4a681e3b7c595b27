// Match and patterns (L 7.1 to L 7.3): types of what they bind, cover, arms that cannot be reached.
#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

bool is_none_pattern(const Pattern* p) {
  return p->kind == PatternKind::kLiteral &&
         (p->value == nullptr || p->value->kind == ExprKind::kNone);
}

}  // namespace

const Type* Inference::match_expr(MatchExpr& e, Type_ hint) {
  Type_ type = run_query(e.subject, infer(e.subject));
  Type_ joined = nullptr;
  Cover c;
  std::vector<const Block*> bodies;
  std::size_t mark = narrow_mark();
  for (MatchArm& arm : e.arms) {
    std::size_t inner = narrow_mark();
    match_arm(c, e.subject, type, arm.pattern, arm.guard, arm.span);
    Type_ value = scoped_block(arm.body, {}, hint);
    narrow_back(inner);
    if (arm.guard == nullptr) assume(rest_facts(e.subject, arm.pattern));
    joined = joined == nullptr ? value : u_.join(joined, value);
    bodies.push_back(arm.body);
  }
  narrow_back(mark);
  if (joined == nullptr) joined = none();
  check_cover(c, type, e.subject->span, joined);
  for (const Block* body : bodies) coerce_value(body, joined);
  return joined;
}

// One arm: its pattern, what it narrows, its guard. Its body follows.
void Inference::match_arm(Cover& c, Expr* subject, Type_ type, Pattern* p, Expr* guard, Span span) {
  Type_ now = narrowable(subject) != nullptr ? type_of_symbol(narrowable(subject)) : type;
  pattern(p, is(now, TypeTag::kNever) ? type : now, true);
  if (c.all || already_covered(c, p, type))
    report(Code::W0309, span, {}, "what it fits is taken by an arm above");
  assume(arm_facts(subject, p, now));
  if (guard != nullptr) {
    run_query(guard, infer(guard));
    assume(facts(guard, true));
  } else {
    cover(c, p, type);
  }
}

void Inference::check_cover(const Cover& c, Type_ type, Span span, Type_& joined) {
  std::vector<std::string> missing;
  if (covers(c, type, missing)) return;
  if (!needs_cover(type)) {
    joined = u_.join(joined, none());
    return;
  }
  std::string all;
  for (const std::string& name : missing) all += (all.empty() ? "" : ", ") + name;
  report(Code::E0308, span, {all}, "not every case has an arm");
}

bool Inference::needs_cover(Type_ type) {
  type = u_.resolve(type);
  return type->is(TypeTag::kEnum) || type->is(TypeTag::kUnion) || type->is(TypeTag::kOptional) ||
         type->is(TypeTag::kBool);
}

bool Inference::irrefutable(const Pattern* p) {
  switch (p->kind) {
    case PatternKind::kWildcard: return true;
    case PatternKind::kName: return p->symbol != nullptr || p->enumeration == nullptr;
    case PatternKind::kTuple:
      return std::all_of(p->items.begin(), p->items.end(),
                         [this](const Pattern* i) { return irrefutable(i); });
    case PatternKind::kList: return p->items.empty() && p->has_rest;
    case PatternKind::kAlternatives:
      return std::any_of(p->items.begin(), p->items.end(),
                         [this](const Pattern* i) { return irrefutable(i); });
    default: return false;
  }
}

void Inference::cover(Cover& c, const Pattern* p, Type_ type) {
  // A tuple pattern fits every tuple, but not everything that `any` holds.
  bool any_tuple = p->kind == PatternKind::kTuple && !plain(type)->is(TypeTag::kTuple);
  if (irrefutable(p) && !any_tuple) {
    c.all = true;
    return;
  }
  switch (p->kind) {
    case PatternKind::kLiteral:
      if (p->value == nullptr || p->value->kind == ExprKind::kNone)
        c.none = true;
      else if (p->value->kind == ExprKind::kBool)
        (as<BoolExpr>(*p->value).value ? c.yes : c.no) = true;
      else if (p->value->kind == ExprKind::kText)
        c.variants.insert(as<TextExpr>(*p->value).value);
      return;
    case PatternKind::kVariant:
    case PatternKind::kName: {
      bool whole = std::all_of(p->items.begin(), p->items.end(),
                               [this](const Pattern* i) { return irrefutable(i); });
      if (p->enumeration != nullptr && whole)
        c.variants.insert(p->enumeration->variants[p->variant].name);
      return;
    }
    case PatternKind::kType:
      if (p->tested != nullptr && p->tested->is(TypeTag::kNone))
        c.none = true;
      else if (p->tested != nullptr)
        c.types.push_back(u_.resolve(p->tested));
      return;
    case PatternKind::kAlternatives:
      for (const Pattern* item : p->items) cover(c, item, type);
      return;
    case PatternKind::kList: {
      bool whole = std::all_of(p->items.begin(), p->items.end(),
                               [this](const Pattern* i) { return irrefutable(i); });
      if (whole && p->has_rest) c.rest_from = std::min(c.rest_from, p->items.size());
      if (whole && !p->has_rest) c.lengths.insert(p->items.size());
      return;
    }
    default: return;
  }
}

bool Inference::covers(const Cover& c, Type_ type, std::vector<std::string>& missing) {
  if (c.all) return true;
  type = u_.resolve(type);
  bool by_type = std::find(c.types.begin(), c.types.end(), type) != c.types.end();
  bool by_number = type->is(TypeTag::kInt) && std::find(c.types.begin(), c.types.end(),
                                                        simple(TypeTag::kNumber)) != c.types.end();
  if (by_type || by_number) return true;
  switch (type->tag) {
    case TypeTag::kNever: return true;
    case TypeTag::kNone:
      if (!c.none) missing.push_back("none");
      return c.none;
    case TypeTag::kBool:
      if (!c.yes) missing.push_back("true");
      if (!c.no) missing.push_back("false");
      return c.yes && c.no;
    case TypeTag::kEnum: {
      bool all = true;
      for (const Variant& variant : type->enumeration->variants)
        if (c.variants.count(variant.name) == 0) {
          missing.push_back(std::string(variant.name));
          all = false;
        }
      return all;
    }
    case TypeTag::kList: {
      bool all = c.rest_from != SIZE_MAX;
      for (std::size_t n = 0; all && n < c.rest_from; ++n) all = c.lengths.count(n) > 0;
      if (!all) missing.push_back(shown(type));
      return all;
    }
    case TypeTag::kOptional: {
      bool rest = covers(c, type->items[0], missing);
      if (!c.none) missing.push_back("none");
      return rest && c.none;
    }
    case TypeTag::kUnion: {
      bool all = true;
      for (Type_ member : type->items) all = covers(c, member, missing) && all;
      return all;
    }
    default: missing.push_back(shown(type)); return false;
  }
}

// An arm whose case an earlier one without guard has taken.
bool Inference::already_covered(const Cover& c, const Pattern* p, Type_ type) {
  bool variant = p->enumeration != nullptr &&
                 (p->kind == PatternKind::kVariant || p->kind == PatternKind::kName);
  if (variant) return c.variants.count(p->enumeration->variants[p->variant].name) > 0;
  if (is_none_pattern(p)) return c.none;
  if (p->kind == PatternKind::kLiteral) {
    if (p->value->kind == ExprKind::kBool) return as<BoolExpr>(*p->value).value ? c.yes : c.no;
    if (p->value->kind == ExprKind::kText)
      return c.variants.count(as<TextExpr>(*p->value).value) > 0;
  }
  std::vector<std::string> missing;
  return irrefutable(p) && needs_cover(type) && covers(c, type, missing);
}

Inference::Facts Inference::arm_facts(const Expr* subject, const Pattern* p, Type_ type) {
  Symbol* symbol = narrowable(subject);
  if (symbol == nullptr) return {};
  type = u_.resolve(type);
  if (p->kind == PatternKind::kType && p->tested != nullptr)
    return {{symbol, only(type, p->tested)}};
  bool is_none = is_none_pattern(p);
  bool something = p->kind != PatternKind::kWildcard && p->kind != PatternKind::kName &&
                   p->kind != PatternKind::kAlternatives;
  if (is_none) return type->is(TypeTag::kOptional) ? Facts{{symbol, none()}} : Facts{};
  if (something && type->is(TypeTag::kOptional)) return {{symbol, plain(type)}};
  return {};
}

// What is known of the subject after an arm did not fit.
Inference::Facts Inference::rest_facts(const Expr* subject, const Pattern* p) {
  Symbol* symbol = narrowable(subject);
  if (symbol == nullptr) return {};
  Type_ type = type_of_symbol(symbol);
  if (p->kind == PatternKind::kType && p->tested != nullptr)
    return {{symbol, without(type, p->tested)}};
  bool is_none = is_none_pattern(p);
  return is_none && is_optional(type) ? Facts{{symbol, without(type, none())}} : Facts{};
}

// ---- Patterns ----

void Inference::pattern(Pattern* p, Type_ type, bool whole) {
  if (p == nullptr) return;
  patterns_.push_back(p);
  type = u_.resolve(type);
  switch (p->kind) {
    case PatternKind::kWildcard: return;
    case PatternKind::kName:
      if (p->symbol == nullptr) return variant_pattern(p, type);
      p->symbol->type = nullptr;
      create_symbol(p->symbol, type);
      return;
    case PatternKind::kLiteral:
    case PatternKind::kRange: return literal_pattern(p, type);
    case PatternKind::kType: return type_pattern(p, type);
    case PatternKind::kVariant: return variant_pattern(p, type);
    case PatternKind::kList: return list_pattern(p, type);
    case PatternKind::kTuple: return tuple_pattern(p, type);
    case PatternKind::kMap: return map_pattern(p, type);
    case PatternKind::kAlternatives:
      for (Pattern* item : p->items) pattern(item, type, whole);
      return;
    case PatternKind::kValue: {
      Type_ value = run_query(p->value, infer(p->value));
      if (!may_be_equal(value, type)) never_fits(p, type);
      return;
    }
  }
}

void Inference::never_fits(Pattern* p, Type_ type) {
  report(Code::E0314, p->span, {shown(type)}, "never equal to a " + shown(type));
}

void Inference::literal_pattern(Pattern* p, Type_ type) {
  if (p->value == nullptr) return;
  Type_ value = infer(p->value);
  if (p->end != nullptr) infer(p->end);
  if (type->is(TypeTag::kVariable)) {
    u_.unify(type, any());
    return;
  }
  if (!may_be_equal(value, type)) never_fits(p, type);
}

void Inference::type_pattern(Pattern* p, Type_ type) {
  TypeNode* node = p->type_node;
  p->tested = type_of(t_, node);
  bool fits = may_be_equal(p->tested, type);
  if (!fits) never_fits(p, type);
  if (type->is(TypeTag::kVariable)) u_.unify(type, any());
  if (p->symbol == nullptr) return;
  p->symbol->type = nullptr;
  create_symbol(p->symbol, p->tested);
}

// The enum of a variant pattern: by its scope, by the subject, or because the name is unique.
bool Inference::find_variant(Pattern* p, Type_ type) {
  Type_ subject = plain(type);
  std::string_view name = p->name.text;
  const Enum* owner = nullptr;
  if (!p->scope.empty()) {
    auto it = t_.enums.find(p->scope);
    if (it == t_.enums.end()) {
      report(Code::E0005, p->span, {p->scope}, "no enum of this name");
      return false;
    }
    owner = it->second;
  } else if (subject->is(TypeTag::kEnum)) {
    owner = subject->enumeration;
  } else if (auto it = t_.variants.find(name); it != t_.variants.end()) {
    owner = it->second[0].first;
  }
  if (owner == nullptr) {
    Report& r = report(Code::E0010, p->span, {"the program", name}, "no such variant");
    r.helps = {"variants belong to an enum"};
    return false;
  }
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < owner->variants.size(); ++i) {
    names.push_back(owner->variants[i].name);
    if (owner->variants[i].name != name) continue;
    p->enumeration = owner;
    p->variant = i;
    return true;
  }
  Report& r = report(Code::E0010, p->span, {owner->name, name}, "no such variant");
  suggest(r, name, names);
  return false;
}

void Inference::variant_pattern(Pattern* p, Type_ type) {
  if (!find_variant(p, type)) {
    for (Pattern* item : p->items) pattern(item, any(), false);
    return;
  }
  Type_ subject = plain(type);
  if (subject->is(TypeTag::kVariable)) {
    u_.unify(subject, variant_value(*p->enumeration, nullptr));
    subject = u_.resolve(subject);
  }
  Type_ own = nullptr;
  if (subject->is(TypeTag::kUnion))
    for (Type_ member : subject->items)
      if (member->enumeration == p->enumeration) own = member;
  if (subject->enumeration == p->enumeration && subject->is(TypeTag::kEnum)) own = subject;
  bool fits = own != nullptr || subject->is(TypeTag::kAny);
  if (!fits) never_fits(p, type);
  if (own == nullptr) own = variant_value(*p->enumeration, nullptr);
  const Variant& variant = p->enumeration->variants[p->variant];
  bool counts = p->items.size() == variant.payload.size();
  if (!counts && (p->kind == PatternKind::kVariant || !variant.payload.empty()) &&
      !p->items.empty())
    report(Code::E0315, p->span,
           {std::to_string(p->items.size()), std::to_string(variant.payload.size())},
           "the payload differs");
  for (std::size_t i = 0; i < p->items.size(); ++i)
    pattern(p->items[i],
            i < variant.payload.size()
                ? payload_type(variant.payload[i], *p->enumeration, own->items)
                : any(),
            false);
}

void Inference::list_pattern(Pattern* p, Type_ type) {
  Type_ list = plain(type);
  if (list->is(TypeTag::kVariable)) u_.unify(list, types_.list(fresh()));
  list = u_.resolve(list);
  bool fits = list->is(TypeTag::kList) || list->is(TypeTag::kAny) || list->is(TypeTag::kUnion);
  if (!fits) never_fits(p, type);
  Type_ item = list->is(TypeTag::kList) ? list->items[0] : any();
  for (Pattern* i : p->items) pattern(i, item, false);
  if (p->symbol == nullptr) return;
  p->symbol->type = nullptr;
  create_symbol(p->symbol, types_.list(item));
}

void Inference::tuple_pattern(Pattern* p, Type_ type) {
  Type_ tuple = plain(type);
  if (tuple->is(TypeTag::kVariable)) {
    std::vector<Type_> items;
    for (std::size_t i = 0; i < p->items.size(); ++i) items.push_back(fresh());
    u_.unify(tuple, types_.tuple(std::move(items)));
    tuple = u_.resolve(tuple);
  }
  bool is_tuple = tuple->is(TypeTag::kTuple);
  if (!is_tuple && !tuple->is(TypeTag::kAny) && !tuple->is(TypeTag::kUnion)) never_fits(p, type);
  if (is_tuple && tuple->items.size() != p->items.size())
    report(Code::E0315, p->span,
           {std::to_string(p->items.size()), std::to_string(tuple->items.size())},
           "the number differs");
  for (std::size_t i = 0; i < p->items.size(); ++i)
    pattern(p->items[i], is_tuple && i < tuple->items.size() ? tuple->items[i] : any(), false);
}

void Inference::map_pattern(Pattern* p, Type_ type) {
  Type_ map = plain(type);
  if (map->is(TypeTag::kVariable)) u_.unify(map, any());
  map = u_.resolve(map);
  bool fits = map->is(TypeTag::kMap) || map->is(TypeTag::kEntity) || map->is(TypeTag::kAny) ||
              map->is(TypeTag::kUnion);
  if (!fits) never_fits(p, type);
  for (MapPatternItem& entry : p->entries) {
    Type_ item = map_item(entry, map);
    if (entry.pattern != nullptr) pattern(entry.pattern, item, false);
  }
  if (p->symbol == nullptr) return;
  p->symbol->type = nullptr;
  create_symbol(p->symbol, map->is(TypeTag::kMap) ? map : any());
}

}  // namespace flin::check
