// Entities, enums, constants of literals.
#include "compile/function_compiler.h"
#include "compile/program_compiler.h"
#include "compile/type_form.h"

#include <algorithm>

namespace flin::compile {

using namespace bytecode;
using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

// Validators that are flags of the field (L 21.7) and stand in no row of their own.
bool is_flag(std::string_view validator) {
  constexpr std::string_view kFlags[] = {"required",  "unique",   "index",  "hidden",
                                         "immutable", "readonly", "default"};
  return std::find(std::begin(kFlags), std::end(kFlags), validator) != std::end(kFlags);
}

}  // namespace

const Expr* ProgramCompiler::default_of(const check::Field& field) {
  if (!field.node) return nullptr;
  if (field.node->fallback) return field.node->fallback;
  for (const ValidatorNode& validator : field.node->validators)
    if (validator.name.text == "default" && !validator.arguments.empty())
      return validator.arguments[0];
  return nullptr;
}

std::uint32_t ProgramCompiler::constant_default(const check::Field& field) {
  const Expr* fallback = default_of(field);
  if (!fallback) return kNoIndex;
  if (fallback->kind == ExprKind::kBool) return builder.integer(as<BoolExpr>(*fallback).value);
  if (std::uint32_t k = variant_constant(*fallback); k != kNoIndex) return k;
  bool to_number =
      is_tag(without_none(field.type), TypeTag::kNumber) && fallback->kind == ExprKind::kInt;
  if (to_number) return builder.number(static_cast<double>(as<IntExpr>(*fallback).value));
  return literal_constant(fallback);
}

// A variant without payload, `Status.Open` or `Open`.
std::uint32_t ProgramCompiler::variant_constant(const Expr& expr) {
  const check::Enum* enumeration = nullptr;
  std::uint32_t variant = 0;
  if (expr.kind == ExprKind::kName) {
    enumeration = as<NameExpr>(expr).symbol ? nullptr : as<NameExpr>(expr).enumeration;
    variant = as<NameExpr>(expr).variant;
  } else if (expr.kind == ExprKind::kMember &&
             as<MemberExpr>(expr).target == MemberTarget::kVariant) {
    enumeration = as<MemberExpr>(expr).enumeration;
    variant = as<MemberExpr>(expr).field;
  }
  bool is_plain = enumeration && enumeration->variants[variant].payload.empty();
  return is_plain ? builder.variant(enumeration->name, enumeration->variants[variant].name, 0)
                  : kNoIndex;
}

bool ProgramCompiler::has_constant_default(const check::Field& field) {
  return constant_default(field) != kNoIndex;
}

std::uint32_t ProgramCompiler::literal_constant(const Expr* expr) {
  if (!expr) return kNoIndex;
  Constant constant;
  switch (expr->kind) {
    case ExprKind::kInt: return builder.integer(as<IntExpr>(*expr).value);
    case ExprKind::kNumber: return builder.number(as<NumberExpr>(*expr).value);
    case ExprKind::kText: return builder.text(as<TextExpr>(*expr).value);
    case ExprKind::kMoney:
      constant.tag = Tag::kMoney;
      constant.i = as<MoneyExpr>(*expr).minor;
      constant.text = as<MoneyExpr>(*expr).currency;
      return builder.constant(std::move(constant));
    case ExprKind::kRegex:
      constant.tag = Tag::kRegex;
      constant.text = as<RegexExpr>(*expr).pattern;
      for (char flag : as<RegexExpr>(*expr).flags)
        constant.i |= flag == 'i' ? 1 : flag == 'm' ? 2 : 4;
      return builder.constant(std::move(constant));
    case ExprKind::kUnary: return negative_constant(as<UnaryExpr>(*expr));
    default: return kNoIndex;
  }
}

std::uint32_t ProgramCompiler::negative_constant(const UnaryExpr& expr) {
  if (expr.op != UnaryOp::kNegate) return kNoIndex;
  if (expr.operand->kind == ExprKind::kNumber)
    return builder.number(-as<NumberExpr>(*expr.operand).value);
  if (expr.operand->kind != ExprKind::kInt) return kNoIndex;
  auto bits = static_cast<std::uint64_t>(as<IntExpr>(*expr.operand).value);
  return builder.integer(static_cast<std::int64_t>(0 - bits));
}

void ProgramCompiler::compile_entities() {
  for (const check::Entity* entity : program.entities) {
    EntityRow row;
    row.name = entity->name;
    for (const check::Field& field : entity->fields) {
      row.fields.emplace_back();
      compile_field(field, row.fields.back());
    }
    builder.chunk().entities.push_back(std::move(row));
  }
}

void ProgramCompiler::compile_field(const check::Field& field, FieldRow& row) {
  row.name = field.name;
  row.type_k = type_k(field.type);
  row.flags = field.flags;
  row.default_k = constant_default(field);
  if (!field.node) return;
  for (const ValidatorNode& validator : field.node->validators) {
    if (is_flag(validator.name.text)) continue;
    ValidatorRow made{std::string(validator.name.text), {}};
    for (const Expr* argument : validator.arguments) {
      if (argument->kind == ExprKind::kList) {  // @one_of([a, b]): its items are the arguments
        for (const Expr* item : as<ListExpr>(*argument).items)
          if (std::uint32_t k = literal_constant(item); k != kNoIndex)
            made.argument_ks.push_back(k);
      } else if (std::uint32_t k = literal_constant(argument); k != kNoIndex) {
        made.argument_ks.push_back(k);
      }
    }
    row.validators.push_back(std::move(made));
  }
}

void ProgramCompiler::compile_enums() {
  for (const check::Enum* enumeration : program.enums) {
    EnumRow row;
    row.name = enumeration->name;
    for (const check::Variant& variant : enumeration->variants) {
      row.variants.push_back({std::string(variant.name), {}});
      for (const Type* type : variant.payload) row.variants.back().type_ks.push_back(type_k(type));
    }
    builder.chunk().enums.push_back(std::move(row));
  }
}

// ---- References ----

namespace {

void entities_in(const Type* type, std::unordered_set<const check::Entity*>& out) {
  if (!type) return;
  if (type->is(TypeTag::kEntity)) out.insert(type->entity);
  for (const Type* item : type->items) entities_in(item, out);
}

}  // namespace

// Entities that some field refers to: values of their type may not have been read yet.
void ProgramCompiler::find_references() {
  for (const check::Entity* entity : program.entities)
    for (const check::Field& field : entity->fields) entities_in(field.type, referenced_);
}

bool ProgramCompiler::may_be_reference(const Type* type) const {
  return is_tag(type, TypeTag::kEntity) && referenced_.count(type->entity) != 0 &&
         bindings.form("reference_load");
}

}  // namespace flin::compile
