// The one dispatch (L 20.8): whole programs, functions, handlers and view bindings all run through
// interpret(). It is long because it is flat: one body per row of opcodes.def, in its order; a row
// without a body does not compile.
//
// Each body has two entries. op_X reads the operands from the narrow form and falls into do_X; Wide
// reads them at double width and jumps to do_X. Machine state that the loop keeps in registers (pc,
// sp, base) is written back by SAVE() before anything that may look at frames or stack.
//
// Fuel and collections: back edges and calls subtract what was run since, and are safe points. In
// stress mode every instruction is one, through a second table all of whose entries lead to
// op_stress.
#include "base/assert.h"
#include "runtime/arithmetic.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/machine.h"

#include <cmath>

namespace flin::runtime {

using bytecode::Op;

namespace {

// Rows of opcodes.def as constants the compiler folds.
enum RowFormat : int {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) \
  kFormat_##name = bytecode::format,
#include "bytecode/opcodes.def"
#undef OP
};
enum RowSigned : int {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) \
  kSigned_##name = bytecode::operand1 == bytecode::kInt,
#include "bytecode/opcodes.def"
#undef OP
};

inline std::uint32_t read16(const std::uint8_t* p) { return p[0] | std::uint32_t{p[1]} << 8; }
inline std::uint32_t read32(const std::uint8_t* p) { return read16(p) | read16(p + 2) << 16; }

template <int format, bool is_signed>
inline void read_operands(const std::uint8_t*& pc, std::int64_t& a, std::uint32_t& b) {
  if constexpr (format == bytecode::kFormat1) {
    a = is_signed ? static_cast<std::int8_t>(pc[0]) : std::int64_t{pc[0]};
    pc += 1;
  } else if constexpr (format == bytecode::kFormat2) {
    a = is_signed ? static_cast<std::int16_t>(read16(pc)) : std::int64_t{read16(pc)};
    pc += 2;
  } else if constexpr (format == bytecode::kFormat3) {
    a = read32(pc);
    pc += 4;
  } else if constexpr (format == bytecode::kFormat4) {
    a = pc[0];
    b = pc[1];
    pc += 2;
  }
}

// Operands of an instruction behind Wide.
inline void read_wide(const bytecode::Opcode& row, const std::uint8_t*& pc, std::int64_t& a,
                      std::uint32_t& b) {
  const bool is_signed = row.first == bytecode::kInt;
  switch (row.format) {
    case bytecode::kFormat1:
      a = is_signed ? static_cast<std::int16_t>(read16(pc)) : std::int64_t{read16(pc)};
      pc += 2;
      break;
    case bytecode::kFormat2:
      a = is_signed ? static_cast<std::int32_t>(read32(pc)) : std::int64_t{read32(pc)};
      pc += 4;
      break;
    case bytecode::kFormat4:
      a = read16(pc);
      b = read16(pc + 2);
      pc += 4;
      break;
    default: break;
  }
}

// Label addresses by opcode byte. Bytes that are no opcode never come here: the chunk is verified.
struct Labels {
  const void *narrow[256] = {}, *wide[256] = {}, *stress[256] = {};
  Labels(const void* const* narrow_rows, const void* const* wide_rows, const void* stress_label) {
    static constexpr std::uint8_t kBytes[] = {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) byte,
#include "bytecode/opcodes.def"
#undef OP
    };
    for (std::size_t row = 0; row < sizeof kBytes; ++row) {
      narrow[kBytes[row]] = narrow_rows[row];
      wide[kBytes[row]] = wide_rows[row];
      stress[kBytes[row]] = stress_label;
    }
  }
};

constexpr std::uint64_t kIntTag = tag_bits(Tagged::kInt);
inline bool both_small(Value a, Value b) { return is_small_int(a) && is_small_int(b); }
inline std::int64_t shifted(Value v) { return static_cast<std::int64_t>(v.bits << 16); }

}  // namespace

#define CASE(Name)                                                          \
  op_##Name : read_operands<kFormat_##Name, kSigned_##Name != 0>(pc, a, b); \
  do_##Name:
#define DISPATCH() goto* table[*pc++]
#define SAVE()      \
  do {              \
    frame->pc = pc; \
    sp_ = sp;       \
  } while (0)
#define LOAD()               \
  do {                       \
    frame = &frames_.back(); \
    pc = frame->pc;          \
    base = frame->base;      \
    sp = sp_;                \
  } while (0)
// Runs an expression that may fail, with the state written back.
#define TRY(expression)             \
  do {                              \
    SAVE();                         \
    if (!(expression)) goto failed; \
  } while (0)
#define BINARY(function)                       \
  do {                                         \
    Value out;                                 \
    TRY(function(*this, sp[-2], sp[-1], out)); \
    *(--sp - 1) = out;                         \
  } while (0)
// A back edge or call that costs `n`.
#define CHARGE(n)                                           \
  do {                                                      \
    fuel -= (n);                                            \
    if (fuel <= 0 || heap_.wants_collection()) [[unlikely]] \
      goto charge;                                          \
  } while (0)

RunState Machine::interpret(std::int64_t fuel) {
  static const void* const kNarrow[] = {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) &&op_##name,
#include "bytecode/opcodes.def"
#undef OP
  };
  static const void* const kWide[] = {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) &&do_##name,
#include "bytecode/opcodes.def"
#undef OP
  };
  static const Labels kLabels(kNarrow, kWide, &&op_stress);

  const void* const* const table = heap_.is_stress() ? kLabels.stress : kLabels.narrow;
  const Value* const constants = linked_->constants.data();
  const std::uint8_t* pc;
  Value *sp, *base;
  Frame* frame;
  std::int64_t a = 0;
  std::uint32_t b = 0;
  LOAD();
  DISPATCH();

op_stress:
  --pc;
  SAVE();
  heap_.collect();
  if (fuel-- <= 0) goto yielded;
  ++pc;
  goto* kLabels.narrow[pc[-1]];

  // Control
  CASE(Halt) {
    const Value v = sp > base + linked_->functions[frame->function].locals ? sp[-1] : kNone;
    SAVE();
    switch (leave_frame(v)) {
      case Next::kContinue: LOAD(); DISPATCH();
      case Next::kDone: return RunState::kDone;
      case Next::kSuspended: return RunState::kSuspended;
      case Next::kFailed: goto failed_below;
    }
  }
  CASE(Nop) { DISPATCH(); }
  CASE(Jump) {
    pc += a;
    DISPATCH();
  }
  CASE(JumpIfFalse) {
    if (!is_truthy(*--sp)) pc += a;
    DISPATCH();
  }
  CASE(JumpIfTrue) {
    if (is_truthy(*--sp)) pc += a;
    DISPATCH();
  }
  CASE(AndJump) {
    if (!is_truthy(sp[-1]))
      pc += a;
    else
      --sp;
    DISPATCH();
  }
  CASE(OrJump) {
    if (is_truthy(sp[-1]))
      pc += a;
    else
      --sp;
    DISPATCH();
  }
  CASE(NoneJump) {
    if (is_none(sp[-1])) pc += a;
    DISPATCH();
  }
  CASE(SomeJump) {
    if (!is_none(sp[-1]))
      pc += a;
    else
      --sp;
    DISPATCH();
  }
  CASE(Loop) {
    pc -= a;
    CHARGE(1 + (a >> 2));
    DISPATCH();
  }
  CASE(JumpFar) {
    const auto distance = static_cast<std::int32_t>(a);
    pc += distance;
    if (distance < 0) CHARGE(1 + (-distance >> 2));
    DISPATCH();
  }
  CASE(Try) {
    tries_.push_back({static_cast<std::uint32_t>(frames_.size() - 1),
                      static_cast<std::uint32_t>(slots_.size()), pc + a, sp, output_state()});
    DISPATCH();
  }
  CASE(EndTry) {
    tries_.pop_back();
    DISPATCH();
  }
  CASE(Throw) {
    --sp;
    SAVE();
    if (is_kind(*sp, ObjectKind::kError))
      fail_value(*sp);
    else
      fail(16, text_form(*sp));
    goto failed;
  }
  CASE(Return) {
    const Value v = sp[-1];
    if (open_cells_ == nullptr && frames_.size() > 1 && frame[-1].kind == FrameKind::kCode &&
        (tries_.empty() || tries_.back().frame < frames_.size() - 1)) {
      sp = frame->result;
      *sp++ = v;
      frames_.pop_back();
      --frame;
      pc = frame->pc;
      base = frame->base;
      DISPATCH();
    }
    SAVE();
    switch (leave_frame(v)) {
      case Next::kContinue: LOAD(); DISPATCH();
      case Next::kDone: return RunState::kDone;
      case Next::kSuspended: return RunState::kSuspended;
      case Next::kFailed: goto failed_below;
    }
  }
  CASE(Wide) {
    const std::uint8_t op = *pc++;
    read_wide(bytecode::kOpcodes[op], pc, a, b);
    goto* kLabels.wide[op];
  }

  // Stack and constants
  CASE(Pop) {
    --sp;
    DISPATCH();
  }
  CASE(PopN) {
    sp -= a;
    DISPATCH();
  }
  CASE(Dup) {
    sp[0] = sp[-1];
    ++sp;
    DISPATCH();
  }
  CASE(Swap) {
    std::swap(sp[-1], sp[-2]);
    DISPATCH();
  }
  CASE(Over) {
    sp[0] = sp[-2];
    ++sp;
    DISPATCH();
  }
  CASE(Rot) {
    const Value first = sp[-3];
    sp[-3] = sp[-2];
    sp[-2] = sp[-1];
    sp[-1] = first;
    DISPATCH();
  }
  CASE(LoadConst) {
    *sp++ = constants[a];
    DISPATCH();
  }
  CASE(LoadNone) {
    *sp++ = kNone;
    DISPATCH();
  }
  CASE(LoadTrue) {
    *sp++ = kTrue;
    DISPATCH();
  }
  CASE(LoadFalse) {
    *sp++ = kFalse;
    DISPATCH();
  }
  CASE(LoadInt0) {
    *sp++ = from_small(Tagged::kInt, 0);
    DISPATCH();
  }
  CASE(LoadInt1) {
    *sp++ = from_small(Tagged::kInt, 1);
    DISPATCH();
  }
  CASE(LoadIntM1) {
    *sp++ = from_small(Tagged::kInt, -1);
    DISPATCH();
  }
  CASE(LoadInt8) {
    *sp++ = from_small(Tagged::kInt, a);
    DISPATCH();
  }
  CASE(LoadInt16) {
    *sp++ = from_small(Tagged::kInt, a);
    DISPATCH();
  }
  CASE(LoadEmpty) {
    *sp++ = linked_->empty_text;
    DISPATCH();
  }

  // Variables
  CASE(LoadLocal) {
    *sp++ = base[a];
    DISPATCH();
  }
  CASE(StoreLocal) {
    base[a] = *--sp;
    DISPATCH();
  }
  CASE(LoadGlobal) {
    const Value v = globals_[a];
    if (is_empty(v)) [[unlikely]] {
      SAVE();
      std::string name = "a variable";
      for (const auto& row : linked_->chunk.names)
        if (row.function == 0 && row.slot == a) name = "'" + row.name + "'";
      for (const auto& page : linked_->chunk.pages)
        for (const auto& cell : page.cells)
          if (page.function == frames_.front().function && cell.slot == a)
            name = "'" + cell.name + "'";
      fail(5, name + " is used before it is set");
      goto failed;
    }
    *sp++ = v;
    DISPATCH();
  }
  CASE(StoreGlobal) {
    globals_[a] = *--sp;
    DISPATCH();
  }
  CASE(LoadUpvalue) {
    *sp++ = *frame->closure->cells()[a]->at;
    DISPATCH();
  }
  CASE(StoreUpvalue) {
    *frame->closure->cells()[a]->at = *--sp;
    DISPATCH();
  }
  CASE(LoadState) {
    const Component* component = frame->component;
    *sp++ =
        component && component->state && a < static_cast<std::int64_t>(component->state->capacity)
            ? component->state->items()[a]
            : kNone;
    DISPATCH();
  }
  CASE(StoreState) {
    Component* component = frame->component;
    FLIN_ASSERT(component != nullptr, "component state is stored within a component");
    const auto slot = static_cast<std::uint64_t>(a);
    if (component->state == nullptr || component->state->capacity <= slot) {
      auto* grown = heap_.make<Slots>(ObjectKind::kSlots, (slot + 8) * sizeof(Value));
      grown->capacity = slot + 8;
      std::fill_n(grown->items(), grown->capacity, kEmpty);
      if (component->state)
        std::copy_n(component->state->items(), component->state->capacity, grown->items());
      component->state = grown;
    }
    component->state->items()[slot] = *--sp;
    DISPATCH();
  }
  CASE(Incr) {
    if (is_small_int(sp[-1]) && small_payload(sp[-1]) != kSmallIntMax) {
      sp[-1] = from_small(Tagged::kInt, small_payload(sp[-1]) + 1);
      DISPATCH();
    }
    TRY(add(*this, sp[-1], from_small(Tagged::kInt, 1), sp[-1]));
    DISPATCH();
  }
  CASE(Decr) {
    if (is_small_int(sp[-1]) && small_payload(sp[-1]) != kSmallIntMin) {
      sp[-1] = from_small(Tagged::kInt, small_payload(sp[-1]) - 1);
      DISPATCH();
    }
    TRY(subtract(*this, sp[-1], from_small(Tagged::kInt, 1), sp[-1]));
    DISPATCH();
  }
  CASE(LoadProp) {
    Value v = kNone;
    if (frame->component && is_map(frame->component->props)) {
      const MapEntry* entry = map_find(as_map(frame->component->props), as_text(constants[a]));
      if (entry) v = entry->value;
    }
    *sp++ = v;
    DISPATCH();
  }
  CASE(LoadContext) {
    Value v;
    TRY(load_context(static_cast<std::uint32_t>(a), v));
    *sp++ = v;
    DISPATCH();
  }
  CASE(TeeLocal) {
    base[a] = sp[-1];
    DISPATCH();
  }
  CASE(Dup2) {
    sp[0] = sp[-2];
    sp[1] = sp[-1];
    sp += 2;
    DISPATCH();
  }
  CASE(ArgGiven) {
    *sp++ = from_bool(a < frame->given && !is_empty(base[a]));
    DISPATCH();
  }

  // Arithmetic. Small ints are added as their payloads shifted to the top of a word, so that the
  // processor's own overflow flag tells when the sum leaves 48 bits.
  CASE(AddInt)
  CASE(Add) {
    const Value x = sp[-2], y = sp[-1];
    std::int64_t z;
    if (both_small(x, y) && !__builtin_add_overflow(shifted(x), shifted(y), &z)) {
      *(--sp - 1) = Value{kIntTag | static_cast<std::uint64_t>(z) >> 16};
      DISPATCH();
    }
    if (is_double(x) && is_double(y)) {
      *(--sp - 1) = from_double(as_double(x) + as_double(y));
      DISPATCH();
    }
    BINARY(add);
    DISPATCH();
  }
  CASE(SubInt)
  CASE(Sub) {
    const Value x = sp[-2], y = sp[-1];
    std::int64_t z;
    if (both_small(x, y) && !__builtin_sub_overflow(shifted(x), shifted(y), &z)) {
      *(--sp - 1) = Value{kIntTag | static_cast<std::uint64_t>(z) >> 16};
      DISPATCH();
    }
    if (is_double(x) && is_double(y)) {
      *(--sp - 1) = from_double(as_double(x) - as_double(y));
      DISPATCH();
    }
    BINARY(subtract);
    DISPATCH();
  }
  CASE(MulInt)
  CASE(Mul) {
    const Value x = sp[-2], y = sp[-1];
    std::int64_t z;
    if (both_small(x, y) && !__builtin_mul_overflow(shifted(x), small_payload(y), &z)) {
      *(--sp - 1) = Value{kIntTag | static_cast<std::uint64_t>(z) >> 16};
      DISPATCH();
    }
    if (is_double(x) && is_double(y)) {
      *(--sp - 1) = from_double(as_double(x) * as_double(y));
      DISPATCH();
    }
    BINARY(multiply);
    DISPATCH();
  }
  CASE(Div) {
    const Value x = sp[-2], y = sp[-1];
    if (is_double(x) && is_double(y)) {
      *(--sp - 1) = from_double(as_double(x) / as_double(y));
      DISPATCH();
    }
    BINARY(divide);
    DISPATCH();
  }
  CASE(Mod) {
    const Value x = sp[-2], y = sp[-1];
    if (both_small(x, y) && small_payload(y) > 0) {
      *(--sp - 1) = from_small(Tagged::kInt, small_payload(x) % small_payload(y));
      DISPATCH();
    }
    BINARY(modulo);
    DISPATCH();
  }
  CASE(Neg) {
    TRY(negate(*this, sp[-1], sp[-1]));
    DISPATCH();
  }
  CASE(Pow) {
    BINARY(power);
    DISPATCH();
  }
  CASE(Concat) {
    BINARY(join);
    DISPATCH();
  }
  CASE(Interpolate) {
    Value out;
    TRY(interpolate(sp - a, static_cast<std::uint32_t>(a), out));
    sp -= a;
    *sp++ = out;
    DISPATCH();
  }
  CASE(IntDiv) {
    const Value x = sp[-2], y = sp[-1];
    if (both_small(x, y) && small_payload(y) > 0) {
      *(--sp - 1) = from_small(Tagged::kInt, small_payload(x) / small_payload(y));
      DISPATCH();
    }
    BINARY(int_divide);
    DISPATCH();
  }
  CASE(AddNum) {
    if (is_double(sp[-2]) && is_double(sp[-1])) {
      --sp;
      sp[-1] = from_double(as_double(sp[-1]) + as_double(sp[0]));
      DISPATCH();
    }
    BINARY(add);
    DISPATCH();
  }
  CASE(SubNum) {
    if (is_double(sp[-2]) && is_double(sp[-1])) {
      --sp;
      sp[-1] = from_double(as_double(sp[-1]) - as_double(sp[0]));
      DISPATCH();
    }
    BINARY(subtract);
    DISPATCH();
  }
  CASE(MulNum) {
    if (is_double(sp[-2]) && is_double(sp[-1])) {
      --sp;
      sp[-1] = from_double(as_double(sp[-1]) * as_double(sp[0]));
      DISPATCH();
    }
    BINARY(multiply);
    DISPATCH();
  }

  // Comparison
  CASE(EqInt)
  CASE(Eq) {
    --sp;
    sp[-1] = from_bool(both_small(sp[-1], sp[0]) ? sp[-1].bits == sp[0].bits
                                                 : equal_values(sp[-1], sp[0]));
    DISPATCH();
  }
  CASE(Ne) {
    --sp;
    sp[-1] = from_bool(!equal_values(sp[-1], sp[0]));
    DISPATCH();
  }
  CASE(LtInt)
  CASE(Lt) {
    if (both_small(sp[-2], sp[-1])) {
      --sp;
      sp[-1] = from_bool(shifted(sp[-1]) < shifted(sp[0]));
      DISPATCH();
    }
    Value out;
    TRY(compare(sp[-2], sp[-1], Op::Lt, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(LeInt)
  CASE(Le) {
    if (both_small(sp[-2], sp[-1])) {
      --sp;
      sp[-1] = from_bool(shifted(sp[-1]) <= shifted(sp[0]));
      DISPATCH();
    }
    Value out;
    TRY(compare(sp[-2], sp[-1], Op::Le, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(Gt) {
    Value out;
    TRY(compare(sp[-2], sp[-1], Op::Gt, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(Ge) {
    Value out;
    TRY(compare(sp[-2], sp[-1], Op::Ge, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(In) {
    bool found;
    TRY(contains(sp[-2], sp[-1], found));
    *(--sp - 1) = from_bool(found);
    DISPATCH();
  }
  CASE(NotIn) {
    bool found;
    TRY(contains(sp[-2], sp[-1], found));
    *(--sp - 1) = from_bool(!found);
    DISPATCH();
  }
  CASE(IsType) {
    const Value v = sp[-1];
    const std::string& type = linked_->chunk.constants[a].text;
    // A dynamic `is int` looks at the value alone (L 3.14); is_type() is for checks, which let big
    // ints pass.
    sp[-1] = from_bool(type == "\x02" ? counts_as_int(v) : is_type(v, type, *linked_));
    DISPATCH();
  }
  CASE(IsVariant) {
    const auto& row = linked_->chunk.constants[a];
    const Value v = sp[-1];
    sp[-1] = from_bool(is_kind(v, ObjectKind::kEnum) &&
                       cast<Enum>(v)->variant->view() == linked_->chunk.text(row.items[1]) &&
                       cast<Enum>(v)->type->view() == linked_->chunk.text(row.items[0]));
    DISPATCH();
  }
  CASE(IsNone) {
    sp[-1] = from_bool(is_none(sp[-1]));
    DISPATCH();
  }

  // Conversion
  CASE(Not) {
    sp[-1] = from_bool(!is_truthy(sp[-1]));
    DISPATCH();
  }
  CASE(ToBool) {
    sp[-1] = from_bool(is_truthy(sp[-1]));
    DISPATCH();
  }
  CASE(ToText) {
    if (!is_text(sp[-1])) sp[-1] = make_text(heap_, text_form(sp[-1]));
    DISPATCH();
  }
  CASE(Check) {
    TRY(check_type(sp[-1], static_cast<std::uint32_t>(a)));
    DISPATCH();
  }
  CASE(ToNumber) {
    if (is_int(sp[-1])) sp[-1] = from_double(static_cast<double>(whole(sp[-1])));
    DISPATCH();
  }
  CASE(Assert) {
    if (!is_truthy(*--sp)) {
      SAVE();
      fail(15, "assertion failed: " + std::string(as_text(constants[a])->view()));
      goto failed;
    }
    DISPATCH();
  }

  // Fields, items, members
  CASE(GetField) {
    Value out;
    TRY(get_field(sp[-1], static_cast<std::uint32_t>(a), out));
    sp[-1] = out;
    DISPATCH();
  }
  CASE(SetField) {
    TRY(set_field(sp[-2], static_cast<std::uint32_t>(a), sp[-1]));
    sp -= 2;
    DISPATCH();
  }
  CASE(GetIndex) {
    const Value object = sp[-2], index = sp[-1];
    if (is_list(object) && is_small_int(index)) {
      const ListObject* list = as_list(object);
      const std::int64_t i = small_payload(index);
      if (i >= 0 && static_cast<std::uint64_t>(i) < list->size && !(list->flags & kRangeList)) {
        *(--sp - 1) = list->slots->items()[i];
        DISPATCH();
      }
    }
    Value out;
    TRY(get_index(object, index, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(SetIndex) {
    TRY(set_index(sp[-3], sp[-2], sp[-1]));
    sp -= 3;
    DISPATCH();
  }
  CASE(Slice) {
    Value* operand = sp;
    const Value step = a & 4 ? *--operand : kNone;
    const Value to = a & 2 ? *--operand : kNone;
    const Value from = a & 1 ? *--operand : kNone;
    --operand;
    Value out;
    TRY(slice(*operand, from, to, step, out));
    sp = operand;
    *sp++ = out;
    DISPATCH();
  }
  CASE(CallMethod) {
    SAVE();
    Value out;
    native_base_ = sp - a - 1;
    switch (call_method(native_base_, static_cast<std::uint32_t>(a), b, out)) {
      case Outcome::kValue:
        sp -= a;
        sp[-1] = out;
        DISPATCH();
      case Outcome::kPushed: goto entered;
      case Outcome::kFailed: goto failed;
    }
  }
  CASE(Member) {
    SAVE();
    Value out;
    native_base_ = sp - 1;
    switch (member(sp[-1], static_cast<std::uint32_t>(a), out)) {
      case Outcome::kValue: sp[-1] = out; DISPATCH();
      case Outcome::kPushed: goto entered;
      case Outcome::kFailed: goto failed;
    }
  }
  CASE(MakeVariant) {
    Value out;
    TRY(make_variant(b, sp - a, static_cast<std::uint32_t>(a), out));
    sp -= a;
    *sp++ = out;
    DISPATCH();
  }
  CASE(VariantField) {
    const Value v = sp[-1];
    if (!is_kind(v, ObjectKind::kEnum) || cast<Enum>(v)->size <= static_cast<std::uint64_t>(a)) {
      SAVE();
      wrong_type("a variant with a payload", v);
      goto failed;
    }
    sp[-1] = cast<Enum>(v)->items()[a];
    DISPATCH();
  }
  CASE(DeleteKey) {
    if (!is_map(sp[-2])) {
      SAVE();
      wrong_type("map", sp[-2]);
      goto failed;
    }
    map_remove(heap_, as_map(sp[-2]), sp[-1]);
    sp -= 2;
    DISPATCH();
  }
  CASE(TupleGet) {
    const Value v = sp[-1];
    if (!is_kind(v, ObjectKind::kTuple) || cast<Tuple>(v)->size <= static_cast<std::uint64_t>(a)) {
      SAVE();
      wrong_type("tuple", v);
      goto failed;
    }
    sp[-1] = cast<Tuple>(v)->items()[a];
    DISPATCH();
  }
  CASE(HasKey) {
    const Value v = sp[-1];
    sp[-1] = from_bool(is_map(v) ? map_find(as_map(v), as_text(constants[a])) != nullptr
                                 : is_record(v) && linked_->field_number(
                                                       as_record(v)->type,
                                                       as_text(constants[a])->view()) != kNoField);
    DISPATCH();
  }

  // Collections
  CASE(CreateList) {
    ListObject* list = new_list(heap_, sp - a, static_cast<std::size_t>(a));
    sp -= a;
    *sp++ = from_object(list);
    DISPATCH();
  }
  CASE(CreateMap) {
    Map* map = new_map(heap_, static_cast<std::size_t>(a));
    sp -= 2 * a;
    for (std::int64_t i = 0; i < a; ++i) map_put(heap_, map, sp[2 * i], sp[2 * i + 1]);
    *sp++ = from_object(map);
    DISPATCH();
  }
  CASE(CreateTuple) {
    auto* tuple =
        heap_.make<Tuple>(ObjectKind::kTuple, static_cast<std::size_t>(a) * sizeof(Value));
    tuple->size = static_cast<std::uint64_t>(a);
    sp -= a;
    std::copy_n(sp, a, tuple->items());
    *sp++ = from_object(tuple);
    DISPATCH();
  }
  CASE(MakeRange) {
    Value out;
    TRY(make_range(sp[-2], sp[-1], false, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(MakeRangeEx) {
    Value out;
    TRY(make_range(sp[-2], sp[-1], true, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(Append) {
    list_push(heap_, as_list(sp[-2]), sp[-1]);
    --sp;
    DISPATCH();
  }
  CASE(ListExtend) {
    TRY(extend_list(as_list(sp[-2]), sp[-1]));
    --sp;
    DISPATCH();
  }
  CASE(MapExtend) {
    if (!is_map(sp[-1])) {
      SAVE();
      wrong_type("map", sp[-1]);
      goto failed;
    }
    map_extend(heap_, as_map(sp[-2]), as_map(sp[-1]));
    --sp;
    DISPATCH();
  }
  CASE(Len) {
    TRY(text_op(Op::Len, sp - 1, sp[-1]));
    DISPATCH();
  }
  CASE(Unpack) {
    TRY(unpack(sp[-1], static_cast<std::uint32_t>(a), false, sp - 1));
    sp += a - 1;
    DISPATCH();
  }
  CASE(UnpackRest) {
    TRY(unpack(sp[-1], static_cast<std::uint32_t>(a), true, sp - 1));
    sp += a;
    DISPATCH();
  }
  CASE(MapPut) {
    map_put(heap_, as_map(sp[-3]), sp[-2], sp[-1]);
    sp -= 2;
    DISPATCH();
  }

  // Components and slots
  CASE(CreateComponent) {
    SAVE();
    if (!create_component(static_cast<std::uint32_t>(a))) goto failed;
    goto entered;
  }
  CASE(CloseComponent) { DISPATCH(); }
  CASE(BeginSlot) {
    slots_.push_back({as_text(constants[a]), pc, static_cast<std::uint32_t>(frames_.size() - 1)});
    pc = linked_->chunk.code.data() +
         linked_->skip[static_cast<std::size_t>(pc - linked_->chunk.code.data())];
    DISPATCH();
  }
  CASE(EndSlot) {
    SAVE();
    sp_ = frame->result;
    frames_.pop_back();
    LOAD();
    *sp++ = kTrue;
    DISPATCH();
  }
  CASE(RenderSlot) {
    SAVE();
    if (render_slot(as_text(constants[a])) == Next::kFailed) goto failed;
    goto entered;
  }
  CASE(AddRaw) {
    --sp;
    end_tag();
    if (is_kind(*sp, ObjectKind::kView))
      output_ += cast<View>(*sp)->html->view();
    else
      append_text_form(output_, *sp, *linked_);
    DISPATCH();
  }
  CASE(SetKey) {
    --sp;
    DISPATCH();
  }
  CASE(BindTwoWay) { DISPATCH(); }
  CASE(Modifier) { DISPATCH(); }
  CASE(BeginView) {
    // Its body runs here and now; what it writes is cut off again at EndView.
    end_tag();
    marks_.push_back(output_.size());
    DISPATCH();
  }
  CASE(EndView) {
    end_tag();
    auto* view = heap_.make<View>(ObjectKind::kView);
    view->html = new_text(heap_, std::string_view(output_).substr(marks_.back()));
    output_.resize(marks_.back());
    marks_.pop_back();
    *sp++ = from_object(view);
    DISPATCH();
  }
  CASE(SpreadAttrs) {
    --sp;
    spread_attributes(*sp);
    DISPATCH();
  }
  CASE(StyleScope) {
    if (tag_open_) {
      output_ += " data-flin-scope=\"";
      output_ += as_text(constants[a])->view();
      output_ += '"';
    }
    DISPATCH();
  }
  CASE(BindState) { DISPATCH(); }

  // Views
  CASE(CreateElement) {
    open_element(static_cast<std::uint32_t>(a));
    DISPATCH();
  }
  CASE(CloseElement) {
    close_element(false);
    DISPATCH();
  }
  CASE(SetAttribute) {
    --sp;
    write_attribute(as_text(constants[a])->view(), *sp);
    DISPATCH();
  }
  CASE(BindText) {
    --sp;
    end_tag();
    write_text(*sp);
    DISPATCH();
  }
  CASE(BindAttr) {
    --sp;
    write_attribute(as_text(constants[a])->view(), *sp);
    DISPATCH();
  }
  CASE(CreateHandler) {
    pc = linked_->chunk.code.data() +
         linked_->skip[static_cast<std::size_t>(pc - linked_->chunk.code.data())];
    DISPATCH();
  }
  CASE(EndHandler) {
    SAVE();
    FLIN_ASSERT(frame->flags & kHandlerFrame, "EndHandler is reached in a handler only");
    frames_.clear();
    tries_.clear();
    result_ = kNone;
    return RunState::kDone;
  }
  CASE(BindHandler) { DISPATCH(); }
  CASE(TriggerUpdate) { DISPATCH(); }
  CASE(StartIf) {
    if (!is_truthy(*--sp)) pc += a;
    DISPATCH();
  }
  CASE(EndIf) { DISPATCH(); }
  CASE(StartFor) {
    TRY(start_for(sp[-1], pc + a, sp[-1]));
    DISPATCH();
  }
  CASE(NextFor) {
    auto* iterator = cast<Iterator>(sp[-1]);
    if (iterator->position >= iterator->size) {
      pc = iterator->end;
    } else {
      next_for(iterator, base + a);
    }
    DISPATCH();
  }
  CASE(EndFor) {
    --sp;
    DISPATCH();
  }
  CASE(AddText) {
    end_tag();
    output_ += as_text(constants[a])->view();
    DISPATCH();
  }
  CASE(SelfClose) {
    close_element(true);
    DISPATCH();
  }

// Text
#define TEXT_OP(Name, arguments)                   \
  CASE(Name) {                                     \
    Value out;                                     \
    TRY(text_op(Op::Name, sp - (arguments), out)); \
    sp -= (arguments)-1;                           \
    sp[-1] = out;                                  \
    DISPATCH();                                    \
  }
  TEXT_OP(TextLen, 1)
  TEXT_OP(TextUpper, 1)
  TEXT_OP(TextLower, 1)
  TEXT_OP(TextTrim, 1)
  TEXT_OP(TextContains, 2)
  TEXT_OP(TextStartsWith, 2)
  TEXT_OP(TextEndsWith, 2)
  TEXT_OP(TextSplit, 2)
  CASE(TextSlice) {
    Value out;
    TRY(slice(sp[-3], sp[-2], sp[-1], kNone, out));
    sp -= 2;
    sp[-1] = out;
    DISPATCH();
  }
  TEXT_OP(TextReplace, 3)
  TEXT_OP(TextJoin, 2)

  // Time, duration, money
  CASE(TimeWord) {
    *sp++ = time_word(static_cast<std::uint32_t>(a));
    DISPATCH();
  }
  CASE(MakeDuration) {
    TRY(make_duration(sp[-1], static_cast<std::uint32_t>(a), sp[-1]));
    DISPATCH();
  }
  CASE(MakeMoney) {
    TRY(make_money_of(sp[-1], as_text(constants[a])->view(), sp[-1]));
    DISPATCH();
  }

  // Functions
  CASE(Closure) {
    SAVE();
    const Value closure = make_closure(static_cast<std::uint32_t>(linked_->chunk.constants[a].i));
    *sp++ = closure;
    DISPATCH();
  }
  CASE(CloseUpvalue) {
    if (open_cells_) close_cells(base + a, base + linked_->functions[frame->function].locals);
    DISPATCH();
  }
  CASE(Call) {
    SAVE();
    const auto row = static_cast<std::uint32_t>(linked_->chunk.constants[b].i);
    if (!push_frame(row, linked_->functions[row].closure, frame->component, sp - a,
                    static_cast<std::uint32_t>(a), sp - a))
      goto failed;
    LOAD();
    CHARGE(linked_->functions[row].cost);
    DISPATCH();
  }
  CASE(CallValue) {
    SAVE();
    if (!call_value(sp - a - 1, static_cast<std::uint32_t>(a))) goto failed;
    LOAD();
    CHARGE(4);
    DISPATCH();
  }
  CASE(CallNative) {
    SAVE();
    const std::uint32_t count = static_cast<std::uint32_t>(a) >> 24;
    Value out = kNone;
    native_base_ = sp - count;
    switch (linked_->natives[a & 0xFFFFFF].run(*this, sp - count, count, out)) {
      case Outcome::kValue:
        sp -= count;
        *sp++ = out;
        CHARGE(4);
        DISPATCH();
      case Outcome::kPushed: goto entered;
      case Outcome::kFailed: goto failed;
    }
  }
  CASE(CallNamed) {
    SAVE();
    if (!call_named(sp - a - 1, static_cast<std::uint32_t>(a), b)) goto failed;
    LOAD();
    CHARGE(8);
    DISPATCH();
  }
  CASE(CallSpread) {
    SAVE();
    if (!call_spread(sp - 2)) goto failed;
    LOAD();
    CHARGE(8);
    DISPATCH();
  }
#define HOF(Name)                          \
  CASE(Name) {                             \
    SAVE();                                \
    if (!begin_hof(Op::Name)) goto failed; \
    goto hof;                              \
  }
  HOF(HofMap)
  HOF(HofFilter)
  HOF(HofReduce)
  HOF(HofFind)
  HOF(HofSort)
  HOF(HofEach)
  HOF(HofAny)
  HOF(HofAll)

  // Output and numbers
  CASE(Print) {
    SAVE();
    print(sp - a, static_cast<std::uint32_t>(a));
    sp -= a;
    DISPATCH();
  }
#define NUMBER_OP(Name)                       \
  CASE(Name) {                                \
    TRY(number_op(Op::Name, sp - 1, sp[-1])); \
    DISPATCH();                               \
  }
  NUMBER_OP(Abs)
  NUMBER_OP(Floor)
  NUMBER_OP(Ceil)
  NUMBER_OP(Round)
  NUMBER_OP(Sqrt)
  CASE(PowNum) {
    Value out;
    TRY(number_op(Op::PowNum, sp - 2, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(Min) {
    Value out;
    TRY(min_max(sp[-2], sp[-1], false, out));
    *(--sp - 1) = out;
    DISPATCH();
  }
  CASE(Max) {
    Value out;
    TRY(min_max(sp[-2], sp[-1], true, out));
    *(--sp - 1) = out;
    DISPATCH();
  }

  // Plugins
  CASE(Ext) {
    SAVE();
    bool suspended = false, pushed = false;
    if (!run_ext(static_cast<std::uint32_t>(a), suspended, pushed)) goto failed;
    if (suspended) return RunState::kSuspended;
    LOAD();
    CHARGE(8);
    DISPATCH();
  }
  CASE(Break) { DISPATCH(); }

// A native or component pushed frames: whoever is on top goes on.
entered:
  if (!is_empty(error_)) goto failed;
  if (frames_.back().kind != FrameKind::kCode) {
    switch (step_hof(false, kNone)) {
      case Next::kContinue: break;
      case Next::kDone: return RunState::kDone;
      case Next::kSuspended: return RunState::kSuspended;
      case Next::kFailed: goto failed_below;
    }
  }
  LOAD();
  CHARGE(4);
  DISPATCH();

hof:
  switch (step_hof(false, kNone)) {
    case Next::kContinue: break;
    case Next::kDone: return RunState::kDone;
    case Next::kSuspended: return RunState::kSuspended;
    case Next::kFailed: goto failed_below;
  }
  LOAD();
  CHARGE(4);
  DISPATCH();

charge:
  SAVE();
  heap_.safe_point();
  if (heap_.is_over_limit()) {
    fail(3, "memory limit reached");
    goto failed;
  }
  if (fuel <= 0) goto yielded;
  DISPATCH();

yielded:
  SAVE();
  return RunState::kYielded;

failed:
failed_below:
  if (!unwind()) return RunState::kFailed;
  LOAD();
  DISPATCH();
}

}  // namespace flin::runtime
