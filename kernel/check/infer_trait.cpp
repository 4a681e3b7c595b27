// Calls of methods that traits give (L 7.8): to the impl of the type that is known, else to the
// function that asks for the type at run time.
#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;

// What an impl leaves out of a method's types is as the trait says.
void Inference::open_method(Function& f, FunctionType& type) {
  const TraitMethod& method = *f.implements;
  if (method.fallback == &f) return;
  Unifier::Substitution by{{types_.variable(kGenericBase), f.self_type}};
  for (std::size_t i = 0; i < method.parameters.size() && i + 1 < type.parameters.size(); ++i) {
    if (f.declaration->params[i + 1].type != nullptr) continue;
    type.parameters[i + 1] = u_.substitute(method.parameters[i], by);
    Symbol* symbol = f.declaration->params[i + 1].symbol;
    annotated_.insert(symbol);
    if (symbol != nullptr) symbol->type = type.parameters[i + 1];
  }
  bool has_result = method.declaration->result != nullptr;
  if (type.result_given || !has_result) return;
  type.result_given = true;
  type.result = u_.substitute(method.result, by);
}

// The function to call on a value of type `object`; `method` if that is a dispatcher.
bool Inference::find_method(Type_ object, std::string_view name, const Function*& target,
                            const TraitMethod*& method) {
  bool wild = object->is(TypeTag::kAny) || object->is(TypeTag::kVariable);
  bool known = !wild && !object->is(TypeTag::kTrait) && !object->is(TypeTag::kUnion);
  for (const Trait* trait : p_.traits)
    for (std::size_t i = 0; i < trait->methods.size(); ++i) {
      if (trait->methods[i].declaration->name.text != name) continue;
      if (!wild && !u_.implements(object, *trait)) continue;
      method = &trait->methods[i];
      target = t_.dispatchers[name];
      for (const Impl& impl : t_.impls)
        if (known && impl.trait == trait && impl.type == u_.impl_type(object, *trait))
          target = impl.methods[i];
      if (target == nullptr) target = t_.dispatchers[name];
      return true;
    }
  return false;
}

const Type* Inference::trait_call(CallExpr& c, Expr* receiver, Type_ object,
                                  std::string_view name) {
  const Function* target = nullptr;
  const TraitMethod* method = nullptr;
  if (t_.dispatchers.count(name) == 0 || !find_method(object, name, target, method)) return nullptr;
  c.target = CallTarget::kFunction;
  c.function = target;
  c.operands = {receiver};
  forget_after_call();
  bool direct = target != t_.dispatchers[name];
  if (direct && target != method->fallback) {
    FunctionType type = instance(*target);
    if (u_.fit(object, type.parameters[0]) == Fit::kConvert)
      receiver->converted = type.parameters[0];
    method_arguments(c, *target, {type.parameters.begin() + 1, type.parameters.end()});
    return type.result;
  }
  Unifier::Substitution by{{types_.variable(kGenericBase), object}};
  std::vector<Type_> parameters;
  for (Type_ parameter : method->parameters) parameters.push_back(u_.substitute(parameter, by));
  method_arguments(c, *target, parameters);
  if (target == method->fallback) {
    FunctionType type = instance(*target);
    bool infers = method->declaration->result == nullptr;
    return infers ? type.result : u_.substitute(method->result, by);
  }
  bool only_one =
      std::count_if(p_.traits.begin(), p_.traits.end(), [&](const Trait* trait) {
        return std::any_of(trait->methods.begin(), trait->methods.end(),
                           [&](const TraitMethod& m) { return m.declaration->name.text == name; });
      }) == 1;
  bool told = !object->is(TypeTag::kAny) && (only_one || !object->is(TypeTag::kVariable)) &&
              method->declaration->result != nullptr;
  return told ? u_.substitute(method->result, by) : any();
}

// Arguments behind `self`, which is the first operand already.
void Inference::method_arguments(CallExpr& c, const Function& f,
                                 const std::vector<Type_>& parameters) {
  const auto& params = f.declaration->params;
  std::string_view name = f.declaration->name.text;
  c.operands.resize(params.size(), nullptr);
  std::size_t position = 1;
  for (Argument& argument : c.arguments) {
    std::size_t at = position;
    if (!argument.name.text.empty()) {
      for (at = 1; at < params.size() && params[at].name.text != argument.name.text;) ++at;
      if (at == params.size())
        report(Code::E0011, argument.name.span, {name, argument.name.text}, "no such parameter");
    } else {
      ++position;
    }
    Type_ wanted = at - 1 < parameters.size() ? parameters[at - 1] : nullptr;
    infer(argument.value, wanted);
    if (wanted == nullptr || at >= params.size()) continue;
    c.operands[at] = argument.value;
    if (!coerce(argument.value, wanted))
      wrong_argument(argument.value, params[at].name.text, name, wanted);
  }
  bool missing = position > parameters.size() + 1;
  for (std::size_t i = 1; i < params.size() && i <= parameters.size(); ++i)
    missing = missing || (c.operands[i] == nullptr && params[i].fallback == nullptr);
  while (c.operands.size() > 1 && c.operands.back() == nullptr) c.operands.pop_back();
  if (missing)
    surplus(
        c, name,
        std::to_string(parameters.size()) + (parameters.size() == 1 ? " argument" : " arguments"),
        c.arguments.size(), {});
}

// E0313: a type parameter stands for a type without the impl its bound asks for.
void Inference::check_bounds(const CallExpr& c, const Function& f, const FunctionType& type) {
  for (const TypeBound& bound : f.declaration->bounds)
    for (const Word& wanted : bound.traits) {
      auto trait = t_.traits.find(wanted.text);
      if (trait == t_.traits.end()) continue;
      for (const auto& [name, parameter] : type.named) {
        if (name != bound.parameter.text) continue;
        Type_ given = u_.resolve(parameter);
        bool unknown = given->is(TypeTag::kAny) || given->is(TypeTag::kVariable);
        if (!unknown && !u_.implements(given, *trait->second))
          report(Code::E0313, c.span, {shown(given), wanted.text}, "this is " + shown(given));
      }
    }
}

}  // namespace flin::check
