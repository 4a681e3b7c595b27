// The instructions of one function while they are made: labels instead of distances, the depth of
// the stack as it goes along, and places in the source. assemble() chooses the forms: a jump that
// does not reach becomes Wide or JumpFar, an operand that does not fit gets Wide.
#pragma once

#include "bytecode/opcodes.h"
#include "syntax/source.h"

#include <cstdint>
#include <vector>

namespace flin::compile {

using bytecode::Op;
using Label = std::uint32_t;

struct Assembled {
  std::vector<std::uint8_t> code;
  std::uint16_t max_stack = 0;
  std::vector<std::uint32_t> labels;  // offset by label; those never placed: 0
  struct Place {
    std::uint32_t offset;
    syntax::Span span;
  };
  std::vector<Place> places;  // where the place changes, ascending
};

class Emitter {
 public:
  // Instructions that follow belong to this place.
  void at(const syntax::Span& span) { place_ = span; }

  void op(Op op, std::int64_t first = 0, std::int64_t second = 0);
  void ext(std::uint32_t import, std::uint32_t args, std::uint32_t results);
  void native(std::uint32_t builtin, std::uint32_t args);

  Label label() { return labels_++; }
  Label here();  // a label placed at once
  void place(Label label);
  void jump(Op op, Label target);  // any opcode with flag kJumps; Loop and Jump by direction

  // Depth of the stack as structure has it: after a branch that ended with a jump or Return the
  // next branch begins with set_depth(what the first began with).
  std::uint32_t depth() const { return depth_; }
  void set_depth(std::uint32_t depth);
  bool ends_here() const;  // the last instruction does not go on, and no label follows it

  Assembled assemble() const;

 private:
  struct Item {
    Op op;
    bool is_label = false;
    std::int64_t first = 0, second = 0;
    Label target = 0;
    syntax::Span span{};
  };
  struct Layout;
  void push(const Item& item, std::uint32_t pops, std::uint32_t pushes);

  std::vector<Item> items_;
  std::uint32_t labels_ = 0, depth_ = 0, deepest_ = 0;
  syntax::Span place_{};
};

}  // namespace flin::compile
