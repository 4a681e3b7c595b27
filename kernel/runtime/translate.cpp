#include "runtime/translate.h"

#include "runtime/translator.h"

#include <algorithm>
#include <deque>

namespace flin::runtime {

using bytecode::Op;
using bytecode::Tag;

namespace {

// Of one window; an operand may name a parameter in the window behind it.
constexpr std::uint32_t kMostRegisters = 0x7000;
constexpr std::uint32_t kInvalidBytecode = static_cast<std::uint32_t>('E') << 24 | 1104;

}  // namespace

Translator::Translator(Program::Linked& program, std::uint32_t row)
    : program_(program),
      chunk_(program.chunk),
      function_(chunk_.functions[row]),
      code_(program.codes[row]),
      bytes_(chunk_.code.data() + function_.code_offset) {}

// Captured slots hold a Cell. In a function that has bodies of handlers or slots, whose variables
// are given and read from outside, all are boxed and slot n is register n.
void Translator::place_slots() {
  code_.slots.resize(function_.locals);
  bool is_open = false;
  std::uint32_t ranges = 0;
  Instruction i;
  for (std::uint32_t at = 0;
       at < function_.code_size && bytecode::decode(bytes_, function_.code_size, at, i);
       at = i.end()) {
    is_open = is_open || i.op == Op::CreateHandler || i.op == Op::BeginSlot;
    has_try_ = has_try_ || i.op == Op::Try;
    ranges += i.op == Op::StartFor;
    if (i.op != Op::Closure) continue;
    const auto row = chunk_.constants[static_cast<std::size_t>(i.first)].i;
    for (const auto& upvalue : chunk_.functions[static_cast<std::size_t>(row)].upvalues)
      if (!upvalue.from_parent_upvalue) code_.slots[upvalue.index].is_cell = true;
  }
  for (std::uint32_t slot = 0; slot < function_.locals; ++slot) {
    Code::Place& place = code_.slots[slot];
    place.kind = is_open || place.is_cell ? Kind::kAny : function_.kind(slot);
    place.reg = place.kind == Kind::kAny ? kRef | local_refs_++ : kRaw | local_raws_++;
  }
  next_range_ = local_raws_;
  local_raws_ += 2 * ranges;
  out.refs = local_refs_;
  out.raws = local_raws_;
}

void Translator::find_labels() {
  Instruction i;
  for (std::uint32_t at = 0;
       at < function_.code_size && bytecode::decode(bytes_, function_.code_size, at, i);
       at = i.end()) {
    const auto& row = bytecode::kOpcodes[static_cast<std::uint8_t>(i.op)];
    if (row.flags & bytecode::kJumps) is_label_[static_cast<std::size_t>(i.target())] = true;
    if (i.op == Op::CreateHandler || i.op == Op::BeginSlot)
      is_label_[program_.skip[function_.code_offset + i.end()] - function_.code_offset] = true;
  }
}

void Translator::enter_label(std::uint32_t at) {
  if (reachable_) {
    canonical_all();
  } else if (label_known_[at]) {
    stack_ = label_stacks_[at];
    reachable_ = true;
  }
  barrier_ = static_cast<std::int64_t>(out.cells.size());
}

bool Translator::run() {
  out.at.assign(function_.code_size + 1, kNowhere);
  is_label_.assign(function_.code_size + 1, false);
  label_known_.assign(function_.code_size + 1, false);
  label_stacks_.resize(function_.code_size + 1);
  find_labels();
  for (std::uint32_t slot = 0; slot < function_.arity; ++slot)
    if (code_.slots[slot].is_cell) emit(CellOp::MakeCell, code_.slots[slot].reg);
  Instruction i;
  for (std::uint32_t at = 0;
       at < function_.code_size && bytecode::decode(bytes_, function_.code_size, at, i);
       at = i.end()) {
    offset_ = function_.code_offset + at;
    next_offset_ = i.end();
    if (is_label_[at]) enter_label(at);
    if (!reachable_) continue;
    out.at[at] = static_cast<std::int64_t>(out.cells.size());
    if (!instruction(i)) return false;
  }
  return true;
}

bool Translator::instruction(const Instruction& i) {
  const std::uint32_t last = depth() ? depth() - 1 : 0;
  switch (i.op) {
    case Op::Halt:
      if (depth() == 0) push_boxed(kNone);
      canonical(depth() - 1);
      if (has_try_) emit(CellOp::EndTries);
      emit(CellOp::Return, 0, top().reg);
      reachable_ = false;
      return true;
    case Op::Nop:
    case Op::EndIf:
    case Op::CloseComponent:
    case Op::BindTwoWay:
    case Op::Modifier:
    case Op::BindState:
    case Op::BindHandler:
    case Op::TriggerUpdate:
    case Op::Break: return true;
    case Op::Jump: jump_to(i.target()); return true;
    case Op::Loop:
    case Op::JumpFar:
      if (i.target() > i.at) {
        jump_to(i.target());
        return true;
      }
      if (out.at[static_cast<std::size_t>(i.target())] == kNowhere) {
        problem = "a jump backward to code that nothing before it reaches";
        return false;
      }
      loop_to(i.target(), i);
      return true;
    case Op::JumpIfFalse:
    case Op::StartIf: branch(false, i.target()); return true;
    case Op::JumpIfTrue: branch(true, i.target()); return true;
    case Op::AndJump: keeping_jump(CellOp::IfFalsy, i.target(), true); return true;
    case Op::OrJump: keeping_jump(CellOp::IfTruthy, i.target(), true); return true;
    case Op::NoneJump: keeping_jump(CellOp::IfNone, i.target(), false); return true;
    case Op::SomeJump: keeping_jump(CellOp::IfSome, i.target(), true); return true;
    case Op::Try: {
      canonical_all();
      emit(CellOp::Try, ref_temp(depth()), 0, i.target());
      push_temp();
      note_target(i.target());
      drop();
      barrier_ = static_cast<std::int64_t>(out.cells.size());
      return true;
    }
    case Op::EndTry: emit(CellOp::EndTry); return true;
    case Op::Throw:
      settle(last);
      emit(CellOp::Throw, 0, boxed(last));
      drop();
      reachable_ = false;
      return true;
    case Op::Return: give_back(); return true;
    case Op::Wide: return true;

    case Op::Pop: drop(); return true;
    case Op::PopN: drop(static_cast<std::uint32_t>(i.first)); return true;
    case Op::Dup: {
      settle(last);
      top().maker = kNowhere;
      Entry e = top();
      push(e);
      if (e.what == Entry::kRegister) {
        top().reg = temp(e.kind, last + 1);
        emit(CellOp::Move, top().reg, e.reg);
      }
      return true;
    }
    case Op::Over:
    case Op::Dup2: {
      settle(last);
      const std::uint32_t from = depth() - 2, count = i.op == Op::Over ? 1 : 2;
      for (std::uint32_t n = 0; n < count; ++n) {
        stack_[from + n].maker = kNowhere;
        Entry e = stack_[from + n];
        const std::uint32_t at = depth();
        push(e);
        if (e.what != Entry::kRegister) continue;
        top().reg = temp(e.kind, at);
        emit(CellOp::Move, top().reg, e.reg);
      }
      top(count).maker = kNowhere;
      return true;
    }
    case Op::Swap: swap_entries(last - 1, last); return true;
    case Op::Rot: plain(CellOp::PlainRot, i, 3, 3); return true;

    case Op::LoadConst: {
      const bytecode::Constant& k = chunk_.constants[static_cast<std::size_t>(i.first)];
      Entry e;
      e.what = k.tag == Tag::kInt      ? Entry::kInt
               : k.tag == Tag::kNumber ? Entry::kNum
                                       : Entry::kConstant;
      e.i = k.tag == Tag::kInt ? k.i : i.first;
      e.n = k.n;
      e.number = i.first;
      push(e);
      return true;
    }
    case Op::LoadNone: push_boxed(kNone); return true;
    case Op::LoadTrue: push_boxed(kTrue); return true;
    case Op::LoadFalse: push_boxed(kFalse); return true;
    case Op::LoadInt0:
    case Op::LoadInt1:
    case Op::LoadIntM1:
    case Op::LoadInt8:
    case Op::LoadInt16: {
      Entry e;
      e.what = Entry::kInt;
      e.i = i.op == Op::LoadInt0    ? 0
            : i.op == Op::LoadInt1  ? 1
            : i.op == Op::LoadIntM1 ? -1
                                    : i.first;
      push(e);
      return true;
    }
    case Op::LoadEmpty: {
      Entry e;
      e.what = Entry::kConstant;
      e.i = -1;
      push(e);
      return true;
    }

    case Op::LoadLocal: load_local(static_cast<std::uint32_t>(i.first)); return true;
    case Op::StoreLocal: store_local(static_cast<std::uint32_t>(i.first), false); return true;
    case Op::TeeLocal: store_local(static_cast<std::uint32_t>(i.first), true); return true;
    case Op::LoadGlobal: push_result(CellOp::LoadGlobal, Kind::kAny, 0, i.first); return true;
    case Op::StoreGlobal:
    case Op::StoreUpvalue:
      settle(last);
      emit(i.op == Op::StoreGlobal ? CellOp::StoreGlobal : CellOp::StoreUpvalue, boxed(last), 0,
           i.first);
      drop();
      return true;
    case Op::LoadUpvalue: push_result(CellOp::LoadUpvalue, Kind::kAny, 0, i.first); return true;
    case Op::LoadState: plain(CellOp::PlainLoadState, i, 0, 1); return true;
    case Op::StoreState: plain(CellOp::PlainStoreState, i, 1, 0); return true;
    case Op::LoadProp: plain(CellOp::PlainLoadProp, i, 0, 1); return true;
    case Op::LoadContext: plain(CellOp::PlainLoadContext, i, 0, 1); return true;
    case Op::ArgGiven:
      if (code_.slots[static_cast<std::size_t>(i.first)].kind != Kind::kAny)
        push_boxed(kTrue);  // held unboxed: always given
      else
        push_result(CellOp::IsGiven, Kind::kBool,
                    code_.slots[static_cast<std::size_t>(i.first)].reg);
      return true;
    case Op::Incr:
    case Op::Decr:
      settle(last);
      if (kind_of(top()) == Kind::kInt) {
        const std::uint32_t reg = raw(last, Kind::kInt);
        drop();
        push_result(CellOp::AddIntK, Kind::kInt, reg, i.op == Op::Incr ? 1 : -1);
      } else {
        plain(i.op == Op::Incr ? CellOp::PlainIncr : CellOp::PlainDecr, i, 1, 1);
      }
      return true;

    case Op::Add:
    case Op::Sub:
    case Op::Mul:
    case Op::Div:
    case Op::Mod:
    case Op::AddInt:
    case Op::SubInt:
    case Op::MulInt:
    case Op::AddNum:
    case Op::SubNum:
    case Op::MulNum: settle(last); return arithmetic(i.op);
    case Op::IntDiv:
      settle(last);
      if (kind_of(top()) == Kind::kInt && kind_of(top(1)) == Kind::kInt)
        numeric(CellOp::DivInt, Kind::kInt);
      else
        plain(CellOp::PlainIntDiv, i, 2, 1);
      return true;
    case Op::Neg: {
      settle(last);
      const Kind kind = kind_of(top());
      if (kind != Kind::kInt && kind != Kind::kNumber) {
        plain(CellOp::PlainNeg, i, 1, 1);
        return true;
      }
      const std::uint32_t reg = raw(last, kind);
      drop();
      push_result(kind == Kind::kInt ? CellOp::NegInt : CellOp::NegNum, kind, reg);
      return true;
    }
    case Op::Pow: plain(CellOp::PlainPow, i, 2, 1); return true;
    case Op::Concat: plain(CellOp::PlainConcat, i, 2, 1); return true;
    case Op::Interpolate:
      plain(CellOp::PlainInterpolate, i, static_cast<std::uint32_t>(i.first), 1);
      return true;

    case Op::Eq:
    case Op::Ne:
    case Op::Lt:
    case Op::Le:
    case Op::Gt:
    case Op::Ge:
    case Op::LtInt:
    case Op::LeInt:
    case Op::EqInt: comparison(i.op); return true;
    case Op::In: plain(CellOp::PlainIn, i, 2, 1); return true;
    case Op::NotIn: plain(CellOp::PlainNotIn, i, 2, 1); return true;
    case Op::IsType: plain(CellOp::PlainIsType, i, 1, 1); return true;
    case Op::IsVariant: plain(CellOp::PlainIsVariant, i, 1, 1); return true;
    case Op::IsNone: {
      settle(last);
      const std::uint32_t reg = boxed(last);
      drop();
      push_result(CellOp::IsNone, Kind::kBool, reg);
      return true;
    }

    case Op::Not: negate_truth(); return true;
    case Op::ToBool:
      negate_truth();
      if (top().what == Entry::kCompare) settle(depth() - 1);
      negate_truth();
      if (top().what == Entry::kCompare) settle(depth() - 1);
      return true;
    case Op::ToText: plain(CellOp::PlainToText, i, 1, 1); return true;
    case Op::Check: plain(CellOp::PlainCheck, i, 1, 1); return true;
    case Op::ToNumber:
      settle(last);
      if (kind_of(top()) == Kind::kNumber) return true;
      if (kind_of(top()) == Kind::kInt) {
        raw(last, Kind::kNumber);
        return true;
      }
      plain(CellOp::PlainToNumber, i, 1, 1);
      return true;
    case Op::Assert: plain(CellOp::PlainAssert, i, 1, 0); return true;

    case Op::GetField: {
      settle(last);
      const std::uint32_t reg = boxed(last);
      drop();
      push_result(CellOp::GetField, Kind::kAny, reg, i.first);
      return true;
    }
    case Op::SetField: {
      settle(last);
      const std::uint32_t object = boxed(last - 1), value = boxed(last);
      emit(CellOp::SetField, object, value, i.first);
      drop(2);
      return true;
    }
    case Op::GetIndex: get_index(); return true;
    case Op::SetIndex: set_index(); return true;
    case Op::Slice: {
      const auto bits = static_cast<std::uint32_t>(i.first);
      plain(CellOp::PlainSlice, i, 1 + (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1), 1);
      return true;
    }
    case Op::CallMethod:
      return running(CellOp::CallMethod, static_cast<std::uint32_t>(i.first) + 1, 1,
                     static_cast<std::uint32_t>(i.first), i.second);
    case Op::Member: return running(CellOp::Member, 1, 1, 0, i.first);
    case Op::MakeVariant:
      plain(CellOp::PlainMakeVariant, i, static_cast<std::uint32_t>(i.first), 1);
      return true;
    case Op::VariantField: plain(CellOp::PlainVariantField, i, 1, 1); return true;
    case Op::DeleteKey: plain(CellOp::PlainDeleteKey, i, 2, 0); return true;
    case Op::TupleGet: plain(CellOp::PlainTupleGet, i, 1, 1); return true;
    case Op::HasKey: plain(CellOp::PlainHasKey, i, 1, 1); return true;

    case Op::CreateList:
      plain(CellOp::PlainCreateList, i, static_cast<std::uint32_t>(i.first), 1);
      return true;
    case Op::CreateMap:
      plain(CellOp::PlainCreateMap, i, 2 * static_cast<std::uint32_t>(i.first), 1);
      return true;
    case Op::CreateTuple:
      plain(CellOp::PlainCreateTuple, i, static_cast<std::uint32_t>(i.first), 1);
      return true;
    case Op::MakeRange:
    case Op::MakeRangeEx:
      settle(last);
      if (range_for(i)) return true;
      plain(i.op == Op::MakeRange ? CellOp::PlainMakeRange : CellOp::PlainMakeRangeEx, i, 2, 1);
      return true;
    case Op::Append: plain(CellOp::PlainAppend, i, 2, 1); return true;
    case Op::ListExtend: plain(CellOp::PlainListExtend, i, 2, 1); return true;
    case Op::MapExtend: plain(CellOp::PlainMapExtend, i, 2, 1); return true;
    case Op::TextLen:
    case Op::Len: {
      settle(last);
      const std::uint32_t reg = boxed(last);
      drop();
      push_result(CellOp::Len, Kind::kInt, reg);
      return true;
    }
    case Op::Unpack:
      plain(CellOp::PlainUnpack, i, 1, static_cast<std::uint32_t>(i.first));
      return true;
    case Op::UnpackRest:
      plain(CellOp::PlainUnpackRest, i, 1, static_cast<std::uint32_t>(i.first) + 1);
      return true;
    case Op::MapPut: plain(CellOp::PlainMapPut, i, 3, 1); return true;

    case Op::CreateComponent: return running(CellOp::CreateComponent, 1, 0, 0, i.first);
    case Op::RenderSlot: return running(CellOp::RenderSlot, 0, 1, 0, i.first);
    case Op::BeginSlot:
    case Op::CreateHandler: {
      const std::int64_t behind =
          program_.skip[function_.code_offset + i.end()] - function_.code_offset;
      if (i.op == Op::BeginSlot) emit(CellOp::BeginSlot, 0, 0, i.first);
      jump_to(behind);
      reachable_ = true;
      barrier_ = static_cast<std::int64_t>(out.cells.size());
      if (i.op == Op::CreateHandler)
        code_.bodies.emplace_back(i.end(), static_cast<std::uint32_t>(out.cells.size()));
      return true;
    }
    case Op::EndSlot:
      emit(CellOp::EndSlot);
      reachable_ = false;
      return true;
    case Op::EndHandler:
      emit(CellOp::EndHandler);
      reachable_ = false;
      return true;
    case Op::AddRaw: plain(CellOp::PlainAddRaw, i, 1, 0); return true;
    case Op::SetKey: drop(); return true;
    case Op::BeginView: plain(CellOp::PlainBeginView, i, 0, 0); return true;
    case Op::EndView: plain(CellOp::PlainEndView, i, 0, 1); return true;
    case Op::SpreadAttrs: plain(CellOp::PlainSpreadAttrs, i, 1, 0); return true;
    case Op::StyleScope: plain(CellOp::PlainStyleScope, i, 0, 0); return true;
    case Op::CreateElement: plain(CellOp::PlainCreateElement, i, 0, 0); return true;
    case Op::CloseElement: plain(CellOp::PlainCloseElement, i, 0, 0); return true;
    case Op::SelfClose: plain(CellOp::PlainSelfClose, i, 0, 0); return true;
    case Op::SetAttribute: plain(CellOp::PlainSetAttribute, i, 1, 0); return true;
    case Op::BindText: plain(CellOp::PlainBindText, i, 1, 0); return true;
    case Op::BindAttr: plain(CellOp::PlainBindAttr, i, 1, 0); return true;
    case Op::AddText: plain(CellOp::PlainAddText, i, 0, 0); return true;
    case Op::StartFor: start_for(i); return true;
    case Op::NextFor: next_for(i); return true;
    case Op::EndFor: drop(); return true;

    case Op::TextUpper: plain(CellOp::PlainTextUpper, i, 1, 1); return true;
    case Op::TextLower: plain(CellOp::PlainTextLower, i, 1, 1); return true;
    case Op::TextTrim: plain(CellOp::PlainTextTrim, i, 1, 1); return true;
    case Op::TextContains: plain(CellOp::PlainTextContains, i, 2, 1); return true;
    case Op::TextStartsWith: plain(CellOp::PlainTextStartsWith, i, 2, 1); return true;
    case Op::TextEndsWith: plain(CellOp::PlainTextEndsWith, i, 2, 1); return true;
    case Op::TextSplit: plain(CellOp::PlainTextSplit, i, 2, 1); return true;
    case Op::TextSlice: plain(CellOp::PlainTextSlice, i, 3, 1); return true;
    case Op::TextReplace: plain(CellOp::PlainTextReplace, i, 3, 1); return true;
    case Op::TextJoin: plain(CellOp::PlainTextJoin, i, 2, 1); return true;
    case Op::TimeWord: plain(CellOp::PlainTimeWord, i, 0, 1); return true;
    case Op::MakeDuration: plain(CellOp::PlainMakeDuration, i, 1, 1); return true;
    case Op::MakeMoney: plain(CellOp::PlainMakeMoney, i, 1, 1); return true;

    case Op::Closure: {
      const auto row = chunk_.constants[static_cast<std::size_t>(i.first)].i;
      push_result(CellOp::Closure, Kind::kAny, 0, row);
      return true;
    }
    case Op::CloseUpvalue:
      for (auto slot = static_cast<std::uint32_t>(i.first); slot < function_.locals; ++slot)
        if (code_.slots[slot].is_cell)
          emit(CellOp::LoadBoxed, code_.slots[slot].reg, static_cast<std::uint32_t>(Tagged::kEmpty),
               0);
      return true;
    case Op::Call: call(i); return true;
    case Op::CallValue:
      return running(CellOp::CallValue, static_cast<std::uint32_t>(i.first) + 1, 1,
                     static_cast<std::uint32_t>(i.first), 0);
    case Op::CallNative: return native(i);
    case Op::CallNamed:
      return running(CellOp::CallNamed, static_cast<std::uint32_t>(i.first) + 1, 1,
                     static_cast<std::uint32_t>(i.first), i.second);
    case Op::CallSpread: return running(CellOp::CallSpread, 2, 1, 0, 0);
    case Op::HofMap:
    case Op::HofFilter:
    case Op::HofFind:
    case Op::HofSort:
    case Op::HofAny:
    case Op::HofAll: return running(CellOp::Hof, 2, 1, static_cast<std::uint32_t>(i.op), 0);
    case Op::HofReduce: return running(CellOp::Hof, 3, 1, static_cast<std::uint32_t>(i.op), 0);
    case Op::HofEach: return running(CellOp::Hof, 2, 0, static_cast<std::uint32_t>(i.op), 0);

    case Op::Print:
      plain(CellOp::PlainPrint, i, static_cast<std::uint32_t>(i.first), 0);
      return true;
    case Op::Abs: plain(CellOp::PlainAbs, i, 1, 1); return true;
    case Op::Floor: plain(CellOp::PlainFloor, i, 1, 1); return true;
    case Op::Ceil: plain(CellOp::PlainCeil, i, 1, 1); return true;
    case Op::Round: plain(CellOp::PlainRound, i, 1, 1); return true;
    case Op::Sqrt: {
      settle(last);
      if (kind_of(top()) != Kind::kNumber) {
        plain(CellOp::PlainSqrt, i, 1, 1);
        return true;
      }
      const std::uint32_t reg = raw(last, Kind::kNumber);
      drop();
      push_result(CellOp::SqrtNum, Kind::kNumber, reg);
      return true;
    }
    case Op::PowNum: plain(CellOp::PlainPowNum, i, 2, 1); return true;
    case Op::Min: plain(CellOp::PlainMin, i, 2, 1); return true;
    case Op::Max: plain(CellOp::PlainMax, i, 2, 1); return true;
    case Op::Ext: {
      const bytecode::Import& row = chunk_.imports[static_cast<std::size_t>(i.first)];
      return running(CellOp::Ext, row.args, row.results, 0, i.first);
    }
  }
  return true;
}

// An instruction that may run other code: operands boxed in a row, the result in the first place.
bool Translator::running(CellOp op, std::uint32_t pops, std::uint32_t pushes, std::uint32_t b,
                         std::int64_t x) {
  const std::uint32_t base = depth() - pops;
  if (pops) settle(depth() - 1);
  canonical_from(base);
  const std::uint32_t a = ref_temp(base);
  for (std::uint32_t n = 0; n < std::max(pops, pushes); ++n) ref_temp(base + n);
  emit(op, a, b, x);
  drop(pops);
  if (pushes) push_temp();
  return true;
}

bool Translator::native(const Instruction& i) {
  const auto count = static_cast<std::uint32_t>(i.first) >> 24;
  const auto row = static_cast<std::uint32_t>(i.first) & 0xFFFFFF;
  const bool is_dropped = next_offset_ < function_.code_size && !is_label_[next_offset_] &&
                          static_cast<Op>(bytes_[next_offset_]) == Op::Pop;
  if (chunk_.builtins[row].name == "push" && count == 2 && is_dropped) {
    settle(depth() - 1);
    const std::uint32_t list = boxed(depth() - 2), value = boxed(depth() - 1);
    emit(CellOp::Push, list, value);
    drop(2);
    push_boxed(kNone);  // what the Pop behind takes
    return true;
  }
  return running(CellOp::CallNative, count, 1, count, row);
}

// ---- Places for registers ----

namespace {

enum Shape : std::uint8_t { kUnused, kDest, kReg, kBase, kNumber, kImm, kTarget, kRegNumber };
struct CellShape {
  Shape a, b, x;
};
constexpr CellShape kShapes[] = {
#define CELL(name, a, b, x) {a, b, x},
#define BRANCH(name, a, b) {a, b, kTarget}, {a, b, kTarget},
#define PLAIN(name) {kBase, kNumber, kImm},
#include "runtime/cells.def"
#undef CELL
#undef BRANCH
#undef PLAIN
};

bool is_register(Shape shape) { return shape == kDest || shape == kReg || shape == kBase; }

class Placer {
 public:
  Placer(Program::Linked& program, std::vector<TranslatedFunction>& functions)
      : program_(program), functions_(functions) {}

  void place(std::uint32_t row) {
    const TranslatedFunction& from = functions_[row];
    Code& to = program_.codes[row];
    to.cells.reserve(from.cells.size());
    for (std::size_t n = 0; n < from.cells.size(); ++n) {
      const VirtualCell& cell = from.cells[n];
      const CellShape shape = kShapes[static_cast<std::size_t>(cell.op)];
      Cell out{};
      out.handler = kHandlers[static_cast<std::size_t>(cell.op)];
      out.a = static_cast<std::uint16_t>(is_register(shape.a) ? number(row, cell.a) : cell.a);
      out.b = static_cast<std::uint16_t>(is_register(shape.b) ? number(row, cell.b) : cell.b);
      if (shape.x == kTarget) {
        const std::int64_t target =
            cell.to_cell ? cell.x : from.at[static_cast<std::size_t>(cell.x)];
        out.x = static_cast<std::uint32_t>(target - static_cast<std::int64_t>(n));
      } else if (shape.x == kRegNumber) {
        out.x = number(row, static_cast<std::uint32_t>(cell.x)) | cell.number << 16;
      } else {
        out.x = static_cast<std::uint32_t>(cell.x);
      }
      if (cell.op == CellOp::Call) out.a = static_cast<std::uint16_t>(to.size);
      if (cell.op == CellOp::CallTarget)
        out.code = &program_.codes[static_cast<std::size_t>(cell.x)];
      to.cells.push_back(out);
      to.offsets.push_back(cell.offset);
    }
    for (Code::Place& slot : to.slots) slot.reg = number(row, slot.reg);
  }

 private:
  std::uint32_t number(std::uint32_t row, std::uint32_t reg) const {
    const std::uint32_t n = reg & ~kClass;
    switch (reg & kClass) {
      case kRef: return n;
      case kRaw: return functions_[row].refs + n;
      default: {
        const auto& window = functions_[row].windows[n];
        return program_.codes[row].size + parameters_[window.callee][window.parameter];
      }
    }
  }

 public:
  // Where each function takes its parameters; before any function is placed.
  void place_parameters() {
    parameters_.resize(functions_.size());
    for (std::uint32_t row = 0; row < functions_.size(); ++row)
      for (const Code::Place& slot : program_.codes[row].slots)
        parameters_[row].push_back(number(row, slot.reg));
  }

 private:
  Program::Linked& program_;
  std::vector<TranslatedFunction>& functions_;
  std::vector<std::vector<std::uint32_t>> parameters_;
};

}  // namespace

Result<void> translate(Program::Linked& program) {
  const auto count = static_cast<std::uint32_t>(program.chunk.functions.size());
  program.codes.resize(count);
  const auto failure = [&](std::uint32_t row, const std::string& problem) {
    const Value name = program.functions[row].name;
    const std::string what = is_text(name) && as_text(name)->size
                                 ? "function " + std::string(as_text(name)->view())
                                 : "function #" + std::to_string(row);
    return Error{kInvalidBytecode, "invalid bytecode: " + what + " has " + problem};
  };
  std::deque<Translator> translators;
  for (std::uint32_t row = 0; row < count; ++row)
    translators.emplace_back(program, row).place_slots();
  std::vector<TranslatedFunction> functions;
  functions.reserve(count);
  for (std::uint32_t row = 0; row < count; ++row) {
    if (!translators.front().run()) return failure(row, translators.front().problem);
    const TranslatedFunction& made = functions.emplace_back(std::move(translators.front().out));
    translators.pop_front();
    Code& code = program.codes[row];
    code.row = row;
    code.refs = made.refs;
    code.size = made.refs + made.raws;
    code.cost = program.functions[row].cost;
    for (std::uint32_t slot = 0; slot < program.functions[row].arity; ++slot)
      code.cleared += (code.slots[slot].reg & kClass) == kRef;
    if (code.size > kMostRegisters) return failure(row, "too many variables and values");
  }
  Placer placer(program, functions);
  placer.place_parameters();
  for (std::uint32_t row = 0; row < count; ++row) placer.place(row);
  return {};
}

}  // namespace flin::runtime
