// Translates one function. The operand stack becomes an abstract stack of entries: constants and
// locals that nothing loaded yet, comparisons that wait for their jump, and registers. Entry i,
// once computed, lives in the temporary of depth i: a reference or a raw register. At every jump
// target all entries are boxed in their temporaries, so that all paths agree; a loop over a range
// of ints is the exception: it has two raw registers of its own and no value.
//
// Registers are virtual while code is made: their class in the top bits, their number below. They
// get their places when all functions are known: references first, raw registers behind them,
// behind these the window of the callee, into which arguments are computed.
#pragma once

#include "bytecode/opcodes.h"
#include "runtime/cell.h"
#include "runtime/linked.h"

#include <string>
#include <vector>

namespace flin::runtime {

enum Register : std::uint32_t {  // classes
  kRef = 0u << 30,
  kRaw = 1u << 30,
  kWindow = 2u << 30,  // number: row of `windows`
  kClass = 3u << 30
};

struct VirtualCell {
  CellOp op;
  std::uint32_t a = 0, b = 0;
  std::int64_t x = 0;        // number, register (with `number`), or jump target
  std::uint32_t number = 0;  // beside a register in x
  bool to_cell = false;      // of a jump: x is a cell, not an offset
  std::uint32_t offset = 0;  // of its instruction
};

struct TranslatedFunction {
  struct Window {
    std::uint32_t callee, parameter;
  };
  std::vector<VirtualCell> cells;
  std::vector<std::int64_t> at;  // by offset: cell; -1: none begins there
  std::vector<Window> windows;
  std::uint32_t refs = 0, raws = 0;
};

class Translator {
 public:
  Translator(Program::Linked& program, std::uint32_t row);
  // Says where locals are held. Of all functions, before any of them runs.
  void place_slots();
  // False: `problem` says why.
  bool run();
  TranslatedFunction out;
  std::string problem;

 private:
  using Op = bytecode::Op;
  using Kind = bytecode::SlotKind;
  using Instruction = bytecode::Instruction;
  static constexpr std::int64_t kNowhere = -1;

  struct Entry {
    enum What : std::uint8_t { kLocal, kRegister, kInt, kNum, kBoxed, kConstant, kCompare, kRange };
    What what = kRegister;
    Kind kind = Kind::kAny;  // kRegister
    std::uint32_t reg = 0;   // kRegister, kLocal: its register; kRange: the first of its pair
    std::int64_t i = 0;      // kInt; kBoxed: bits; kConstant: row, -1: the empty text
    double n = 0;            // kNum
    std::int64_t maker = kNowhere;    // cell whose a is reg, while it may be changed
    CellOp compare = CellOp::kCount;  // kCompare: the cell that computes it
    std::uint32_t left = 0, right = 0;
    bool right_is_number = false, negated = false;
    std::int64_t number = 0;       // kCompare: right operand; kInt, kNum: its constant
    std::int64_t exit = kNowhere;  // of an iterator: offset of its EndFor
  };

  // translate.cpp
  void find_labels();
  bool instruction(const Instruction& i);
  void enter_label(std::uint32_t at);

  bool running(CellOp op, std::uint32_t pops, std::uint32_t pushes, std::uint32_t b,
               std::int64_t x);
  bool native(const Instruction& i);

  // translate_stack.cpp
  std::uint32_t depth() const { return static_cast<std::uint32_t>(stack_.size()); }
  Entry& top(std::uint32_t below = 0) { return stack_[stack_.size() - 1 - below]; }
  void drop(std::uint32_t count = 1) { stack_.resize(stack_.size() - count); }
  std::uint32_t ref_temp(std::uint32_t depth);
  std::uint32_t raw_temp(std::uint32_t depth);
  std::uint32_t temp(Kind kind, std::uint32_t depth) {
    return kind == Kind::kAny ? ref_temp(depth) : raw_temp(depth);
  }
  std::size_t emit(CellOp op, std::uint32_t a = 0, std::uint32_t b = 0, std::int64_t x = 0,
                   std::uint32_t number = 0);
  void push_result(CellOp op, Kind kind, std::uint32_t b = 0, std::int64_t x = 0,
                   std::uint32_t number = 0);  // emits op into a new temporary
  void push(Entry entry) { stack_.push_back(entry); }
  void push_boxed(Value v);
  void push_temp();  // of the depth: a plain cell has put a boxed value there
  Kind kind_of(const Entry& e) const;
  bool is_constant(const Entry& e) const;
  void settle(std::uint32_t depth);                   // no comparison any more
  std::uint32_t boxed(std::uint32_t depth);           // register that holds it boxed
  std::uint32_t raw(std::uint32_t depth, Kind kind);  // .. as that kind
  void canonical(std::uint32_t depth);                // boxed in its own temporary
  void canonical_from(std::uint32_t from) {
    for (std::uint32_t d = from; d < depth(); ++d) canonical(d);
  }
  void canonical_all() { canonical_from(0); }
  void move_to(std::uint32_t depth, Kind kind, std::uint32_t reg);  // entry to any register
  bool retarget(Entry& e, Kind kind, std::uint32_t reg);
  void swap_entries(std::uint32_t a, std::uint32_t b);

  // translate_ops.cpp
  void plain(CellOp op, const Instruction& i, std::uint32_t pops, std::uint32_t pushes);
  bool arithmetic(Op op);
  void numeric(CellOp op, Kind kind);
  bool constant_int(const Entry& e, std::int64_t& out) const;
  void comparison(Op op);
  void compare_ints(Op op);
  void compare_nums(Op op);
  void negate_truth();
  void load_local(std::uint32_t slot);
  void store_local(std::uint32_t slot, bool keeps);
  void get_index();
  void set_index();

  // translate_control.cpp
  void jump_to(std::int64_t target);
  void branch(bool when, std::int64_t target);
  void keeping_jump(CellOp op, std::int64_t target, bool drops);
  void note_target(std::int64_t target);
  void loop_to(std::int64_t target, const Instruction& i);
  bool copy_condition(std::int64_t target, const Instruction& i);
  bool copy_next(std::int64_t target, const Instruction& i);
  void call(const Instruction& i);
  void give_back();
  void start_for(const Instruction& i);
  void next_for(const Instruction& i);
  bool range_for(const Instruction& i);
  bool reads_slot(std::uint32_t slot, std::uint32_t from, std::uint32_t to) const;

  Program::Linked& program_;
  const bytecode::Chunk& chunk_;
  const bytecode::Function& function_;
  Code& code_;
  const std::uint8_t* bytes_;

  std::vector<Entry> stack_;
  bool reachable_ = true;
  std::vector<bool> is_label_;
  std::vector<std::vector<Entry>> label_stacks_;
  std::vector<bool> label_known_;
  std::int64_t barrier_ = 0;  // cells before it are not changed any more
  std::int64_t last_call_ = -1, last_pause_ = -1;
  std::uint32_t local_refs_ = 0, local_raws_ = 0, next_range_ = 0;
  std::uint32_t offset_ = 0;  // of the instruction being translated
  std::uint32_t next_offset_ = 0;
  bool has_try_ = false;
};

}  // namespace flin::runtime
