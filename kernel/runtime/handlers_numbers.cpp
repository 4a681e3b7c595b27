// Handlers: moves, constants, boxing, arithmetic and comparison.
#include "runtime/arithmetic.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/engine.h"

#include <cmath>

namespace flin::runtime {

namespace {

using bytecode::Op;

Value bits(std::int64_t i) { return {static_cast<std::uint64_t>(i)}; }
Value bits(double d) { return {std::bit_cast<std::uint64_t>(d)}; }
Value bits(bool b) { return {static_cast<std::uint64_t>(b)}; }
std::int64_t i64(Value v) { return static_cast<std::int64_t>(v.bits); }
bool both_small(Value a, Value b) { return is_small_int(a) && is_small_int(b); }
std::int64_t shifted(Value v) { return static_cast<std::int64_t>(v.bits << 16); }

[[gnu::noinline]] bool overflow(Machine& m) { return m.fail_false(10, "integer overflow"); }
[[gnu::noinline]] bool zero_division(Machine& m) { return m.fail_false(9, "division by zero"); }

// Slow ways of operators on values of any kind; the result goes to `to`.
using Binary = bool (*)(Machine&, Value, Value, Value&);
template <Binary function>
[[gnu::noinline]] bool slow(Machine& m, Value a, Value b, Value* to) {
  return m.may_allocate() && function(m, a, b, *to);
}
template <Op op>
[[gnu::noinline]] bool slow_compare(Machine& m, Value a, Value b, Value* to) {
  Value out;
  if (!m.compare(a, b, op, out)) return false;
  *to = bits(out.bits == kTrue.bits);
  return true;
}

[[gnu::noinline]] bool unbox_int(Machine& m, Value v, Value* to) {
  if (is_int(v)) return *to = bits(whole(v)), true;
  if (counts_as_int(v)) return *to = bits(static_cast<std::int64_t>(to_double(v))), true;
  m.wrong_type("int", v);
  return false;
}
[[gnu::noinline]] bool unbox_num(Machine& m, Value v, Value* to) {
  if (is_numeric(v)) return *to = bits(to_double(v)), true;
  m.wrong_type("number", v);
  return false;
}
[[gnu::noinline]] bool no_bool(Machine& m, Value v) {
  m.wrong_type("bool", v);
  return false;
}

}  // namespace

bool unbox(Machine& m, Value v, bytecode::SlotKind kind, Value* to) {
  switch (kind) {
    case bytecode::SlotKind::kAny: *to = v; return true;
    case bytecode::SlotKind::kInt:
      if (!is_small_int(v)) return unbox_int(m, v, to);
      *to = bits(small_payload(v));
      return true;
    case bytecode::SlotKind::kNumber: return unbox_num(m, v, to);
    case bytecode::SlotKind::kBool: break;
  }
  if (!is_bool(v)) return no_bool(m, v);
  *to = bits(v.bits == kTrue.bits);
  return true;
}

#define A (r[ip->a])
#define B (r[ip->b])
#define C (r[ip->c()])
#define SIMPLE(name, expression)     \
  RunState Engine::name(FLIN_CELL) { \
    A = (expression);                \
    FLIN_NEXT;                       \
  }

SIMPLE(Move, B)
SIMPLE(LoadInt, bits(std::int64_t{ip->imm()}))
SIMPLE(LoadWideInt, bits(m->linked_->chunk.constants[ip->x].i))
SIMPLE(LoadNum, bits(m->linked_->chunk.constants[ip->x].n))
SIMPLE(LoadWholeNum, bits(static_cast<double>(ip->imm())))
SIMPLE(LoadBoxed, (Value{std::uint64_t{ip->b} << 48 |
                         (static_cast<std::uint64_t>(std::int64_t{ip->imm()}) & kPayload)}))
SIMPLE(LoadConst, m->constants_[ip->x])
SIMPLE(LoadEmptyText, m->linked_->empty_text)
SIMPLE(BoxInt, make_int(m->heap_, i64(B)))
SIMPLE(BoxNum, from_double(as_double(B)))
SIMPLE(BoxBool, from_bool(B.bits != 0))

RunState Engine::UnboxInt(FLIN_CELL) {
  const Value v = B;
  if (is_small_int(v)) [[likely]] {
    A = bits(small_payload(v));
    FLIN_NEXT;
  }
  FLIN_TRY(unbox_int(*m, v, &A));
  FLIN_NEXT;
}
RunState Engine::UnboxNum(FLIN_CELL) {
  const Value v = B;
  if (is_double(v)) [[likely]] {
    A = v;
    FLIN_NEXT;
  }
  FLIN_TRY(unbox_num(*m, v, &A));
  FLIN_NEXT;
}
RunState Engine::UnboxBool(FLIN_CELL) {
  const Value v = B;
  if (is_bool(v)) [[likely]] {
    A = bits(v.bits == kTrue.bits);
    FLIN_NEXT;
  }
  FLIN_TRY(no_bool(*m, v));
  FLIN_NEXT;
}

// ---- Ints ----

#define INT_OP(name, builtin, right)            \
  RunState Engine::name(FLIN_CELL) {            \
    const std::int64_t x = i64(B), y = (right); \
    std::int64_t z;                             \
    if (builtin(x, y, &z)) [[unlikely]]         \
      FLIN_TRY(overflow(*m));                   \
    A = bits(z);                                \
    FLIN_NEXT;                                  \
  }
INT_OP(AddInt, __builtin_add_overflow, i64(C))
INT_OP(SubInt, __builtin_sub_overflow, i64(C))
INT_OP(MulInt, __builtin_mul_overflow, i64(C))
INT_OP(AddIntK, __builtin_add_overflow, std::int64_t{ip->imm()})
INT_OP(MulIntK, __builtin_mul_overflow, std::int64_t{ip->imm()})

namespace {

// 32-bit division costs a fraction of 64-bit division.
inline bool is_short(std::int64_t x, std::int64_t y) {
  return (static_cast<std::uint64_t>(x | y) >> 32) == 0;
}
inline std::int64_t remainder_of(std::int64_t x, std::int64_t y) {
  if (is_short(x, y)) return static_cast<std::uint32_t>(x) % static_cast<std::uint32_t>(y);
  return y == -1 ? 0 : x % y;
}
inline std::int64_t quotient_of(std::int64_t x, std::int64_t y) {
  if (is_short(x, y)) return static_cast<std::uint32_t>(x) / static_cast<std::uint32_t>(y);
  return x / y;
}

}  // namespace

RunState Engine::ModInt(FLIN_CELL) {
  const std::int64_t x = i64(B), y = i64(C);
  if (y == 0) [[unlikely]]
    FLIN_TRY(zero_division(*m));
  A = bits(remainder_of(x, y));
  FLIN_NEXT;
}
RunState Engine::ModIntK(FLIN_CELL) {
  const std::int64_t x = i64(B);
  const Program::Linked::Divisor& divisor = m->divisors_[ip->x];
  if (static_cast<std::uint64_t>(x) >> 32 == 0) {
    const std::uint64_t low = divisor.inverse * static_cast<std::uint64_t>(x);
    const auto by = static_cast<std::uint64_t>(divisor.by);
    __extension__ using Wide = unsigned __int128;
    A = {static_cast<std::uint64_t>(Wide{low} * by >> 64)};
    FLIN_NEXT;
  }
  A = bits(x % divisor.by);
  FLIN_NEXT;
}
RunState Engine::DivInt(FLIN_CELL) {
  const std::int64_t x = i64(B), y = i64(C);
  if (y == 0) [[unlikely]]
    FLIN_TRY(zero_division(*m));
  if (y == -1 && x == INT64_MIN) [[unlikely]]
    FLIN_TRY(overflow(*m));
  A = bits(quotient_of(x, y));
  FLIN_NEXT;
}
RunState Engine::NegInt(FLIN_CELL) {
  const std::int64_t x = i64(B);
  if (x == INT64_MIN) [[unlikely]]
    FLIN_TRY(overflow(*m));
  A = bits(-x);
  FLIN_NEXT;
}
SIMPLE(IntToNum, bits(static_cast<double>(i64(B))))
SIMPLE(LtInt, bits(i64(B) < i64(C)))
SIMPLE(LeInt, bits(i64(B) <= i64(C)))
SIMPLE(EqInt, bits(i64(B) == i64(C)))
SIMPLE(NeInt, bits(i64(B) != i64(C)))

// ---- Numbers and bools ----

SIMPLE(AddNum, bits(as_double(B) + as_double(C)))
SIMPLE(SubNum, bits(as_double(B) - as_double(C)))
SIMPLE(MulNum, bits(as_double(B) * as_double(C)))
SIMPLE(DivNum, bits(as_double(B) / as_double(C)))
SIMPLE(ModNum, bits(std::fmod(as_double(B), as_double(C))))
SIMPLE(NegNum, bits(-as_double(B)))
SIMPLE(SqrtNum, bits(std::sqrt(as_double(B))))
SIMPLE(LtNum, bits(as_double(B) < as_double(C)))
SIMPLE(LeNum, bits(as_double(B) <= as_double(C)))
SIMPLE(EqNum, bits(as_double(B) == as_double(C)))
SIMPLE(NeNum, bits(as_double(B) != as_double(C)))
SIMPLE(NotBool, bits(B.bits == 0))
SIMPLE(TruthNum, bits(as_double(B) != 0 && as_double(B) == as_double(B)))

// ---- Values of any kind ----

SIMPLE(Truthy, bits(is_truthy(B)))
SIMPLE(IsNone, bits(is_none(B)))
SIMPLE(EqAny, bits(both_small(B, C) ? B.bits == C.bits : equal_values(B, C)))
SIMPLE(NeAny, bits(!(both_small(B, C) ? B.bits == C.bits : equal_values(B, C))))

#define COMPARE(name, operation)                     \
  RunState Engine::name##Any(FLIN_CELL) {            \
    const Value x = B, y = C;                        \
    if (both_small(x, y)) {                          \
      A = bits(shifted(x) operation shifted(y));     \
      FLIN_NEXT;                                     \
    }                                                \
    if (is_double(x) && is_double(y)) {              \
      A = bits(as_double(x) operation as_double(y)); \
      FLIN_NEXT;                                     \
    }                                                \
    FLIN_TRY(slow_compare<Op::name>(*m, x, y, &A));  \
    FLIN_NEXT;                                       \
  }
COMPARE(Lt, <)
COMPARE(Le, <=)
COMPARE(Gt, >)
COMPARE(Ge, >=)

// Small ints are added as their payloads shifted to the top of a word, so that the processor's own
// overflow flag tells when the sum leaves 48 bits.
#define ARITHMETIC(name, builtin, right, operation, function)                  \
  RunState Engine::name(FLIN_CELL) {                                           \
    const Value x = B, y = C;                                                  \
    std::int64_t z;                                                            \
    if (both_small(x, y) && !builtin(shifted(x), (right)(y), &z)) {            \
      A = Value{tag_bits(Tagged::kInt) | static_cast<std::uint64_t>(z) >> 16}; \
      FLIN_NEXT;                                                               \
    }                                                                          \
    if (is_double(x) && is_double(y)) {                                        \
      A = from_double(as_double(x) operation as_double(y));                    \
      FLIN_NEXT;                                                               \
    }                                                                          \
    FLIN_TRY(slow<function>(*m, x, y, &A));                                    \
    FLIN_NEXT;                                                                 \
  }
RunState Engine::DivAny(FLIN_CELL) {
  const Value x = B, y = C;
  if (is_double(x) && is_double(y)) {
    A = from_double(as_double(x) / as_double(y));
    FLIN_NEXT;
  }
  FLIN_TRY(slow<divide>(*m, x, y, &A));
  FLIN_NEXT;
}
RunState Engine::ModAny(FLIN_CELL) {
  const Value x = B, y = C;
  if (both_small(x, y) && small_payload(y) > 0) {
    A = from_small(Tagged::kInt, remainder_of(small_payload(x), small_payload(y)));
    FLIN_NEXT;
  }
  FLIN_TRY(slow<modulo>(*m, x, y, &A));
  FLIN_NEXT;
}
ARITHMETIC(AddAny, __builtin_add_overflow, shifted, +, add)
ARITHMETIC(SubAny, __builtin_sub_overflow, shifted, -, subtract)
ARITHMETIC(MulAny, __builtin_mul_overflow, small_payload, *, multiply)

}  // namespace flin::runtime
