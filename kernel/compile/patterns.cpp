// Patterns (L 7.2). bind() takes a value apart that must fit; test() asks whether one fits. A
// tested value lies in a slot of its own, so that every way to `fail` has the same stack.
#include "compile/function_compiler.h"

namespace flin::compile {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

const Type* item_type(const Type* type, std::size_t n) {
  type = without_none(type);
  if (is_tag(type, TypeTag::kList)) return type->items[0];
  if (is_tag(type, TypeTag::kMap)) return type->items[1];
  bool has = is_tag(type, TypeTag::kTuple) && n < type->items.size();
  return has ? type->items[n] : nullptr;
}

}  // namespace

bool FunctionCompiler::always_fits(const Pattern& pattern) {
  return pattern.kind == PatternKind::kWildcard || pattern.kind == PatternKind::kName;
}

// ---- Taking apart ----

void FunctionCompiler::bind(const Pattern& pattern, const Type* type) {
  code.at(pattern.span);
  switch (pattern.kind) {
    case PatternKind::kName:
      if (pattern.symbol) return store(*pattern.symbol);
      return code.op(Op::Pop);
    case PatternKind::kList: return bind_list(pattern, type);
    case PatternKind::kTuple: return bind_tuple(pattern, type);
    case PatternKind::kMap: return bind_map(pattern, type);
    default: return code.op(Op::Pop);
  }
}

// Unpack leaves the last item on top.
void FunctionCompiler::bind_list(const Pattern& pattern, const Type* type) {
  auto count = static_cast<std::int64_t>(pattern.items.size());
  code.op(pattern.has_rest ? Op::UnpackRest : Op::Unpack, count);
  if (pattern.has_rest) {
    if (pattern.symbol)
      store(*pattern.symbol);
    else
      code.op(Op::Pop);
  }
  for (std::size_t n = pattern.items.size(); n-- > 0;) bind(*pattern.items[n], item_type(type, n));
}

void FunctionCompiler::bind_tuple(const Pattern& pattern, const Type* type) {
  for (std::size_t n = 0; n < pattern.items.size(); ++n) {
    code.op(Op::Dup);
    code.op(Op::TupleGet, static_cast<std::int64_t>(n));
    bind(*pattern.items[n], item_type(type, n));
  }
  code.op(Op::Pop);
}

// Replaces the map or entity on the stack by the item, or its default.
void FunctionCompiler::map_item(const MapPatternItem& item, const Type* type) {
  type = without_none(type);
  std::uint32_t k = program.builder.text(item.key.text);
  if (is_tag(type, TypeTag::kMap)) {
    text(item.key.text);
    code.op(Op::GetIndex);
  } else {
    code.op(is_tag(type, TypeTag::kEntity) ? Op::GetField : Op::Member, k);
  }
  if (!item.fallback) return;
  Label given = code.label();
  code.jump(Op::SomeJump, given);
  value(*item.fallback);
  code.place(given);
}

void FunctionCompiler::bind_map(const Pattern& pattern, const Type* type) {
  for (const MapPatternItem& item : pattern.entries) {
    code.op(Op::Dup);
    map_item(item, type);
    bind(*item.pattern, item_type(type, 0));
  }
  if (!pattern.has_rest || !pattern.symbol) return code.op(Op::Pop);
  for (const MapPatternItem& item : pattern.entries) text(item.key.text);
  code.op(Op::CreateList, static_cast<std::int64_t>(pattern.entries.size()));
  native("omit", 2);
  store(*pattern.symbol);
}

// ---- Asking ----

void FunctionCompiler::test(const Pattern& pattern, std::uint32_t slot, const Type* type,
                            Label fail) {
  code.at(pattern.span);
  switch (pattern.kind) {
    case PatternKind::kWildcard: return;
    case PatternKind::kName:
      if (!pattern.symbol) return;
      code.op(Op::LoadLocal, slot);
      return store(*pattern.symbol);
    case PatternKind::kLiteral:
    case PatternKind::kValue: return test_literal(pattern, slot, fail);
    case PatternKind::kRange: return test_range(pattern, slot, type, fail);
    case PatternKind::kType: return test_type(pattern, slot, fail);
    case PatternKind::kVariant: return test_variant(pattern, slot, fail);
    case PatternKind::kList: return test_list(pattern, slot, type, fail);
    case PatternKind::kTuple: return test_tuple(pattern, slot, type, fail);
    case PatternKind::kMap: return test_map(pattern, slot, type, fail);
    case PatternKind::kAlternatives: return test_alternatives(pattern, slot, type, fail);
  }
}

// The value on top of the stack goes to a slot and is tested there.
void FunctionCompiler::test_top(const Pattern& pattern, const Type* type, Label fail) {
  if (pattern.kind == PatternKind::kWildcard) return code.op(Op::Pop);
  if (pattern.kind == PatternKind::kName && pattern.symbol) return store(*pattern.symbol);
  std::uint32_t slot = scope.add_temporary();
  code.op(Op::StoreLocal, slot);
  test(pattern, slot, type, fail);
}

void FunctionCompiler::test_literal(const Pattern& pattern, std::uint32_t slot, Label fail) {
  code.op(Op::LoadLocal, slot);
  if (!pattern.value || pattern.value->kind == ExprKind::kNone) {
    code.op(Op::IsNone);
  } else {
    value(*pattern.value);
    code.op(Op::Eq);
  }
  code.jump(Op::JumpIfFalse, fail);
}

void FunctionCompiler::test_range(const Pattern& pattern, std::uint32_t slot, const Type* type,
                                  Label fail) {
  bool numeric = is_tag(type, TypeTag::kInt) || is_tag(type, TypeTag::kNumber);
  if (!numeric) test_is(program.program.types->simple(TypeTag::kNumber), slot, fail);
  code.op(Op::LoadLocal, slot);
  value(*pattern.value);
  code.op(Op::Ge);
  code.jump(Op::JumpIfFalse, fail);
  code.op(Op::LoadLocal, slot);
  value(*pattern.end);
  code.op(pattern.exclusive ? Op::Lt : Op::Le);
  code.jump(Op::JumpIfFalse, fail);
}

void FunctionCompiler::test_is(const Type* type, std::uint32_t slot, Label fail) {
  code.op(Op::LoadLocal, slot);
  code.op(Op::IsType, program.type_k(type));
  code.jump(Op::JumpIfFalse, fail);
}

void FunctionCompiler::test_type(const Pattern& pattern, std::uint32_t slot, Label fail) {
  test_is(pattern.tested, slot, fail);
  if (!pattern.symbol) return;
  code.op(Op::LoadLocal, slot);
  store(*pattern.symbol);
}

void FunctionCompiler::test_variant(const Pattern& pattern, std::uint32_t slot, Label fail) {
  code.op(Op::LoadLocal, slot);
  code.op(Op::IsVariant, variant_k(*pattern.enumeration, pattern.variant));
  code.jump(Op::JumpIfFalse, fail);
  const check::Variant& row = pattern.enumeration->variants[pattern.variant];
  for (std::size_t n = 0; n < pattern.items.size(); ++n) {
    if (pattern.items[n]->kind == PatternKind::kWildcard) continue;
    code.op(Op::LoadLocal, slot);
    code.op(Op::VariantField, static_cast<std::int64_t>(n));
    // Of a generic enum the payload's declared type says nothing about the value.
    bool known = n < row.payload.size() && !is_tag(row.payload[n], TypeTag::kVariable);
    test_top(*pattern.items[n], known ? row.payload[n] : nullptr, fail);
  }
}

void FunctionCompiler::test_list(const Pattern& pattern, std::uint32_t slot, const Type* type,
                                 Label fail) {
  check::Types& types = *program.program.types;
  if (!is_tag(type, TypeTag::kList)) test_is(types.list(types.simple(TypeTag::kAny)), slot, fail);
  code.op(Op::LoadLocal, slot);
  code.op(Op::Len);
  integer(static_cast<std::int64_t>(pattern.items.size()));
  code.op(pattern.has_rest ? Op::Ge : Op::EqInt);
  code.jump(Op::JumpIfFalse, fail);
  for (std::size_t n = 0; n < pattern.items.size(); ++n) {
    if (pattern.items[n]->kind == PatternKind::kWildcard) continue;
    code.op(Op::LoadLocal, slot);
    integer(static_cast<std::int64_t>(n));
    code.op(Op::GetIndex);
    test_top(*pattern.items[n], item_type(type, n), fail);
  }
  if (!pattern.has_rest || !pattern.symbol) return;
  code.op(Op::LoadLocal, slot);
  integer(static_cast<std::int64_t>(pattern.items.size()));
  code.op(Op::Slice, 1);
  store(*pattern.symbol);
}

void FunctionCompiler::test_tuple(const Pattern& pattern, std::uint32_t slot, const Type* type,
                                  Label fail) {
  check::Types& types = *program.program.types;
  if (!is_tag(type, TypeTag::kTuple)) {
    std::vector<const Type*> any(pattern.items.size(), types.simple(TypeTag::kAny));
    test_is(types.tuple(any), slot, fail);
  }
  for (std::size_t n = 0; n < pattern.items.size(); ++n) {
    if (pattern.items[n]->kind == PatternKind::kWildcard) continue;
    code.op(Op::LoadLocal, slot);
    code.op(Op::TupleGet, static_cast<std::int64_t>(n));
    test_top(*pattern.items[n], item_type(type, n), fail);
  }
}

void FunctionCompiler::test_map(const Pattern& pattern, std::uint32_t slot, const Type* type,
                                Label fail) {
  check::Types& types = *program.program.types;
  bool known = is_tag(type, TypeTag::kMap) || is_tag(type, TypeTag::kEntity);
  if (!known) {
    const Type* inner = without_none(type);
    bool only_optional =
        inner != type && (is_tag(inner, TypeTag::kMap) || is_tag(inner, TypeTag::kEntity));
    test_is(only_optional ? inner
                          : types.map(types.simple(TypeTag::kText), types.simple(TypeTag::kAny)),
            slot, fail);
  }
  for (const MapPatternItem& item : pattern.entries) {
    code.op(Op::LoadLocal, slot);
    map_item(item, type);
    test_top(*item.pattern, nullptr, fail);
  }
  if (!pattern.has_rest || !pattern.symbol) return;
  code.op(Op::LoadLocal, slot);
  for (const MapPatternItem& item : pattern.entries) text(item.key.text);
  code.op(Op::CreateList, static_cast<std::int64_t>(pattern.entries.size()));
  native("omit", 2);
  store(*pattern.symbol);
}

namespace {

void collect_symbols(const Pattern& pattern, std::vector<const check::Symbol*>& out) {
  if (pattern.symbol) out.push_back(pattern.symbol);
  for (const Pattern* item : pattern.items) collect_symbols(*item, out);
  for (const MapPatternItem& item : pattern.entries) collect_symbols(*item.pattern, out);
}

}  // namespace

// All alternatives bind the same names: those of one name share a slot.
void FunctionCompiler::test_alternatives(const Pattern& pattern, std::uint32_t slot,
                                         const Type* type, Label fail) {
  std::vector<const check::Symbol*> symbols;
  collect_symbols(pattern, symbols);
  for (const check::Symbol* symbol : symbols) {
    bool is_local = symbol->kind == check::SymbolKind::kLocal;
    if (!is_local || owns(*symbol)) continue;
    const check::Symbol* twin = nullptr;
    for (const check::Symbol* other : symbols)
      if (other != symbol && other->name == symbol->name && owns(*other)) twin = other;
    if (twin)
      scope.name(symbol, scope.slot(twin));
    else
      scope.add(symbol);
  }
  Label found = code.label();
  for (std::size_t n = 0; n < pattern.items.size(); ++n) {
    bool is_last = n + 1 == pattern.items.size();
    Label next = is_last ? fail : code.label();
    test(*pattern.items[n], slot, type, next);
    if (is_last) break;
    code.jump(Op::Jump, found);
    code.place(next);
  }
  code.place(found);
}

// ---- Conditions ----

void FunctionCompiler::condition(const Condition& condition, Label fail) {
  if (!condition.pattern) return jump_if(*condition.value, false, fail);
  value(*condition.value);
  test_top(*condition.pattern, type_of(*condition.value), fail);
}

void FunctionCompiler::condition_value(const Condition& from) {
  if (!from.pattern) return value(*from.value);
  Label fail = code.label(), end = code.label();
  condition(from, fail);
  std::uint32_t depth = code.depth();
  code.op(Op::LoadTrue);
  code.jump(Op::Jump, end);
  code.place(fail);
  code.set_depth(depth);
  code.op(Op::LoadFalse);
  code.place(end);
}

}  // namespace flin::compile
