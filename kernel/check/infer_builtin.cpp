// Built-ins: choosing among several of one name, and their arguments (L 24).
#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;

// Whether a value of this type may be the first argument, without binding anything.
bool Inference::accepts(const SignatureParameter& p, const Signature& s, Type_ type) {
  type = plain(type);
  if (p.any_enum) return type->is(TypeTag::kEnum);
  Type_ wanted = u_.resolve(p.type);
  if (wanted->is(TypeTag::kOptional)) wanted = wanted->items[0];
  if (wanted->is(TypeTag::kAny) || type->is(TypeTag::kAny) || type->is(TypeTag::kVariable))
    return true;
  if (type->is(TypeTag::kQuery)) return wanted->is(TypeTag::kList);
  if (wanted->is(TypeTag::kVariable)) return true;
  bool numeric = wanted->is(TypeTag::kNumber) && type->is(TypeTag::kInt);
  bool duration =
      wanted->is(TypeTag::kDuration) && type->is(TypeTag::kInt) && s.parameters.size() > 1;
  if (numeric || duration) return true;
  if (wanted->is(TypeTag::kUnion)) {
    for (Type_ member : wanted->items)
      if (member->tag == type->tag) return true;
    return false;
  }
  if (wanted->tag != type->tag) return false;
  bool inner = wanted->is(TypeTag::kList) && !u_.is_open(type->items[0]);
  if (!inner) return true;
  Type_ item = u_.resolve(wanted->items[0]), given = u_.resolve(type->items[0]);
  bool fixed = item->items.empty() && !item->is(TypeTag::kVariable) && !item->is(TypeTag::kAny);
  return !fixed || item == given;
}

// The first overload whose parameters take the arguments whose types are known (null: not known)
// and whose number of parameters fits; else the first one that takes the first argument. `open` if
// the first argument's type leaves several.
const Builtin* Inference::choose(std::string_view name, const std::vector<Type_>& given,
                                 bool& open) {
  const Builtin *best = nullptr, *by_count = nullptr, *by_first = nullptr;
  open = false;
  Type_ first = given.empty() ? nullptr : given[0];
  bool unknown = first != nullptr && (is(first, TypeTag::kAny) || u_.is_open(first));
  for (const Builtin* builtin : t_.bindings.builtins(name)) {
    const Signature& s = signatures_.of(*builtin);
    auto takes = [&](std::size_t n) {
      if (given[n] == nullptr || s.parameters.empty()) return true;
      std::size_t at = std::min(n, s.parameters.size() - 1);
      return accepts(s.parameters[at], s, given[n]);
    };
    if (!given.empty() && !takes(0)) continue;
    if (by_first == nullptr) by_first = builtin;
    if (given.size() < s.least || given.size() > s.most) continue;
    if (by_count == nullptr)
      by_count = builtin;
    else if (unknown)
      open = true;
    bool all = true;
    for (std::size_t n = 0; n < given.size(); ++n) all = all && takes(n);
    if (all && best == nullptr) best = builtin;
  }
  return best != nullptr ? best : by_count != nullptr ? by_count : by_first;
}

const Type* Inference::builtin_call(CallExpr& c, std::string_view name, Expr* first) {
  std::vector<Expr*> given;
  if (first != nullptr) given.push_back(first);
  for (Argument& argument : c.arguments) given.push_back(argument.value);
  bool spread = has_spread(c);
  BuiltinCall call{name, nullptr, {}, {}, {}};
  // Functions and literals of lists and maps wait for what is wanted of them.
  bool overloaded = t_.bindings.builtins(name).size() > 1;
  std::vector<Type_> known(given.size(), nullptr);
  for (std::size_t i = 0; i < given.size() && !spread; ++i) {
    ExprKind kind = given[i]->kind;
    bool is_receiver = first != nullptr && i == 0;
    bool waits = kind == ExprKind::kLambda ||
                 (i > 0 && (!overloaded || kind == ExprKind::kList || kind == ExprKind::kMap));
    if (waits && !is_receiver) continue;
    if (!is_receiver) infer(given[i]);
    call.inferred.insert(given[i]);
    known[i] = given[i]->type;
  }
  bool open = false;
  const Builtin* builtin = choose(name, known, open);
  if (builtin == nullptr) {
    builtin = t_.bindings.builtins(name).front();
    c.builtin = builtin;
    c.target = CallTarget::kBuiltin;
    const Signature& s = signatures_.of(*builtin);
    for (Expr* e : given)
      if (call.inferred.count(e) == 0) infer(e);
    if (!given.empty() && !s.parameters.empty())
      wrong_argument(given[0], s.parameters[0].name, name,
                     closed_generics(s, s.parameters[0].type));
    return any();
  }
  c.target = CallTarget::kBuiltin;
  c.builtin = builtin;
  const Signature& s = signatures_.of(*builtin);
  bool writes = (builtin->flags & kBuiltinWrites) != 0;
  if (writes && body_ != nullptr && body_->is_view)
    report(Code::E0512, c.span, {}, "a view only shows");
  if (name == "raw") report(Code::W0514, c.span, {}, "shown as it is");
  if (writes && first != nullptr) note_change(first);
  if (spread) {
    report(Code::E0217, c.span, {"'...' in a call of a built-in"}, "not yet");
    all_arguments(c);
    return closed_generics(s, s.result);
  }
  for (Type_ generic : s.generics) call.by[generic] = fresh();
  call.signature = &s;
  join_numbers(call, given);
  for (const SignatureParameter& p : s.parameters)
    call.types.push_back(u_.substitute(p.type, call.by));
  builtin_arguments(c, call);
  Type_ result = u_.substitute(s.result, call.by);
  bool calls_back = false;
  for (Expr* e : c.operands)
    calls_back =
        calls_back || (e != nullptr && e->type != nullptr && is(e->type, TypeTag::kFunction));
  if (calls_back) forget_after_call();
  return open ? any() : result;
}

// An int and a number for one type parameter meet in number (L 3.3): `max(2, 0.5)`. What is in a
// list that is given stays what it is.
void Inference::join_numbers(BuiltinCall& call, const std::vector<Expr*>& given) {
  const Signature& s = *call.signature;
  if (s.parameters.empty()) return;
  for (Type_ generic : s.generics) {
    bool ints = false, numbers = false, others = false;
    for (std::size_t i = 0; i < given.size(); ++i) {
      Type_ wanted = u_.resolve(s.parameters[std::min(i, s.parameters.size() - 1)].type);
      if (wanted->is(TypeTag::kOptional)) wanted = u_.resolve(wanted->items[0]);
      bool waits = given[i]->kind == ExprKind::kLambda || given[i]->kind == ExprKind::kList ||
                   given[i]->kind == ExprKind::kMap;
      if (wanted != generic || waits) continue;
      if (call.inferred.insert(given[i]).second) infer(given[i]);
      Type_ type = plain(given[i]->type);
      ints = ints || type->is(TypeTag::kInt);
      numbers = numbers || type->is(TypeTag::kNumber);
      others = others || !is_numeric(type);
    }
    if (ints && numbers && !others) u_.unify(call.by[generic], simple(TypeTag::kNumber));
  }
}

// `xs.reduce((a, x) => a + x / 2, 0)`: what starts as an int and comes back as a number is a number
// from the start.
bool Inference::widen_generic(BuiltinCall& call, CallExpr& c, Expr* function, Type_ wanted) {
  const Signature& s = *call.signature;
  Type_ given = u_.resolve(function->type);
  wanted = u_.resolve(wanted);
  bool functions = given->is(TypeTag::kFunction) && wanted->is(TypeTag::kFunction);
  if (!functions || !is(given->items.back(), TypeTag::kNumber) ||
      !is(wanted->items.back(), TypeTag::kInt))
    return false;
  for (std::size_t i = 0; i < s.parameters.size(); ++i) {
    Type_ generic = u_.resolve(s.parameters[i].type);
    bool is_value =
        call.by.count(generic) > 0 && i < c.operands.size() && is(call.types[i], TypeTag::kInt);
    if (!is_value) continue;
    call.by[generic] = simple(TypeTag::kNumber);
    for (std::size_t n = 0; n < s.parameters.size(); ++n)
      call.types[n] = u_.substitute(s.parameters[n].type, call.by);
    return true;
  }
  return false;
}

// Signature types as messages show them: what is generic is any.
const Type* Inference::closed_generics(const Signature& s, Type_ type) {
  Unifier::Substitution by;
  for (Type_ generic : s.generics) by[generic] = any();
  return u_.substitute(type, by);
}

// A list or map of a page or component variable is changed in place.
void Inference::note_change(Expr* receiver) {
  Symbol* symbol = root_symbol(receiver);
  if (symbol == nullptr) return;
  bool by_setup = in_setup_ && body_ != nullptr && body_->unit->kind != UnitKind::kLambda;
  if (!by_setup) symbol->is_state = true;
}

void Inference::builtin_arguments(CallExpr& c, BuiltinCall& call) {
  const Signature& s = *call.signature;
  const std::vector<Type_>& types = call.types;
  std::string_view name = call.name;
  struct Given {
    Expr* value;
    std::size_t parameter;
    bool inferred;
  };
  std::vector<Given> given;
  std::size_t count = s.parameters.size();
  std::size_t position = 0;
  auto parameter_at = [&](std::size_t n) {
    return count > 0 && s.parameters.back().variadic && n >= count ? count - 1 : n;
  };
  Expr* receiver = receiver_of(c);
  if (receiver != nullptr) given.push_back({receiver, parameter_at(position++), true});
  for (std::size_t i = 0; i < c.arguments.size(); ++i) {
    Argument& argument = c.arguments[i];
    bool inferred = call.inferred.count(argument.value) > 0;
    std::size_t at = argument.name.text.empty() ? parameter_at(position++) : SIZE_MAX;
    if (!argument.name.text.empty()) {
      for (std::size_t n = 0; n < count; ++n)
        if (s.parameters[n].name == argument.name.text) at = n;
      if (at == SIZE_MAX) {
        Report& r = report(Code::E0011, argument.name.span, {name, argument.name.text},
                           "no such parameter");
        std::vector<std::string_view> names;
        for (const SignatureParameter& p : s.parameters) names.push_back(p.name);
        suggest(r, argument.name.text, names);
        if (!inferred) infer(argument.value);
        continue;
      }
    }
    given.push_back({argument.value, at, inferred});
  }
  c.operands.assign(count > 0 && s.parameters.back().variadic ? count - 1 : count, nullptr);
  // Functions last: what they are given depends on the others.
  for (bool functions : {false, true})
    for (Given& g : given) {
      bool is_function = g.value->kind == ExprKind::kLambda;
      if (is_function != functions) continue;
      if (g.parameter >= count) {
        if (!g.inferred) infer(g.value);
        continue;
      }
      Type_ wanted = types[g.parameter];
      Type_ type = g.inferred ? g.value->type : infer(g.value, wanted);
      bool item_any =
          u_.resolve(wanted)->is(TypeTag::kList) && is(u_.resolve(wanted)->items[0], TypeTag::kAny);
      bool int_for_duration = is(wanted, TypeTag::kDuration) && is_numeric(type);
      bool enum_value = s.parameters[g.parameter].any_enum;
      bool list_as_any = item_any && plain(type)->is(TypeTag::kList);
      if (is(type, TypeTag::kQuery) && u_.is_open(wanted))
        type = run_query(g.value, type), u_.unify(wanted, type);
      else if (!int_for_duration && !enum_value && !list_as_any &&
               !fits_argument(g.value, wanted, g.value == receiver)) {
        if (is_function && widen_generic(call, c, g.value, wanted)) {
          for (Given& other : given)
            if (other.parameter < count && other.value != g.value &&
                is(types[other.parameter], TypeTag::kNumber))
              coerce(other.value, types[other.parameter]);
          infer(g.value, types[g.parameter]);
          if (fits_argument(g.value, types[g.parameter], false)) continue;
        }
        wrong_argument(g.value, s.parameters[g.parameter].name, name, u_.zonk(types[g.parameter]));
      }
    }
  for (Given& g : given) {
    if (g.parameter >= count) continue;
    if (s.parameters[g.parameter].variadic)
      c.operands.push_back(g.value);
    else
      c.operands[g.parameter] = g.value;
  }
  bool missing = given.size() > s.most;
  for (std::size_t i = 0; i < count && i < c.operands.size(); ++i)
    missing = missing ||
              (c.operands[i] == nullptr && !s.parameters[i].optional && !s.parameters[i].variadic);
  if (missing) {
    std::string takes = s.most == SIZE_MAX ? "at least " + std::to_string(s.least)
                        : s.most == s.least
                            ? std::to_string(s.least)
                            : std::to_string(s.least) + " to " + std::to_string(s.most);
    takes += s.most == 1 || (s.most == SIZE_MAX && s.least == 1) ? " argument" : " arguments";
    surplus(c, name, takes, given.size(), std::string(name) + c.builtin->signature);
  }
  bool trailing_variadic = count > 0 && s.parameters.back().variadic;
  if (!trailing_variadic)
    while (!c.operands.empty() && c.operands.back() == nullptr) c.operands.pop_back();
}

// The value as argument. A receiver that may be none is not passed then (`?.`), or has been
// reported.
bool Inference::fits_argument(Expr* value, Type_ wanted, bool is_receiver) {
  if (is_receiver && is_optional(value->type)) {
    Type_ kept = value->type;
    value->type = plain(kept);
    bool fits = coerce(value, wanted);
    value->type = kept;
    return fits;
  }
  Type_ w = u_.resolve(wanted);
  Type_ type = u_.resolve(value->type);
  // `[T?]` only reads: a list that holds no none will do.
  if (w->is(TypeTag::kList) && type->is(TypeTag::kList)) {
    Type_ item = u_.resolve(w->items[0]);
    if (item->is(TypeTag::kOptional) && !is_optional(type->items[0]) && !u_.is_open(type->items[0]))
      return u_.unify(item->items[0], type->items[0]);
  }
  bool fixed_number = w->is(TypeTag::kNumber) && type->is(TypeTag::kInt);
  if (fixed_number) {
    value->converted = w;
    return true;
  }
  return coerce(value, wanted);
}

// What stands before the dot of a method call; null if the call is no method.
Expr* Inference::receiver_of(const CallExpr& c) {
  if (c.callee == nullptr || c.callee->kind != ExprKind::kMember) return nullptr;
  auto& m = as<MemberExpr>(*c.callee);
  if (m.object->kind == ExprKind::kName) {
    auto& n = as<NameExpr>(*m.object);
    bool is_static =
        n.symbol == nullptr && n.function == nullptr && n.builtin == nullptr &&
        n.enumeration == nullptr &&
        !(asked_ != nullptr && bare_fields_ && field_number(*asked_, n.name) != kNoField);
    if (is_static) return nullptr;
  }
  return m.object;
}

}  // namespace flin::check
