// Instructions that work on boxed operands in a row (cells.def, PLAIN): `at` is the first operand
// and takes the result. Each is a safe point before it begins.
#include "runtime/arithmetic.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/engine.h"

#include <algorithm>

namespace flin::runtime {

using bytecode::Op;

#define PLAIN(name)                                                \
  RunState Engine::Plain##name(FLIN_CELL) {                        \
    FLIN_SAVE;                                                     \
    if (m->heap_.wants_collection() && !m->collect()) [[unlikely]] \
      FLIN_CONTINUE_WITH(raise);                                   \
    if (!plain_##name(*m, r + ip->a, *ip)) [[unlikely]]            \
      FLIN_CONTINUE_WITH(raise);                                   \
    FLIN_NEXT;                                                     \
  }
#define CELL(name, a, b, x)
#define BRANCH(name, a, b)
#include "runtime/cells.def"
#undef CELL
#undef BRANCH
#undef PLAIN

#define BODY(name)                             \
  [[gnu::noinline]] bool Engine::plain_##name( \
      [[maybe_unused]] Machine& m, [[maybe_unused]] Value* at, [[maybe_unused]] const Cell& cell)

namespace {

std::string_view name_of(Machine& m, const Cell& cell) {
  return as_text(m.linked().constants[cell.x])->view();
}

}  // namespace

// ---- Variables of components ----

BODY(LoadState) {
  const Component* component = m.frames_.back().component;
  const bool is_there = component && component->state && cell.x < component->state->capacity;
  *at = is_there ? component->state->items()[cell.x] : kNone;
  return true;
}
BODY(StoreState) {
  m.store_state(cell.x, *at);
  return true;
}
BODY(LoadProp) {
  const Component* component = m.frames_.back().component;
  Value v = kNone;
  if (component && is_map(component->props)) {
    const MapEntry* entry =
        map_find(as_map(component->props), as_text(m.linked_->constants[cell.x]));
    if (entry) v = entry->value;
  }
  *at = v;
  return true;
}
BODY(LoadContext) { return m.load_context(cell.x, *at); }

// ---- Operators ----

BODY(Incr) { return add(m, *at, from_small(Tagged::kInt, 1), *at); }
BODY(Decr) { return subtract(m, *at, from_small(Tagged::kInt, 1), *at); }
BODY(Rot) {
  std::rotate(at, at + 1, at + 3);
  return true;
}
BODY(Neg) { return negate(m, *at, *at); }
BODY(Pow) { return power(m, at[0], at[1], *at); }
BODY(Concat) { return join(m, at[0], at[1], *at); }
BODY(Interpolate) { return m.interpolate(at, cell.x, *at); }
BODY(IntDiv) { return int_divide(m, at[0], at[1], *at); }
BODY(In) {
  bool found;
  if (!m.contains(at[0], at[1], found)) return false;
  *at = from_bool(found);
  return true;
}
BODY(NotIn) {
  bool found;
  if (!m.contains(at[0], at[1], found)) return false;
  *at = from_bool(!found);
  return true;
}
BODY(IsType) {
  const std::string& type = m.linked_->chunk.constants[cell.x].text;
  // A dynamic `is int` looks at the value alone (L 3.14); is_type() is for checks, which let big
  // ints pass.
  *at = from_bool(type == "\x02" ? counts_as_int(*at) : is_type(*at, type, *m.linked_));
  return true;
}
BODY(IsVariant) {
  const auto& row = m.linked_->chunk.constants[cell.x];
  const Value v = *at;
  *at = from_bool(is_kind(v, ObjectKind::kEnum) &&
                  cast<Enum>(v)->variant->view() == m.linked_->chunk.text(row.items[1]) &&
                  cast<Enum>(v)->type->view() == m.linked_->chunk.text(row.items[0]));
  return true;
}

// ---- Conversion ----

BODY(ToText) {
  if (!is_text(*at)) *at = make_text(m.heap_, m.text_form(*at));
  return true;
}
BODY(Check) { return m.check_type(*at, cell.x); }
BODY(ToNumber) {
  if (is_int(*at)) *at = from_double(static_cast<double>(whole(*at)));
  return true;
}
BODY(Assert) {
  return is_truthy(*at) || m.fail_false(15, "assertion failed: " + std::string(name_of(m, cell)));
}

// ---- Items, variants ----

BODY(Slice) {
  const Value* operand = at + 1;
  const Value from = cell.x & 1 ? *operand++ : kNone;
  const Value to = cell.x & 2 ? *operand++ : kNone;
  const Value step = cell.x & 4 ? *operand : kNone;
  return m.slice(*at, from, to, step, *at);
}
BODY(MakeVariant) { return m.make_variant(cell.x, at, cell.b, *at); }
BODY(VariantField) {
  const Value v = *at;
  if (!is_kind(v, ObjectKind::kEnum) || cast<Enum>(v)->size <= cell.x) {
    m.wrong_type("a variant with a payload", v);
    return false;
  }
  *at = cast<Enum>(v)->items()[cell.x];
  return true;
}
BODY(DeleteKey) {
  if (!is_map(*at)) {
    m.wrong_type("map", *at);
    return false;
  }
  map_remove(m.heap_, as_map(*at), at[1]);
  return true;
}
BODY(TupleGet) {
  const Value v = *at;
  if (!is_kind(v, ObjectKind::kTuple) || cast<Tuple>(v)->size <= cell.x) {
    m.wrong_type("tuple", v);
    return false;
  }
  *at = cast<Tuple>(v)->items()[cell.x];
  return true;
}
BODY(HasKey) {
  const Value v = *at;
  TextObject* key = as_text(m.linked_->constants[cell.x]);
  const bool has = is_map(v) ? map_find(as_map(v), key) != nullptr
                             : is_record(v) && m.linked_->field_number(as_record(v)->type,
                                                                       key->view()) != kNoField;
  *at = from_bool(has);
  return true;
}

// ---- Collections ----

BODY(CreateList) {
  *at = from_object(new_list(m.heap_, at, cell.x));
  return true;
}
BODY(CreateMap) {
  Map* map = new_map(m.heap_, cell.x);
  for (std::uint32_t i = 0; i < cell.x; ++i) map_put(m.heap_, map, at[2 * i], at[2 * i + 1]);
  *at = from_object(map);
  return true;
}
BODY(CreateTuple) {
  auto* tuple = m.heap_.make<Tuple>(ObjectKind::kTuple, cell.x * sizeof(Value));
  tuple->size = cell.x;
  std::copy_n(at, cell.x, tuple->items());
  *at = from_object(tuple);
  return true;
}
BODY(MakeRange) { return m.make_range(at[0], at[1], false, *at); }
BODY(MakeRangeEx) { return m.make_range(at[0], at[1], true, *at); }
BODY(Append) {
  list_push(m.heap_, as_list(at[0]), at[1]);
  return true;
}
BODY(ListExtend) { return m.extend_list(as_list(at[0]), at[1]); }
BODY(MapExtend) {
  if (!is_map(at[1])) {
    m.wrong_type("map", at[1]);
    return false;
  }
  map_extend(m.heap_, as_map(at[0]), as_map(at[1]));
  return true;
}
BODY(Unpack) { return m.unpack(*at, cell.x, false, at); }
BODY(UnpackRest) { return m.unpack(*at, cell.x, true, at); }
BODY(MapPut) {
  map_put(m.heap_, as_map(at[0]), at[1], at[2]);
  return true;
}

// ---- Views ----

BODY(AddRaw) {
  m.end_tag();
  if (is_kind(*at, ObjectKind::kView))
    m.output_ += cast<View>(*at)->html->view();
  else
    append_text_form(m.output_, *at, *m.linked_);
  return true;
}
// Its body runs here and now; what it writes is cut off again at EndView.
BODY(BeginView) {
  m.end_tag();
  m.marks_.push_back(m.output_.size());
  return true;
}
BODY(EndView) {
  m.end_tag();
  auto* view = m.heap_.make<View>(ObjectKind::kView);
  view->html = new_text(m.heap_, std::string_view(m.output_).substr(m.marks_.back()));
  m.output_.resize(m.marks_.back());
  m.marks_.pop_back();
  *at = from_object(view);
  return true;
}
BODY(SpreadAttrs) {
  m.spread_attributes(*at);
  return true;
}
BODY(StyleScope) {
  if (!m.tag_open_) return true;
  m.output_ += " data-flin-scope=\"";
  m.output_ += name_of(m, cell);
  m.output_ += '"';
  return true;
}
BODY(CreateElement) {
  m.open_element(cell.x);
  return true;
}
BODY(CloseElement) {
  m.close_element(false);
  return true;
}
BODY(SelfClose) {
  m.close_element(true);
  return true;
}
BODY(SetAttribute) {
  m.write_attribute(name_of(m, cell), *at);
  return true;
}
BODY(BindAttr) {
  m.write_attribute(name_of(m, cell), *at);
  return true;
}
BODY(BindText) {
  m.end_tag();
  m.write_text(*at);
  return true;
}
BODY(AddText) {
  m.end_tag();
  m.output_ += name_of(m, cell);
  return true;
}

// ---- Text, time, numbers ----

#define TEXT_OP(name)                                \
  BODY(name) {                                       \
    Value out;                                       \
    if (!m.text_op(Op::name, at, out)) return false; \
    *at = out;                                       \
    return true;                                     \
  }
TEXT_OP(TextUpper)
TEXT_OP(TextLower)
TEXT_OP(TextTrim)
TEXT_OP(TextContains)
TEXT_OP(TextStartsWith)
TEXT_OP(TextEndsWith)
TEXT_OP(TextSplit)
TEXT_OP(TextReplace)
TEXT_OP(TextJoin)
BODY(TextSlice) { return m.slice(at[0], at[1], at[2], kNone, *at); }

BODY(TimeWord) {
  *at = m.time_word(cell.x);
  return true;
}
BODY(MakeDuration) { return m.make_duration(*at, cell.x, *at); }
BODY(MakeMoney) { return m.make_money_of(*at, name_of(m, cell), *at); }
BODY(Print) {
  m.print(at, cell.x);
  return true;
}

#define NUMBER_OP(name) \
  BODY(name) { return m.number_op(Op::name, at, *at); }
NUMBER_OP(Abs)
NUMBER_OP(Floor)
NUMBER_OP(Ceil)
NUMBER_OP(Round)
NUMBER_OP(Sqrt)
BODY(PowNum) {
  Value out;
  if (!m.number_op(Op::PowNum, at, out)) return false;
  *at = out;
  return true;
}
BODY(Min) { return m.min_max(at[0], at[1], false, *at); }
BODY(Max) { return m.min_max(at[0], at[1], true, *at); }

}  // namespace flin::runtime
