// Calls: what is meant, and whether the arguments fit (L 6.3, L 4.8, L 4.11).
#include "check/aliases.h"
#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

void reset(CallExpr& c) {
  c.target = CallTarget::kUnresolved;
  c.function = nullptr;
  c.builtin = nullptr;
  c.form = c.detail = c.field = {};
  c.enumeration = nullptr;
  c.variant = 0;
  c.operands.clear();
  c.entity = nullptr;
  c.predicate = nullptr;
}

}  // namespace

const Type* Inference::call(CallExpr& c, bool& skips, Type_ hint) {
  reset(c);
  if (c.callee->kind == ExprKind::kMember) return member_call(c, as<MemberExpr>(*c.callee), skips);
  if (c.callee->kind == ExprKind::kName) return name_call(c, as<NameExpr>(*c.callee), hint);
  return value_call(c, infer(c.callee));
}

const Type* Inference::name_call(CallExpr& c, NameExpr& n, Type_ hint) {
  if (n.symbol != nullptr) {
    Type_ type = plain(type_of_symbol(n.symbol));
    bool callable =
        type->is(TypeTag::kFunction) || type->is(TypeTag::kAny) || type->is(TypeTag::kVariable);
    if (!callable && !t_.bindings.builtins(n.name).empty()) {
      n.symbol = nullptr;  // it does not hide the built-in (L 2.11)
      n.builtin = t_.bindings.builtins(n.name).front();
    } else {
      return value_call(c, infer(&n));
    }
  }
  set(&n, any());
  if (n.function != nullptr) return function_call(c, *n.function);
  if (n.enumeration != nullptr) return variant_call(c, *n.enumeration, n.variant, hint);
  std::string_view name = function_alias(n.name);
  if (!t_.bindings.builtins(name).empty()) return builtin_call(c, name, nullptr);
  for (std::string_view form : {"save", "delete", "restore", "destroy", "redirect"})
    if (form == n.name) return form_call(c, form);
  all_arguments(c);
  if (n.entity != nullptr || t_.enums.count(n.name) > 0)
    report(Code::E0306, n.span, {n.name}, "a type").helps = {"build a value with " +
                                                             std::string(n.name) + " { .. }"};
  return any();
}

const Type* Inference::form_call(CallExpr& c, std::string_view form) {
  c.target = CallTarget::kForm;
  c.form = form;
  for (Argument& argument : c.arguments) c.operands.push_back(argument.value);
  if (form == "redirect" || c.operands.size() != 1) {
    all_arguments(c);
    if (form != "redirect") surplus(c, form, "1 argument", c.arguments.size(), {});
    return any();
  }
  if (body_ != nullptr && body_->is_view) report(Code::E0512, c.span, {}, "a view only shows");
  Type_ type = store_operand(c.operands[0], form);
  forget_after_call();
  return type;
}

const Type* Inference::member_call(CallExpr& c, MemberExpr& m, bool& skips) {
  m.target = MemberTarget::kUnresolved;
  m.call = nullptr;
  Type_ result = nullptr;
  if (static_call(c, m, result)) return result;
  set(&m, any());
  Type_ object = u_.resolve(object_type(m.object, m.optional || c.optional, skips));
  std::string_view name = method_alias(m.name.text);
  if (object->is(TypeTag::kQuery) && is_query_method(name)) {
    bool in_memory =
        name == "find" || ((name == "count" || name == "sum") && !c.arguments.empty() &&
                           c.arguments[0].value->kind == ExprKind::kLambda);
    if (!in_memory) return query_method(c, name, m.object, *object->entity, m.name.span);
  }
  bool skip_traits = m.past_traits || object->is(TypeTag::kNever);
  if (!skip_traits)
    if (Type_ found = trait_call(c, m.object, object, m.name.text)) {
      m.target = MemberTarget::kCall;
      return found;
    }
  if (object->is(TypeTag::kVariable)) {
    u_.unify(object, any());
    object = any();
  }
  if (object->is(TypeTag::kMap)) {
    Type_ value = u_.resolve(object->items[1]);
    bool may_hold_functions =
        value->is(TypeTag::kFunction) || value->is(TypeTag::kAny) || value->is(TypeTag::kVariable);
    bool builtin = has_builtin_method(name, object);
    if (builtin && !(may_hold_functions && !value->is(TypeTag::kVariable))) {
      m.target = MemberTarget::kCall;
      return builtin_call(c, name, m.object);
    }
    if (!builtin && value->is(TypeTag::kFunction)) {
      m.target = MemberTarget::kKey;
      m.type = value;
      return value_call(c, value);
    }
    if (builtin &&
        value->is(TypeTag::kAny)) {  // a stored function comes first: by name at run time
      Type_ known = builtin_call(c, name, m.object);
      reset(c);
      m.target = MemberTarget::kDynamic;
      dynamic_call(c);
      return known;
    }
    if (may_hold_functions) {
      m.target = MemberTarget::kDynamic;
      return dynamic_call(c);
    }
  }
  bool by_name = object->is(TypeTag::kAny) || object->is(TypeTag::kUnion);
  if (by_name) {
    m.target = MemberTarget::kDynamic;
    return dynamic_call(c);
  }
  if (object->is(TypeTag::kNever)) {
    all_arguments(c);
    return object;
  }
  bool optional_needed =
      object->is(TypeTag::kEntity) && field_number(*object->entity, name) != kNoField;
  if (optional_needed) {
    Type_ field = member(m, skips);
    set(&m, field);
    return value_call(c, field);
  }
  if (!has_builtin_method(name, object)) {
    no_member(m, object);
    all_arguments(c);
    return any();
  }
  m.target = MemberTarget::kCall;
  return builtin_call(c, name, m.object);
}

// Status.Move(1), Status.from(x), Todo.where(..), Math.max(..), JSON.parse(..).
bool Inference::static_call(CallExpr& c, MemberExpr& m, Type_& result) {
  if (m.object->kind != ExprKind::kName) return false;
  auto& n = as<NameExpr>(*m.object);
  if (n.symbol != nullptr || n.function != nullptr) return false;
  std::string_view name = m.name.text;
  if (auto it = t_.enums.find(n.name); it != t_.enums.end()) {
    const Enum& e = *it->second;
    set(m.object, any());
    set(&m, any());
    if (name == "values" || name == "from") {
      c.target = CallTarget::kVariant;
      c.enumeration = &e;
      c.detail = name;
      for (Argument& argument : c.arguments) c.operands.push_back(argument.value);
      std::size_t wanted = name == "from" ? 1 : 0;
      if (c.arguments.size() != wanted)
        surplus(c, name, count_of(wanted, wanted), c.arguments.size(), {});
      for (Argument& argument : c.arguments) {
        infer(argument.value);
        if (!coerce(argument.value, simple(TypeTag::kText)))
          wrong_argument(argument.value, "text", name, simple(TypeTag::kText));
      }
      Type_ type = variant_value(e, nullptr);
      result = name == "from" ? types_.optional(type) : types_.list(type);
      return true;
    }
    for (std::uint32_t i = 0; i < e.variants.size(); ++i)
      if (e.variants[i].name == name) {
        result = variant_call(c, e, i, nullptr);
        return true;
      }
    all_arguments(c);
    result = enum_member(m, e);
    return true;
  }
  if (n.entity != nullptr) {
    set(m.object, any());
    set(&m, any());
    if (is_query_method(name)) {
      result = query_method(c, name, nullptr, *n.entity, m.name.span);
      return true;
    }
    all_arguments(c);
    result = any();
    if (name == "create" || name == "history" || name == "as_of")
      report(Code::E0217, m.name.span, {"'" + std::string(name) + "'"}, "not yet");
    else
      static_member(m, result);
    return true;
  }
  std::string_view alias = object_alias(n.name, name);
  if (alias.empty()) return false;
  set(m.object, any());
  set(&m, any());
  if (t_.bindings.builtins(alias).empty()) {
    all_arguments(c);
    report(Code::E0003, m.name.span, {n.name, name}, "no such function");
    result = any();
    return true;
  }
  result = builtin_call(c, alias, nullptr);
  return true;
}

const Type* Inference::dynamic_call(CallExpr& c) {
  c.target = CallTarget::kValue;
  all_arguments(c);
  forget_after_call();
  return any();
}

void Inference::all_arguments(CallExpr& c) {
  for (Argument& argument : c.arguments) {
    Type_ type = infer(argument.value);
    if (argument.value->kind != ExprKind::kSpread) run_query(argument.value, type);
  }
}

bool Inference::has_spread(const CallExpr& c) {
  return std::any_of(c.arguments.begin(), c.arguments.end(),
                     [](const Argument& a) { return a.value->kind == ExprKind::kSpread; });
}

const Type* Inference::value_call(CallExpr& c, Type_ callee) {
  c.target = CallTarget::kValue;
  callee = u_.resolve(callee);
  if (callee->is(TypeTag::kOptional)) {
    if (!c.optional) report(Code::E0305, c.callee->span, {text(c.callee)}, "may be none");
    callee = plain(callee);
  }
  forget_after_call();
  if (callee->is(TypeTag::kVariable) && !has_spread(c)) {
    all_arguments(c);
    std::vector<Type_> parameters;
    for (Argument& argument : c.arguments)
      parameters.push_back(argument.value->converted != nullptr ? argument.value->converted
                                                                : argument.value->type);
    Type_ result = fresh();
    if (!u_.unify(callee, types_.function(parameters, result))) return any();
    return result;
  }
  if (!callee->is(TypeTag::kFunction)) {
    all_arguments(c);
    bool silent =
        callee->is(TypeTag::kAny) || callee->is(TypeTag::kVariable) || callee->is(TypeTag::kNever);
    if (!silent) report(Code::E0306, c.callee->span, {shown(callee)}, "this is " + shown(callee));
    return any();
  }
  std::size_t count = callee->items.size() - 1;
  bool odd = has_spread(c) || std::any_of(c.arguments.begin(), c.arguments.end(),
                                          [](const Argument& a) { return !a.name.text.empty(); });
  for (std::size_t i = 0; i < c.arguments.size(); ++i) {
    Expr* value = c.arguments[i].value;
    bool known = !odd && i < count;
    Type_ type = infer(value, known ? callee->items[i] : nullptr);
    if (known && !coerce(value, callee->items[i]))
      wrong_argument(value, std::to_string(i + 1), text(c.callee), callee->items[i]);
    if (!known && value->kind != ExprKind::kSpread) run_query(value, type);
  }
  if (!odd && c.arguments.size() != count)
    surplus(c, text(c.callee), count_of(count, count), c.arguments.size(), {});
  return callee->items.back();
}

void Inference::surplus(CallExpr& c, std::string_view name, std::string takes, std::size_t got,
                        std::string help) {
  Report& r = report(Code::E0303, c.span, {name, takes, std::to_string(got)},
                     got == 0 ? "none given" : "given " + std::to_string(got));
  if (!help.empty()) r.helps = {help};
}

void Inference::wrong_argument(Expr* e, std::string_view parameter, std::string_view function,
                               Type_ expected) {
  Type_ found = e->type;
  Type_ p = plain(found);
  bool only_none = is_optional(found) && !p->is(TypeTag::kNone) && u_.fit(p, expected) != Fit::kNo;
  if (only_none) {
    report(Code::E0305, e->span, {text(e)}, "may be none");
    return;
  }
  Report& r = report(Code::E0304, e->span, {parameter, function, shown(expected), shown(found)},
                     "this is " + shown(found));
  std::string wanted = shown(expected);
  if (wanted == "text" || wanted == "int" || wanted == "number")
    r.helps = {"convert with " + wanted + "(..)"};
}

// ---- Functions of the program ----

Inference::FunctionType Inference::instance(const Function& f) {
  auto it = functions_.find(&f);
  if (it == functions_.end()) {  // only in code that is not in the order: everything is any
    FunctionType type;
    type.parameters.resize(f.declaration->params.size(), any());
    type.result = any();
    return type;
  }
  FunctionType type = it->second;
  if (type.generics.empty()) return type;
  Unifier::Substitution by;
  for (Type_ generic : type.generics)
    if (u_.is_open(generic)) by[u_.resolve(generic)] = fresh();
  for (Type_& parameter : type.parameters) parameter = u_.substitute(parameter, by);
  for (auto& [name, parameter] : type.named) parameter = u_.substitute(parameter, by);
  type.result = u_.substitute(type.result, by);
  return type;
}

const Type* Inference::function_value(const Function& f) {
  FunctionType type = instance(f);
  return types_.function(type.parameters, type.result);
}

const Type* Inference::function_call(CallExpr& c, const Function& f) {
  c.target = CallTarget::kFunction;
  c.function = &f;
  FunctionType type = instance(f);
  const auto& params = f.declaration->params;
  std::string_view name = f.declaration->name.text;
  forget_after_call();
  if (has_spread(c)) {
    all_arguments(c);
    return type.result;
  }
  c.operands.assign(params.size(), nullptr);
  std::size_t position = 0;
  for (Argument& argument : c.arguments) {
    std::size_t at = position;
    if (!argument.name.text.empty()) {
      for (at = 0; at < params.size() && params[at].name.text != argument.name.text;) ++at;
      if (at == params.size()) {
        Report& r = report(Code::E0011, argument.name.span, {name, argument.name.text},
                           "no such parameter");
        std::vector<std::string_view> names;
        for (const Param& param : params) names.push_back(param.name.text);
        suggest(r, argument.name.text, names);
        infer(argument.value);
        continue;
      }
    } else {
      ++position;
    }
    Type_ wanted = at < params.size() ? type.parameters[at] : nullptr;
    Type_ given = infer(argument.value, wanted);
    if (wanted == nullptr) continue;
    c.operands[at] = argument.value;
    if (is(given, TypeTag::kQuery) && u_.is_open(wanted))
      given = run_query(argument.value, given), u_.unify(wanted, given);
    else if (!coerce(argument.value, wanted))
      wrong_argument(argument.value, params[at].name.text, name, wanted);
  }
  bool missing = position > params.size();
  for (std::size_t i = 0; i < params.size(); ++i)
    missing = missing || (c.operands[i] == nullptr && params[i].fallback == nullptr);
  if (missing) {
    std::string help = std::string(name) + "(";
    for (std::size_t i = 0; i < params.size(); ++i)
      help += (i > 0 ? ", " : "") + std::string(params[i].name.text) +
              (params[i].type != nullptr ? ": " + shown(type.parameters[i]) : "");
    surplus(c, name, count_of(f.least_arguments, params.size()), c.arguments.size(), help + ")");
  }
  check_bounds(c, f, type);
  return type.result;
}

// ---- Variants ----

const Type* Inference::variant_value(const Enum& e, Type_ hint) {
  std::size_t count = generics_of(e);
  if (hint != nullptr && plain(hint)->enumeration == &e) return plain(hint);
  std::vector<Type_> arguments;
  for (std::size_t i = 0; i < count; ++i) arguments.push_back(fresh());
  return types_.enumeration(&e, std::move(arguments));
}

const Type* Inference::payload_type(Type_ type, const Enum&, const std::vector<Type_>& arguments) {
  Unifier::Substitution by;
  for (std::uint32_t i = 0; i < arguments.size(); ++i)
    by[types_.variable(kGenericBase + i)] = arguments[i];
  return u_.substitute(type, by);
}

const Type* Inference::variant_call(CallExpr& c, const Enum& e, std::uint32_t number, Type_ hint) {
  c.target = CallTarget::kVariant;
  c.enumeration = &e;
  c.variant = number;
  const Variant& variant = e.variants[number];
  Type_ type = variant_value(e, hint);
  for (std::size_t i = 0; i < c.arguments.size(); ++i) {
    Expr* value = c.arguments[i].value;
    Type_ wanted =
        i < variant.payload.size() ? payload_type(variant.payload[i], e, type->items) : nullptr;
    Type_ given = infer(value, wanted);
    c.operands.push_back(value);
    if (is(given, TypeTag::kQuery)) given = run_query(value, given);
    bool fits =
        wanted == nullptr || (u_.is_open(wanted) ? u_.unify(wanted, given) : coerce(value, wanted));
    if (!fits) wrong_argument(value, std::to_string(i + 1), variant.name, wanted);
  }
  if (c.arguments.size() != variant.payload.size())
    surplus(c, variant.name, count_of(variant.payload.size(), variant.payload.size()),
            c.arguments.size(), {});
  return type;
}

}  // namespace flin::check
