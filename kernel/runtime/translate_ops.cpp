// Arithmetic, comparisons, variables and items: which cell an instruction becomes, by what is known
// of its operands.
#include "runtime/translator.h"

namespace flin::runtime {

namespace {

using bytecode::Op;

bool fits16(std::int64_t i) { return i >= INT16_MIN && i <= INT16_MAX; }
bool fits32(std::int64_t i) { return i >= INT32_MIN && i <= INT32_MAX; }

struct Family {
  CellOp ints, nums, any;
};
Family family_of(Op op) {
  switch (op) {
    case Op::AddInt:
    case Op::AddNum:
    case Op::Add: return {CellOp::AddInt, CellOp::AddNum, CellOp::AddAny};
    case Op::SubInt:
    case Op::SubNum:
    case Op::Sub: return {CellOp::SubInt, CellOp::SubNum, CellOp::SubAny};
    case Op::MulInt:
    case Op::MulNum:
    case Op::Mul: return {CellOp::MulInt, CellOp::MulNum, CellOp::MulAny};
    case Op::Div: return {CellOp::DivNum, CellOp::DivNum, CellOp::DivAny};
    default: return {CellOp::ModInt, CellOp::ModNum, CellOp::ModAny};
  }
}

}  // namespace

// An instruction that works on `pops` boxed values in a row and leaves `pushes` in their place.
void Translator::plain(CellOp op, const Instruction& i, std::uint32_t pops, std::uint32_t pushes) {
  const std::uint32_t base = depth() - pops;
  canonical_from(base);
  const auto& row = bytecode::kOpcodes[static_cast<std::uint8_t>(i.op)];
  const std::uint32_t a = ref_temp(base);
  for (std::uint32_t n = 0; n < std::max(pops, pushes); ++n) ref_temp(base + n);
  if (row.second != bytecode::kNoOperand)
    emit(op, a, static_cast<std::uint32_t>(i.first), i.second);
  else
    emit(op, a, 0, i.first);
  drop(pops);
  for (std::uint32_t n = 0; n < pushes; ++n) push_temp();
}

bool Translator::constant_int(const Entry& e, std::int64_t& out) const {
  out = e.i;
  return e.what == Entry::kInt;
}

// Both operands unboxed as `kind`, the result too.
void Translator::numeric(CellOp op, Kind kind) {
  const std::uint32_t at = depth() - 2;
  std::int64_t k;
  if (kind == Kind::kInt && constant_int(top(), k) && fits32(k) && k != INT32_MIN) {
    const CellOp with_number = op == CellOp::AddInt || op == CellOp::SubInt ? CellOp::AddIntK
                               : op == CellOp::MulInt                       ? CellOp::MulIntK
                               : op == CellOp::ModInt && k > 0              ? CellOp::ModIntK
                                                                            : CellOp::kCount;
    if (with_number != CellOp::kCount) {
      const std::uint32_t left = raw(at, kind);
      drop(2);
      if (with_number == CellOp::ModIntK) {
        const auto by = static_cast<std::uint64_t>(k);
        const auto row = static_cast<std::int64_t>(program_.divisors.size());
        program_.divisors.push_back({~std::uint64_t{0} / by + 1, k});
        return push_result(with_number, kind, left, row);
      }
      return push_result(with_number, kind, left, op == CellOp::SubInt ? -k : k);
    }
  }
  const std::uint32_t left = raw(at, kind), right = raw(at + 1, kind);
  drop(2);
  push_result(op, kind, left, right, 0);
}

bool Translator::arithmetic(Op op) {
  const Family cells = family_of(op);
  const Kind left = kind_of(top(1)), right = kind_of(top());
  const bool for_ints = op == Op::AddInt || op == Op::SubInt || op == Op::MulInt;
  const bool for_nums = op == Op::AddNum || op == Op::SubNum || op == Op::MulNum;
  const bool are_ints = left == Kind::kInt && right == Kind::kInt;
  const auto is_numeric = [](Kind k) { return k == Kind::kInt || k == Kind::kNumber; };
  if (op != Op::Div && (for_ints || (are_ints && !for_nums))) {
    numeric(cells.ints, Kind::kInt);
    return true;
  }
  if (for_nums || (is_numeric(left) && is_numeric(right))) {
    numeric(cells.nums, Kind::kNumber);
    return true;
  }
  const std::uint32_t at = depth() - 2;
  settle(at + 1);
  const std::uint32_t x = boxed(at), y = boxed(at + 1);
  drop(2);
  push_result(cells.any, Kind::kAny, x, y);
  return true;
}

void Translator::compare_ints(Op op) {
  const std::uint32_t at = depth() - 2;
  const bool swaps = op == Op::Gt || op == Op::Ge;
  Entry e;
  e.what = Entry::kCompare;
  e.kind = Kind::kBool;
  std::int64_t k;
  e.left = raw(at, Kind::kInt);
  if (constant_int(top(), k) && fits16(k)) {
    e.right_is_number = true;
    e.number = k;
  } else {
    e.right = raw(at + 1, Kind::kInt);
    if (swaps) std::swap(e.left, e.right);
  }
  switch (op) {
    case Op::Eq:
    case Op::EqInt: e.compare = CellOp::EqInt; break;
    case Op::Ne: e.compare = CellOp::NeInt; break;
    case Op::Lt:
    case Op::LtInt: e.compare = CellOp::LtInt; break;
    case Op::Le:
    case Op::LeInt: e.compare = CellOp::LeInt; break;
    case Op::Gt:
      e.compare = e.right_is_number ? CellOp::LeInt : CellOp::LtInt;
      e.negated = e.right_is_number;  // a > k is not a <= k
      break;
    default:
      e.compare = e.right_is_number ? CellOp::LtInt : CellOp::LeInt;
      e.negated = e.right_is_number;
      break;
  }
  drop(2);
  push(e);
}

void Translator::compare_nums(Op op) {
  const std::uint32_t at = depth() - 2;
  Entry e;
  e.what = Entry::kCompare;
  e.kind = Kind::kBool;
  e.left = raw(at, Kind::kNumber);
  e.right = raw(at + 1, Kind::kNumber);
  switch (op) {
    case Op::Eq: e.compare = CellOp::EqNum; break;
    case Op::Ne: e.compare = CellOp::NeNum; break;
    case Op::Gt: std::swap(e.left, e.right); [[fallthrough]];
    case Op::Lt: e.compare = CellOp::LtNum; break;
    case Op::Ge: std::swap(e.left, e.right); [[fallthrough]];
    default: e.compare = CellOp::LeNum; break;
  }
  drop(2);
  push(e);
}

void Translator::comparison(Op op) {
  settle(depth() - 1);
  const Kind left = kind_of(top(1)), right = kind_of(top());
  const bool for_ints = op == Op::LtInt || op == Op::LeInt || op == Op::EqInt;
  const bool are_ints = left == Kind::kInt && right == Kind::kInt;
  const auto is_exact = [](const Entry& e, Kind k) {
    return k == Kind::kNumber || (e.what == Entry::kInt && fits32(e.i));
  };
  if (for_ints || are_ints) {
    compare_ints(op);
  } else if (is_exact(top(1), left) && is_exact(top(), right)) {
    compare_nums(op);
  } else {
    const std::uint32_t at = depth() - 2;
    const std::uint32_t x = boxed(at), y = boxed(at + 1);
    drop(2);
    const CellOp cell = op == Op::Eq   ? CellOp::EqAny
                        : op == Op::Ne ? CellOp::NeAny
                        : op == Op::Lt ? CellOp::LtAny
                        : op == Op::Le ? CellOp::LeAny
                        : op == Op::Gt ? CellOp::GtAny
                                       : CellOp::GeAny;
    return push_result(cell, Kind::kBool, x, y);
  }
  // The comparison waits for the jump behind it, if there is one.
  if (next_offset_ >= function_.code_size || is_label_[next_offset_]) return settle(depth() - 1);
  const auto next = static_cast<Op>(bytes_[next_offset_]);
  const bool waits =
      next == Op::JumpIfFalse || next == Op::JumpIfTrue || next == Op::StartIf || next == Op::Not;
  if (!waits) settle(depth() - 1);
}

void Translator::negate_truth() {
  Entry& e = top();
  const std::uint32_t at = depth() - 1;
  if (e.what == Entry::kCompare) {
    e.negated = !e.negated;
    const auto next = next_offset_ < function_.code_size && !is_label_[next_offset_]
                          ? static_cast<Op>(bytes_[next_offset_])
                          : Op::Nop;
    const bool waits =
        next == Op::JumpIfFalse || next == Op::JumpIfTrue || next == Op::StartIf || next == Op::Not;
    if (!waits) settle(at);
    return;
  }
  const Kind kind = kind_of(e);
  if (kind == Kind::kBool || kind == Kind::kInt) {
    const std::uint32_t reg = raw(at, kind);
    drop();
    return push_result(CellOp::NotBool, Kind::kBool, reg);
  }
  if (kind == Kind::kNumber) {
    const std::uint32_t reg = raw(at, kind);
    drop();
    push_result(CellOp::TruthNum, Kind::kBool, reg);
  } else {
    const std::uint32_t reg = boxed(at);
    drop();
    push_result(CellOp::Truthy, Kind::kBool, reg);
  }
  const std::uint32_t reg = top().reg;
  drop();
  push_result(CellOp::NotBool, Kind::kBool, reg);
}

void Translator::load_local(std::uint32_t slot) {
  const Code::Place& place = code_.slots[slot];
  if (place.is_cell) return push_result(CellOp::LoadCell, Kind::kAny, place.reg);
  Entry e;
  e.what = Entry::kLocal;
  e.kind = place.kind;
  e.reg = place.reg;
  push(e);
}

void Translator::store_local(std::uint32_t slot, bool keeps) {
  const Code::Place& place = code_.slots[slot];
  const std::uint32_t at = depth() - 1;
  settle(at);
  if (keeps) stack_[at].maker = kNowhere;  // the entry stays where it is
  if (place.is_cell) {
    emit(CellOp::StoreCell, place.reg, boxed(at));
    if (!keeps) drop();
    return;
  }
  // Others that stand for the variable as it was take their value first.
  for (std::uint32_t d = 0; d < at; ++d)
    if (stack_[d].what == Entry::kLocal && stack_[d].reg == place.reg) canonical(d);
  const bool is_itself = stack_[at].what == Entry::kLocal && stack_[at].reg == place.reg;
  const Entry kept = stack_[at];
  if (!is_itself) move_to(at, place.kind, place.reg);
  if (!keeps) return drop();
  stack_[at] = kept;
  stack_[at].maker = kNowhere;
}

void Translator::get_index() {
  const std::uint32_t at = depth() - 2;
  settle(at + 1);
  if (kind_of(top()) == Kind::kInt) {
    const std::uint32_t object = boxed(at), index = raw(at + 1, Kind::kInt);
    drop(2);
    return push_result(CellOp::GetItem, Kind::kAny, object, index);
  }
  const std::uint32_t object = boxed(at), index = boxed(at + 1);
  drop(2);
  push_result(CellOp::GetItemAny, Kind::kAny, object, index);
}

void Translator::set_index() {
  const std::uint32_t at = depth() - 3;
  settle(at + 2);
  const bool by_int = kind_of(top(1)) == Kind::kInt;
  const std::uint32_t object = boxed(at);
  const std::uint32_t index = by_int ? raw(at + 1, Kind::kInt) : boxed(at + 1);
  const std::uint32_t value = boxed(at + 2);
  emit(by_int ? CellOp::SetItem : CellOp::SetItemAny, object, index, value);
  drop(3);
}

}  // namespace flin::runtime
