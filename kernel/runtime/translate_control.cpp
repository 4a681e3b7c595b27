// Jumps, loops and calls. A loop is tested at its bottom: the cells of its condition are copied
// behind its body, with the jump turned round.
#include "runtime/translator.h"

namespace flin::runtime {

using bytecode::Op;

namespace {

constexpr std::size_t kLongestCondition = 8;  // cells that are copied to a loop's bottom

// The branch on the opposite condition; kCount: the cell is no branch.
CellOp opposite(CellOp op) {
  switch (op) {
    case CellOp::IfTrue: return CellOp::IfFalse;
    case CellOp::IfFalse: return CellOp::IfTrue;
    case CellOp::IfTruthy: return CellOp::IfFalsy;
    case CellOp::IfFalsy: return CellOp::IfTruthy;
    case CellOp::IfNone: return CellOp::IfSome;
    case CellOp::IfSome: return CellOp::IfNone;
    case CellOp::IfEqInt: return CellOp::IfNeInt;
    case CellOp::IfNeInt: return CellOp::IfEqInt;
    case CellOp::IfLtIntK: return CellOp::IfGeIntK;
    case CellOp::IfGeIntK: return CellOp::IfLtIntK;
    case CellOp::IfLeIntK: return CellOp::IfGtIntK;
    case CellOp::IfGtIntK: return CellOp::IfLeIntK;
    case CellOp::IfEqIntK: return CellOp::IfNeIntK;
    case CellOp::IfNeIntK: return CellOp::IfEqIntK;
    case CellOp::IfLtNum: return CellOp::IfNotLtNum;
    case CellOp::IfNotLtNum: return CellOp::IfLtNum;
    case CellOp::IfLeNum: return CellOp::IfNotLeNum;
    case CellOp::IfNotLeNum: return CellOp::IfLeNum;
    case CellOp::IfEqNum: return CellOp::IfNeNum;
    case CellOp::IfNeNum: return CellOp::IfEqNum;
    default: return CellOp::kCount;
  }
}
CellOp backward(CellOp op) { return static_cast<CellOp>(static_cast<std::uint16_t>(op) + 1); }
bool is_branch(CellOp op) { return op >= CellOp::Jump && op <= CellOp::IfNeNumBack; }

// The branch taken if the comparison `e` gives `when`. Two ints swap sides instead of `not`.
struct Fused {
  CellOp op;
  bool swaps = false;
};
Fused fuse(CellOp compare, bool with_number, bool when) {
  switch (compare) {
    case CellOp::EqInt:
      if (with_number) return {when ? CellOp::IfEqIntK : CellOp::IfNeIntK};
      return {when ? CellOp::IfEqInt : CellOp::IfNeInt};
    case CellOp::NeInt: return fuse(CellOp::EqInt, with_number, !when);
    case CellOp::LtInt:
      if (with_number) return {when ? CellOp::IfLtIntK : CellOp::IfGeIntK};
      return when ? Fused{CellOp::IfLtInt} : Fused{CellOp::IfLeInt, true};
    case CellOp::LeInt:
      if (with_number) return {when ? CellOp::IfLeIntK : CellOp::IfGtIntK};
      return when ? Fused{CellOp::IfLeInt} : Fused{CellOp::IfLtInt, true};
    case CellOp::LtNum: return {when ? CellOp::IfLtNum : CellOp::IfNotLtNum};
    case CellOp::LeNum: return {when ? CellOp::IfLeNum : CellOp::IfNotLeNum};
    case CellOp::EqNum: return {when ? CellOp::IfEqNum : CellOp::IfNeNum};
    default: return {when ? CellOp::IfNeNum : CellOp::IfEqNum};
  }
}

}  // namespace

// Whoever jumps there leaves this stack.
void Translator::note_target(std::int64_t target) {
  const auto at = static_cast<std::size_t>(target);
  if (label_known_[at]) return;
  label_known_[at] = true;
  label_stacks_[at] = stack_;
}

void Translator::jump_to(std::int64_t target) {
  canonical_all();
  note_target(target);
  emit(CellOp::Jump, 0, 0, target);
  reachable_ = false;
}

// Pops a condition; jumps if its truth is `when`.
void Translator::branch(bool when, std::int64_t target) {
  const std::uint32_t at = depth() - 1;
  Entry e = top();
  CellOp op = when ? CellOp::IfTruthy : CellOp::IfFalsy;
  std::uint32_t a = 0, b = 0;
  if (e.what == Entry::kCompare) {
    const Fused fused = fuse(e.compare, e.right_is_number, when != e.negated);
    op = fused.op;
    a = fused.swaps ? e.right : e.left;
    b = fused.swaps ? e.left : e.right;
    if (e.right_is_number) b = static_cast<std::uint32_t>(e.number) & 0xFFFF;
  } else {
    const Kind kind = kind_of(e);
    if (kind == Kind::kAny) {
      a = boxed(at);
    } else {
      a = raw(at, kind);
      if (kind == Kind::kNumber) {
        emit(CellOp::TruthNum, raw_temp(at), a);
        a = raw_temp(at);
      }
      op = when ? CellOp::IfTrue : CellOp::IfFalse;
    }
  }
  drop();
  canonical_all();
  note_target(target);
  emit(op, a, b, target);
}

// `and`, `or`, `??`: the value stays where it is when it jumps.
void Translator::keeping_jump(CellOp op, std::int64_t target, bool drops) {
  settle(depth() - 1);
  canonical_all();
  note_target(target);
  emit(op, top().reg, 0, target);
  if (drops) drop();
}

// ---- Loops ----

void Translator::loop_to(std::int64_t target, const Instruction& i) {
  canonical_all();
  reachable_ = false;
  if (copy_next(target, i) || copy_condition(target, i)) return;
  const std::size_t cell = emit(CellOp::JumpBack, 0, 0, out.at[static_cast<std::size_t>(target)]);
  out.cells[cell].to_cell = true;
}

// A loop over items ends with its own NextFor.
bool Translator::copy_next(std::int64_t target, const Instruction& i) {
  const auto top_cell = static_cast<std::size_t>(out.at[static_cast<std::size_t>(target)]);
  if (top_cell >= out.cells.size()) return false;
  VirtualCell next = out.cells[top_cell];
  std::int64_t exit, body;
  if (next.op == CellOp::NextFor) {
    exit = out.cells[top_cell + 1].x;
    body = static_cast<std::int64_t>(top_cell) + 2;
    next.op = CellOp::NextForBack;
    out.cells.push_back(next);
    const std::size_t jump = emit(CellOp::JumpBack, 0, 0, body);
    out.cells[jump].to_cell = true;
  } else if (next.op == CellOp::RangeNext) {
    exit = next.x;
    body = static_cast<std::int64_t>(top_cell) + 1;
    next.op = CellOp::RangeNextBack;
    next.x = body;
    next.to_cell = true;
    out.cells.push_back(next);
  } else {
    return false;
  }
  if (exit != i.end()) emit(CellOp::Jump, 0, 0, exit);
  return true;
}

bool Translator::copy_condition(std::int64_t target, const Instruction& i) {
  const auto from = static_cast<std::size_t>(out.at[static_cast<std::size_t>(target)]);
  std::size_t at = from;
  while (at < out.cells.size() && at - from < kLongestCondition && !is_branch(out.cells[at].op)) {
    const CellOp op = out.cells[at].op;
    const bool stands_alone =
        op == CellOp::Call || op == CellOp::CallTarget || op == CellOp::BeginSlot ||
        op == CellOp::Try || op == CellOp::NextFor || op == CellOp::NextForBack ||
        op == CellOp::RangeNext || op == CellOp::RangeNextBack || op == CellOp::RangeStart;
    if (stands_alone || op == CellOp::Throw) return false;
    ++at;
  }
  if (at >= out.cells.size() || !is_branch(out.cells[at].op) || out.cells[at].to_cell) return false;
  VirtualCell last = out.cells[at];
  const std::int64_t exit = last.x;
  if (exit < i.end()) return false;
  // Two ints have no opposite branch of their own: they swap sides.
  if (last.op == CellOp::IfLtInt || last.op == CellOp::IfLeInt) {
    last.op = last.op == CellOp::IfLtInt ? CellOp::IfLeInt : CellOp::IfLtInt;
    std::swap(last.a, last.b);
  } else {
    last.op = opposite(last.op);
    if (last.op == CellOp::kCount) return false;
  }
  for (std::size_t n = from; n < at; ++n) {
    const VirtualCell copy = out.cells[n];
    out.cells.push_back(copy);
  }
  last.op = backward(last.op);
  last.x = static_cast<std::int64_t>(at) + 1;
  last.to_cell = true;
  out.cells.push_back(last);
  if (exit != i.end()) emit(CellOp::Jump, 0, 0, exit);
  return true;
}

bool Translator::reads_slot(std::uint32_t slot, std::uint32_t from, std::uint32_t to) const {
  if (code_.slots[slot].is_cell) return true;
  Instruction i;
  for (std::uint32_t at = from; at < to && bytecode::decode(bytes_, function_.code_size, at, i);
       at = i.end())
    if ((i.op == Op::LoadLocal || i.op == Op::ArgGiven) && i.first == slot) return true;
  return false;
}

// MakeRange and StartFor over two ints, where nobody asks for the round's number.
bool Translator::range_for(const Instruction& range) {
  const std::uint32_t start = range.end();
  Instruction begin, next;
  const bool is_loop =
      !is_label_[start] && bytecode::decode(bytes_, function_.code_size, start, begin) &&
      begin.op == Op::StartFor && kind_of(top()) == Kind::kInt && kind_of(top(1)) == Kind::kInt;
  if (!is_loop || !bytecode::decode(bytes_, function_.code_size, begin.end(), next) ||
      next.op != Op::NextFor)
    return false;
  const auto slot = static_cast<std::uint32_t>(next.first);
  const Code::Place& item = code_.slots[slot];
  if (item.is_cell || item.kind != Kind::kInt) return false;
  if (reads_slot(slot + 1, next.end(), static_cast<std::uint32_t>(begin.target()))) return false;
  const std::uint32_t at = depth() - 2;
  const std::uint32_t from = raw(at, Kind::kInt), to = raw(at + 1, Kind::kInt);
  const std::uint32_t pair = kRaw | next_range_;
  next_range_ += 2;
  emit(CellOp::RangeStart, pair, from, to, range.op == Op::MakeRange);
  drop(2);
  Entry e;
  e.what = Entry::kRange;
  e.reg = pair;
  push(e);
  return true;
}

void Translator::start_for(const Instruction& i) {
  if (top().what != Entry::kRange) {
    canonical_from(depth() - 1);
    emit(CellOp::StartFor, top().reg);
  }
  top().exit = i.target();
}

void Translator::next_for(const Instruction& i) {
  const std::int64_t exit = top().exit;
  const auto slot = static_cast<std::uint32_t>(i.first);
  note_target(exit);
  if (top().what == Entry::kRange) {
    emit(CellOp::RangeNext, top().reg, code_.slots[slot].reg, exit);
    barrier_ = static_cast<std::int64_t>(out.cells.size());
    return;
  }
  const Code::Place &item = code_.slots[slot], &index = code_.slots[slot + 1];
  const std::uint32_t item_reg = item.is_cell ? ref_temp(depth()) : item.reg;
  const std::uint32_t index_reg = index.is_cell ? ref_temp(depth() + 1) : index.reg;
  const std::uint32_t kinds =
      static_cast<std::uint32_t>(item.kind) | static_cast<std::uint32_t>(index.kind) << 2;
  emit(CellOp::NextFor, top().reg, item_reg, index_reg, kinds);
  emit(CellOp::Jump, 0, 0, exit);
  if (item.is_cell) emit(CellOp::StoreCell, item.reg, item_reg);
  if (index.is_cell) emit(CellOp::StoreCell, index.reg, index_reg);
  barrier_ = static_cast<std::int64_t>(out.cells.size());
}

// ---- Calls ----

// Arguments go into the callee's window: the cell that made one is changed to put it there if
// nothing in between uses that memory or collects; others are moved.
void Translator::call(const Instruction& i) {
  const auto count = static_cast<std::uint32_t>(i.first);
  const auto row =
      static_cast<std::uint32_t>(chunk_.constants[static_cast<std::size_t>(i.second)].i);
  const bytecode::Function& callee = chunk_.functions[row];
  const std::uint32_t base = depth() - count;
  const std::int64_t call = last_call_, pause = last_pause_;
  for (std::uint32_t n = 0; n < count; ++n) settle(base + n);
  for (std::uint32_t n = 0; n < callee.arity; ++n) {
    const Kind kind = program_.codes[row].slots[n].kind;
    const std::uint32_t reg = kWindow | static_cast<std::uint32_t>(out.windows.size());
    out.windows.push_back({row, n});
    if (n >= count) {
      emit(CellOp::LoadBoxed, reg, static_cast<std::uint32_t>(Tagged::kEmpty), 0);
      continue;
    }
    Entry& e = stack_[base + n];
    const bool may_change = e.what == Entry::kRegister && e.kind == kind && e.maker >= barrier_ &&
                            e.maker >= 0 && e.maker > call &&
                            (kind != Kind::kAny || e.maker >= pause);
    if (may_change)
      out.cells[static_cast<std::size_t>(e.maker)].a = reg;
    else
      move_to(base + n, kind, reg);
  }
  drop(count);
  emit(CellOp::Call);
  const Kind kind = callee.result;
  push_result(CellOp::CallTarget, kind, 0, row);
}

void Translator::give_back() {
  const std::uint32_t at = depth() - 1;
  settle(at);
  if (has_try_) emit(CellOp::EndTries);
  switch (function_.result) {
    case Kind::kAny: emit(CellOp::Return, 0, boxed(at)); break;
    case Kind::kInt: emit(CellOp::ReturnInt, 0, raw(at, Kind::kInt)); break;
    case Kind::kNumber: emit(CellOp::ReturnNum, 0, raw(at, Kind::kNumber)); break;
    case Kind::kBool: emit(CellOp::ReturnBool, 0, raw(at, Kind::kBool)); break;
  }
  reachable_ = false;
}

}  // namespace flin::runtime
