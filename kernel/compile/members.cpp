// What stands behind dots and in brackets: fields, keys, items, slices, variants; `?.` (L 4.9).
#include "compile/function_compiler.h"

namespace flin::compile {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

// Whether a `?.` stands between the start of the postfix chain and `expr`.
bool has_optional(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kMember:
      return as<MemberExpr>(expr).optional || has_optional(*as<MemberExpr>(expr).object);
    case ExprKind::kIndex:
      return as<IndexExpr>(expr).optional || has_optional(*as<IndexExpr>(expr).object);
    case ExprKind::kSlice: return has_optional(*as<SliceExpr>(expr).object);
    case ExprKind::kCall:
      return as<CallExpr>(expr).optional ||
             (as<CallExpr>(expr).callee && has_optional(*as<CallExpr>(expr).callee));
    default: return false;
  }
}

}  // namespace

void FunctionCompiler::chain(const Expr& expr) {
  if (in_chain_ || !has_optional(expr)) {
    // An inner link of a chain keeps its end; everything else starts anew.
    bool was = in_chain_;
    if (!has_optional(expr)) in_chain_ = false;
    link(expr);
    in_chain_ = was;
    return;
  }
  Label end = code.label(), outer_end = chain_end_;
  chain_end_ = end;
  in_chain_ = true;
  link(expr);
  in_chain_ = false;
  chain_end_ = outer_end;
  code.place(end);
}

void FunctionCompiler::link(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kMember: return member(as<MemberExpr>(expr));
    case ExprKind::kIndex: return index(as<IndexExpr>(expr));
    case ExprKind::kSlice: return slice(as<SliceExpr>(expr));
    default: {
      const auto& made = as<CallExpr>(expr);
      bool by_member = made.callee && made.callee->kind == ExprKind::kMember;
      return call(made, made.optional || (by_member && as<MemberExpr>(*made.callee).optional));
    }
  }
}

// Runs `part` outside the chain around it.
void FunctionCompiler::apart(const std::function<void()>& part) {
  bool was = in_chain_;
  in_chain_ = false;
  part();
  in_chain_ = was;
}

// What stands in front of a dot or bracket. Only it may leave the chain: what is in brackets and
// argument lists has chains of its own.
void FunctionCompiler::receiver(const Expr& object, bool optional) {
  value(object);
  if (optional) code.jump(Op::NoneJump, chain_end_);
}

void FunctionCompiler::member(const MemberExpr& expr) {
  switch (expr.target) {
    case MemberTarget::kCall:
    case MemberTarget::kBuiltin: return call(*expr.call, expr.optional);
    case MemberTarget::kVariant: return variant(*expr.enumeration, expr.field);
    case MemberTarget::kUnit: value(*expr.object); return code.op(Op::MakeDuration, expr.field);
    default: return member_by_name(expr);
  }
}

void FunctionCompiler::member_by_name(const MemberExpr& expr) {
  if (std::string path = path_of(expr); !path.empty()) {
    if (given_paths_.count(path)) return load_path(path);
    bool is_prop = path.rfind("props.", 0) == 0 && path.find('.', 6) == path.npos;
    const Expr& object = *expr.object;
    bool of_props = is_prop && object.kind == ExprKind::kName && as<NameExpr>(object).symbol &&
                    as<NameExpr>(object).symbol->kind == check::SymbolKind::kContext;
    if (of_props) return load_prop(expr.name.text);
  }
  receiver(*expr.object, expr.optional);
  const Type* type = without_none(type_of(*expr.object));
  code.at(expr.name.span);
  // An entity in the session is kept as type and id (L 16.10): a reference in a value of type any.
  const bool may_be_kept = path_of(*expr.object).starts_with("session.");
  if (may_be_kept && !is_tag(type, TypeTag::kEntity) && program.bindings.form("reference_load"))
    ext("reference_load", 1);
  switch (expr.target) {
    case MemberTarget::kField:
      if (program.may_be_reference(type)) ext("reference_load", 1);
      if (expr.field >= check::kAutomaticFields) {
        std::uint32_t number = expr.field - check::kAutomaticFields;
        return code.op(Op::GetField, program.builder.text(check::kAutomaticFieldNames[number]));
      }
      return code.op(Op::GetField, program.builder.text(expr.name.text));
    case MemberTarget::kTuple: return code.op(Op::TupleGet, expr.field);
    case MemberTarget::kKey:
      if (is_tag(type, TypeTag::kMap)) {
        text(expr.name.text);
        return code.op(Op::GetIndex);
      }
      return code.op(Op::Member, program.builder.text(expr.name.text));
    default: return code.op(Op::Member, program.builder.text(expr.name.text));
  }
}

void FunctionCompiler::index(const IndexExpr& expr) {
  receiver(*expr.object, expr.optional);
  apart([&] { value(*expr.index); });
  code.at(expr.span);
  code.op(Op::GetIndex);
}

void FunctionCompiler::slice(const SliceExpr& expr) {
  receiver(*expr.object, false);
  std::int64_t parts = 0, bit = 1;
  for (const Expr* part : {expr.start, expr.end, expr.step}) {
    if (part) apart([&] { value(*part); }), parts |= bit;
    bit <<= 1;
  }
  code.at(expr.span);
  code.op(Op::Slice, parts);
}

std::uint32_t FunctionCompiler::variant_k(const check::Enum& enumeration, std::uint32_t variant) {
  const check::Variant& row = enumeration.variants[variant];
  return program.builder.variant(enumeration.name, row.name,
                                 static_cast<std::uint32_t>(row.payload.size()));
}

void FunctionCompiler::variant(const check::Enum& enumeration, std::uint32_t variant) {
  code.op(Op::MakeVariant, 0, variant_k(enumeration, variant));
}

}  // namespace flin::compile
