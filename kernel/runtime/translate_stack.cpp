// The abstract stack: where entries are, and how they get where a cell wants them.
#include "runtime/translator.h"

namespace flin::runtime {

namespace {

// Cells during which the collector may run, or whose callees use the memory behind the window.
bool calls(CellOp op) {
  switch (op) {
    case CellOp::CallTarget:
    case CellOp::CallValue:
    case CellOp::CallNamed:
    case CellOp::CallSpread:
    case CellOp::CallNative:
    case CellOp::CallMethod:
    case CellOp::Member:
    case CellOp::Hof:
    case CellOp::Ext:
    case CellOp::CreateComponent:
    case CellOp::RenderSlot: return true;
    default: return false;
  }
}
bool may_collect(CellOp op) {
  if (op >= CellOp::PlainLoadState || calls(op)) return true;
  switch (op) {
    case CellOp::AddAny:
    case CellOp::SubAny:
    case CellOp::MulAny:
    case CellOp::DivAny:
    case CellOp::ModAny:
    case CellOp::StartFor:
    case CellOp::NextFor:
    case CellOp::NextForBack:
    case CellOp::GetItemAny:
    case CellOp::SetItem:
    case CellOp::SetItemAny:
    case CellOp::GetField:
    case CellOp::SetField:
    case CellOp::Push:
    case CellOp::Closure:
    case CellOp::StoreCell:
    case CellOp::MakeCell: return true;
    default: return false;
  }
}

}  // namespace

std::uint32_t Translator::ref_temp(std::uint32_t depth) {
  const std::uint32_t n = local_refs_ + depth;
  if (n >= out.refs) out.refs = n + 1;
  return kRef | n;
}
std::uint32_t Translator::raw_temp(std::uint32_t depth) {
  const std::uint32_t n = local_raws_ + depth;
  if (n >= out.raws) out.raws = n + 1;
  return kRaw | n;
}

std::size_t Translator::emit(CellOp op, std::uint32_t a, std::uint32_t b, std::int64_t x,
                             std::uint32_t number) {
  VirtualCell cell;
  cell.op = op;
  cell.a = a;
  cell.b = b;
  cell.x = x;
  cell.number = number;
  cell.offset = offset_;
  out.cells.push_back(cell);
  const std::size_t at = out.cells.size() - 1;
  if (calls(op)) last_call_ = static_cast<std::int64_t>(at);
  if (may_collect(op)) last_pause_ = static_cast<std::int64_t>(at);
  return at;
}

void Translator::push_result(CellOp op, Kind kind, std::uint32_t b, std::int64_t x,
                             std::uint32_t number) {
  Entry e;
  e.kind = kind;
  e.reg = temp(kind, depth());
  e.maker = static_cast<std::int64_t>(emit(op, e.reg, b, x, number));
  push(e);
}

void Translator::push_boxed(Value v) {
  Entry e;
  e.what = Entry::kBoxed;
  e.i = static_cast<std::int64_t>(v.bits);
  push(e);
}

void Translator::push_temp() {
  Entry e;
  e.reg = ref_temp(depth());
  push(e);
}

Translator::Kind Translator::kind_of(const Entry& e) const {
  switch (e.what) {
    case Entry::kInt: return Kind::kInt;
    case Entry::kNum: return Kind::kNumber;
    case Entry::kCompare: return Kind::kBool;
    case Entry::kBoxed:
      return has_tag(Value{static_cast<std::uint64_t>(e.i)}, Tagged::kBool) ? Kind::kBool
                                                                            : Kind::kAny;
    default: return e.kind;
  }
}

bool Translator::is_constant(const Entry& e) const {
  return e.what == Entry::kInt || e.what == Entry::kNum || e.what == Entry::kBoxed ||
         e.what == Entry::kConstant;
}

// Puts the entry into `reg` by changing the cell that made it, if that is the last one.
bool Translator::retarget(Entry& e, Kind kind, std::uint32_t reg) {
  if (e.what != Entry::kRegister || e.maker < barrier_) return false;
  if (e.maker + 1 != static_cast<std::int64_t>(out.cells.size())) return false;
  VirtualCell& cell = out.cells[static_cast<std::size_t>(e.maker)];
  if (e.kind != kind) {  // an item of a list wanted unboxed
    if (cell.op != CellOp::GetItem || e.kind != Kind::kAny) return false;
    if (kind == Kind::kInt)
      cell.op = CellOp::GetItemInt;
    else if (kind == Kind::kNumber)
      cell.op = CellOp::GetItemNum;
    else
      return false;
  }
  cell.a = reg;
  e.kind = kind;
  e.reg = reg;
  return true;
}

void Translator::settle(std::uint32_t d) {
  Entry& e = stack_[d];
  if (e.what != Entry::kCompare) return;
  const std::uint32_t reg = raw_temp(d);
  const Entry was = e;
  e = {};
  e.kind = Kind::kBool;
  e.reg = reg;
  std::uint32_t right = was.right;
  if (was.right_is_number) {
    // The right operand goes through the raw temporary above, which is free.
    right = raw_temp(d + 1);
    emit(CellOp::LoadInt, right, 0, was.number);
  }
  e.maker = static_cast<std::int64_t>(emit(was.compare, reg, was.left, right));
  if (was.negated) e.maker = static_cast<std::int64_t>(emit(CellOp::NotBool, reg, reg));
}

void Translator::move_to(std::uint32_t d, Kind kind, std::uint32_t reg) {
  settle(d);
  Entry& e = stack_[d];
  if (retarget(e, kind, reg)) return;
  const Kind from = kind_of(e);
  switch (e.what) {
    case Entry::kInt:
      if (kind == Kind::kInt) {
        const bool is_short = e.i >= INT32_MIN && e.i <= INT32_MAX;
        if (is_short) return void(emit(CellOp::LoadInt, reg, 0, e.i));
        return void(emit(CellOp::LoadWideInt, reg, 0, e.number));
      }
      if (kind == Kind::kNumber) {
        const bool is_short = e.i >= INT32_MIN && e.i <= INT32_MAX;
        if (is_short) return void(emit(CellOp::LoadWholeNum, reg, 0, e.i));
        emit(CellOp::LoadWideInt, raw_temp(d), 0, e.number);
        return void(emit(CellOp::IntToNum, reg, raw_temp(d)));
      }
      if (kind == Kind::kAny && e.i >= INT32_MIN && e.i <= INT32_MAX)
        return void(emit(CellOp::LoadBoxed, reg, static_cast<std::uint32_t>(Tagged::kInt), e.i));
      if (kind == Kind::kAny) return void(emit(CellOp::LoadConst, reg, 0, e.number));
      break;
    case Entry::kNum:
      if (kind == Kind::kNumber) return void(emit(CellOp::LoadNum, reg, 0, e.number));
      if (kind == Kind::kAny) return void(emit(CellOp::LoadConst, reg, 0, e.number));
      break;
    case Entry::kBoxed: {
      const Value v{static_cast<std::uint64_t>(e.i)};
      if (kind == Kind::kBool && is_bool(v))
        return void(emit(CellOp::LoadInt, reg, 0, v.bits == kTrue.bits));
      if (kind == Kind::kAny)
        return void(emit(CellOp::LoadBoxed, reg, static_cast<std::uint32_t>(v.bits >> 48),
                         static_cast<std::int32_t>(v.bits)));
      break;
    }
    case Entry::kConstant:
      if (kind != Kind::kAny) break;
      if (e.i < 0) return void(emit(CellOp::LoadEmptyText, reg));
      return void(emit(CellOp::LoadConst, reg, 0, e.i));
    default: break;
  }
  // From a register; constants of another kind go through their boxed form.
  std::uint32_t source = e.reg;
  Kind held = from;
  if (is_constant(e)) {
    source = ref_temp(d);
    const Entry kept = e;
    move_to(d, Kind::kAny, source);
    stack_[d] = kept;
    held = Kind::kAny;
  }
  if (held == kind) {
    if (source != reg) emit(CellOp::Move, reg, source);
    return;
  }
  if (kind == Kind::kAny) {
    const CellOp op = held == Kind::kInt      ? CellOp::BoxInt
                      : held == Kind::kNumber ? CellOp::BoxNum
                                              : CellOp::BoxBool;
    emit(op, reg, source);
  } else if (held == Kind::kAny) {
    const CellOp op = kind == Kind::kInt      ? CellOp::UnboxInt
                      : kind == Kind::kNumber ? CellOp::UnboxNum
                                              : CellOp::UnboxBool;
    emit(op, reg, source);
  } else if (held == Kind::kInt && kind == Kind::kNumber) {
    emit(CellOp::IntToNum, reg, source);
  } else {  // what types exclude: boxed, it fails or is converted as an `any` is
    const std::uint32_t box = ref_temp(d);
    emit(held == Kind::kInt      ? CellOp::BoxInt
         : held == Kind::kNumber ? CellOp::BoxNum
                                 : CellOp::BoxBool,
         box, source);
    emit(kind == Kind::kInt      ? CellOp::UnboxInt
         : kind == Kind::kNumber ? CellOp::UnboxNum
                                 : CellOp::UnboxBool,
         reg, box);
  }
}

std::uint32_t Translator::boxed(std::uint32_t d) {
  Entry& e = stack_[d];
  const bool is_there =
      (e.what == Entry::kRegister || e.what == Entry::kLocal) && e.kind == Kind::kAny;
  if (is_there) return e.reg;
  canonical(d);
  return stack_[d].reg;
}

std::uint32_t Translator::raw(std::uint32_t d, Kind kind) {
  settle(d);
  Entry& e = stack_[d];
  const bool is_there = (e.what == Entry::kRegister || e.what == Entry::kLocal) && e.kind == kind;
  if (is_there) return e.reg;
  const std::uint32_t reg = raw_temp(d);
  move_to(d, kind, reg);
  const std::int64_t last = static_cast<std::int64_t>(out.cells.size()) - 1;
  stack_[d] = {};
  stack_[d].kind = kind;
  stack_[d].reg = reg;
  stack_[d].maker = last;
  return reg;
}

void Translator::canonical(std::uint32_t d) {
  Entry& e = stack_[d];
  if (e.what == Entry::kRange) return;
  const std::uint32_t reg = ref_temp(d);
  const bool is_there = e.what == Entry::kRegister && e.kind == Kind::kAny && e.reg == reg;
  if (is_there) {
    e.maker = kNowhere;
    return;
  }
  move_to(d, Kind::kAny, reg);
  stack_[d] = {};
  stack_[d].reg = reg;
}

// Exchanges two entries that stay in the temporaries of their depths.
void Translator::swap_entries(std::uint32_t a, std::uint32_t b) {
  settle(a);
  settle(b);
  const auto is_free = [](const Entry& e) { return e.what != Entry::kRegister; };
  if (!is_free(stack_[a]) || !is_free(stack_[b])) {
    canonical(a);
    canonical(b);
    const std::uint32_t spare = ref_temp(depth());
    emit(CellOp::Move, spare, stack_[a].reg);
    emit(CellOp::Move, stack_[a].reg, stack_[b].reg);
    emit(CellOp::Move, stack_[b].reg, spare);
    return;
  }
  std::swap(stack_[a], stack_[b]);
}

}  // namespace flin::runtime
