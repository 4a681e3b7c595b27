// Entity declarations: defaults and validators (L 14.1, L 14.2).
#include "check/infer.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

struct FlagName {
  std::string_view name;
  std::uint32_t flag;
};
constexpr FlagName kFlags[] = {{"required", kRequiredField},   {"unique", kUniqueField},
                               {"index", kIndexField},         {"hidden", kHiddenField},
                               {"immutable", kImmutableField}, {"readonly", kReadonlyField}};

}  // namespace

void Inference::entity_declaration(Entity& entity) {
  for (Field& field : entity.fields) {
    field.flags = 0;
    if (field.node->fallback != nullptr) expect(field.node->fallback, field.type);
    for (const ValidatorNode& v : field.node->validators) validator(entity, field, v);
  }
  for (const RuleNode& rule : entity.declaration->rules) {
    report(Code::E0217, rule.span, {"'allow'"}, "not yet");
  }
}

bool Inference::fits_validator(std::string_view fits, Type_ type) {
  type = plain(type);
  if (fits.empty() || fits == "any" || type->is(TypeTag::kAny)) return true;
  while (!fits.empty()) {
    auto bar = fits.find_first_of("|, ");
    std::string_view word = fits.substr(0, bar);
    fits = bar == fits.npos ? std::string_view{} : fits.substr(bar + 1);
    bool number = word == "number" &&
                  (is_numeric(type) || type->is(TypeTag::kMoney) || type->is(TypeTag::kDuration));
    bool list = word == "list" && type->is(TypeTag::kList);
    if (number || list || word == shown(type)) return true;
  }
  return false;
}

// Validators of the language; null: a plugin's, or none.
static const BoundValidator* own_validator(std::string_view name) {
  static const BoundValidator kOwn[] = {
#define VALIDATOR(name, fits, arguments) {name, fits, arguments},
#include "check/validators.def"
#undef VALIDATOR
  };
  for (const BoundValidator& v : kOwn)
    if (v.name == name) return &v;
  return nullptr;
}

// What can stand in the entity table: a literal, or a list of literals.
static bool is_literal(const Expr* e) {
  switch (e->kind) {
    case ExprKind::kInt:
    case ExprKind::kNumber:
    case ExprKind::kText:
    case ExprKind::kMoney:
    case ExprKind::kRegex: return true;
    case ExprKind::kUnary:
      return as<UnaryExpr>(*e).op == UnaryOp::kNegate && is_literal(as<UnaryExpr>(*e).operand);
    case ExprKind::kList:
      for (const Expr* item : as<ListExpr>(*e).items)
        if (item->kind == ExprKind::kList || !is_literal(item)) return false;
      return true;
    default: return false;
  }
}

// Against the signature of its declaration, "(size: text)".
void Inference::plugin_validator_arguments(const ValidatorNode& v, const BoundValidator& known) {
  const std::string name = "@" + known.name;
  auto [it, is_new] = validator_signatures_.try_emplace(known.name);
  if (is_new)
    it->second.signature = (known.arguments.empty() ? "()" : known.arguments) + " -> bool";
  const Signature& s = signatures_.of(it->second);
  const std::size_t got = v.arguments.size();
  if (got < s.least || got > s.most) {
    Report& r =
        report(Code::E0303, v.name.span, {name, count_of(s.least, s.most), std::to_string(got)},
               got == 0 ? "none given" : "given " + std::to_string(got));
    r.helps = {"@" + known.name + known.arguments};
    return;
  }
  for (std::size_t i = 0; i < got; ++i) {
    const SignatureParameter& p = s.parameters[std::min(i, s.parameters.size() - 1)];
    Expr* argument = v.arguments[i];
    if (!is_literal(argument)) {
      report(Code::E0304, argument->span, {p.name, name, "a literal", text(argument)},
             "known only while running");
    } else if (!coerce(argument, p.type)) {
      wrong_argument(argument, p.name, name, p.type);
    }
  }
}

void Inference::validator(Entity& entity, Field& field, const ValidatorNode& v) {
  std::string_view name = v.name.text;
  for (const FlagName& flag : kFlags)
    if (flag.name == name) field.flags |= flag.flag;
  if (name == "default" && v.arguments.size() == 1) {
    expect(v.arguments[0], field.type);
    return;
  }
  const BoundValidator* known = own_validator(name);
  if (known == nullptr) known = t_.bindings.validator(name);
  for (Expr* argument : v.arguments) infer(argument);
  if (known == nullptr) {
    Report& r = report(Code::E0401, v.name.span, {name}, "no such validator");
    static const std::vector<std::string_view> kNames = {
#define VALIDATOR(name, fits, arguments) name,
#include "check/validators.def"
#undef VALIDATOR
    };
    std::string help = did_you_mean(name, kNames);
    if (auto quote = help.find('\''); quote != help.npos) {
      help.insert(quote + 1, "@");
      r.helps = {help};
    }
    return;
  }
  if (own_validator(name) == nullptr) plugin_validator_arguments(v, *known);
  bool by_length = name == "minLength" || name == "maxLength" || name == "length";
  bool fits = fits_validator(known->fits, field.type) ||
              (by_length && plain(field.type)->is(TypeTag::kList));
  if (fits) return;
  Report& r = report(Code::E0402, v.name.span, {name, shown(field.type)},
                     "on a field of type " + shown(field.type));
  r.helps = {"@" + std::string(name) + " is for " + known->fits};
  r.others.push_back({field.node->name.span, "field of " + std::string(entity.name)});
}

}  // namespace flin::check
