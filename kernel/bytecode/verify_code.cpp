// Flow analysis of one function (L 20.5). Every instruction that can be reached has one state: the
// depth of the stack and the innermost open construct (Try, StartFor, element ..). All paths to it
// must agree on both, so pairs nest and loops are balanced without looking at more than one
// instruction at a time. A construct is known by the place of the instruction that opens it, which
// has one state itself; it remembers the depth at its start, below which nothing inside may pop.
#include "bytecode/opcodes.h"
#include "bytecode/verify_parts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace flin::bytecode {
namespace {

constexpr std::uint32_t kOutside = kNoIndex;  // no construct is open
constexpr std::uint32_t kContexts = 13, kTimeWords = 7, kUnits = 8, kSliceBits = 8;
constexpr std::uint32_t kNoArgument = 0xFF, kNoArgumentWide = 0xFFFF;  // of Modifier
constexpr std::uint32_t kModifiers = 19;

struct State {
  std::uint32_t depth = 0;
  std::uint32_t open = kOutside;  // offset of the opening instruction
  bool operator==(const State&) const = default;
};
struct Construct {
  Op opener;
  std::uint32_t floor;  // depth below which its inside must not pop
  State outside;
};

// The instruction that ends what `op` opens; Nop: it opens nothing.
Op closer_of(Op op) {
  switch (op) {
    case Op::Try: return Op::EndTry;
    case Op::StartFor: return Op::EndFor;
    case Op::StartIf: return Op::EndIf;
    case Op::CreateElement: return Op::CloseElement;
    case Op::CreateHandler: return Op::EndHandler;
    case Op::BeginSlot: return Op::EndSlot;
    case Op::BeginView: return Op::EndView;
    case Op::CreateComponent: return Op::CloseComponent;
    default: return Op::Nop;
  }
}
bool closes(Op op) {
  return op == Op::EndTry || op == Op::EndFor || op == Op::EndIf || op == Op::CloseElement ||
         op == Op::SelfClose || op == Op::EndHandler || op == Op::EndSlot || op == Op::EndView ||
         op == Op::CloseComponent;
}
// Bodies that the machine may pass over, so that their end is found without running them.
bool is_skipped_body(Op op) {
  return op == Op::CreateHandler || op == Op::BeginSlot || op == Op::BeginView;
}
bool may_return_inside(Op opener) { return opener == Op::Try || opener == Op::StartFor; }

constexpr std::uint32_t bit(Tag tag) { return 1u << static_cast<unsigned>(tag); }
// The kinds of constants that an operand kConst of `op` may name.
std::uint32_t constant_kinds(Op op) {
  switch (op) {
    case Op::LoadConst:
      return bit(Tag::kInt) | bit(Tag::kNumber) | bit(Tag::kText) | bit(Tag::kMoney) |
             bit(Tag::kTime) | bit(Tag::kDuration) | bit(Tag::kRegex) | bit(Tag::kPredicate);
    case Op::IsType:
    case Op::Check: return bit(Tag::kType);
    case Op::IsVariant:
    case Op::MakeVariant: return bit(Tag::kVariant);
    case Op::CreateComponent: return bit(Tag::kComponent);
    case Op::Closure:
    case Op::Call: return bit(Tag::kFunction);
    case Op::CallNamed: return bit(Tag::kNames);
    case Op::Modifier: return bit(Tag::kInt) | bit(Tag::kText);
    default: return bit(Tag::kText);
  }
}

class Walk {
 public:
  Walk(const Chunk& chunk, const Function& function, WalkedCode& walked)
      : chunk_(chunk),
        function_(function),
        walked_(walked),
        code_(chunk.code.data() + function.code_offset) {}

  Result<void> run() {
    if (!decode_all() || !match_bodies()) return std::move(error_);
    states_.resize(function_.code_size);
    seen_.resize(function_.code_size);
    if (!flow_to(0, {})) return std::move(error_);
    while (!work_.empty()) {
      std::uint32_t at = work_.back();
      work_.pop_back();
      if (!step(at)) return std::move(error_);
    }
    return {};
  }

 private:
  bool fail(std::uint32_t at, const std::string& reason) {
    error_ = invalid_at(function_.code_offset + at, reason);
    return false;
  }

  // First pass: whole instructions from start to end, operands that exist.
  bool decode_all() {
    walked_.starts.assign(function_.code_size + 1, false);
    walked_.starts[function_.code_size] = true;
    index_.assign(function_.code_size, 0);
    for (std::uint32_t at = 0; at < function_.code_size;) {
      Instruction instruction;
      if (!decode(code_, function_.code_size, at, instruction))
        return fail(at, "no complete instruction");
      walked_.starts[at] = true;
      index_[at] = static_cast<std::uint32_t>(instructions_.size());
      instructions_.push_back(instruction);
      if (!operands_exist(instruction)) return false;
      at = instruction.end();
    }
    for (const Instruction& instruction : instructions_) {
      if (flags(instruction) & kJumps) {
        std::int64_t target = instruction.target();
        if (target < 0 || target >= function_.code_size ||
            !walked_.starts[static_cast<std::size_t>(target)])
          return fail(instruction.at, "jump to no instruction");
      }
    }
    if (instructions_.empty()) return fail(0, "a function without code");
    if (!(flags(instructions_.back()) & kEnds))
      return fail(instructions_.back().at, "the code goes on past its end");
    return true;
  }

  static std::uint8_t flags(const Instruction& instruction) {
    return kOpcodes[static_cast<std::uint8_t>(instruction.op)].flags;
  }

  bool operands_exist(const Instruction& i) {
    const Opcode& row = kOpcodes[static_cast<std::uint8_t>(i.op)];
    return operand_exists(i, row.first, i.first) && operand_exists(i, row.second, i.second) &&
           operands_fit(i);
  }

  bool operand_exists(const Instruction& i, Operand kind, std::int64_t value) {
    auto n = static_cast<std::uint32_t>(value);
    switch (kind) {
      case kLocal: {
        std::uint32_t slots = i.op == Op::NextFor ? 2 : 1;
        return n + slots <= function_.locals || fail(i.at, "no such local slot");
      }
      case kUpvalue: return n < function_.upvalues.size() || fail(i.at, "no such upvalue");
      case kGlobal: return global_exists(i, n);
      case kImport: return n < chunk_.imports.size() || fail(i.at, "no such import");
      case kBuiltin: return builtin_exists(i, n);
      case kConst: return constant_exists(i, n);
      default: return true;
    }
  }

  bool global_exists(const Instruction& i, std::uint32_t n) {
    bool is_state = i.op == Op::LoadState || i.op == Op::StoreState || i.op == Op::BindState;
    if (is_state) return n <= 0xFFFF || fail(i.at, "no such state variable");
    std::uint32_t most = chunk_.globals;
    for (const PageRow& page : chunk_.pages) most = std::max(most, page.globals);
    return n < most || fail(i.at, "no such global");
  }

  bool builtin_exists(const Instruction& i, std::uint32_t n) {
    std::uint32_t row = n & 0xFFFFFF, count = n >> 24;
    if (row >= chunk_.builtins.size()) return fail(i.at, "no such built-in");
    const BuiltinImport& builtin = chunk_.builtins[row];
    return (count >= builtin.least && count <= builtin.most) ||
           fail(i.at, "wrong number of arguments for " + builtin.name);
  }

  bool constant_exists(const Instruction& i, std::uint32_t k) {
    if (i.op == Op::Modifier && k == (i.wide ? kNoArgumentWide : kNoArgument)) return true;
    if (k >= chunk_.constants.size()) return fail(i.at, "no such constant");
    const Constant& constant = chunk_.constants[k];
    if (!(constant_kinds(i.op) & bit(constant.tag))) return fail(i.at, "constant of a wrong kind");
    return true;
  }

  // What the numbers of single opcodes must fulfil beyond existing.
  bool operands_fit(const Instruction& i) {
    auto n = static_cast<std::uint32_t>(i.first);
    switch (i.op) {
      case Op::LoadContext: return n < kContexts || fail(i.at, "no such context");
      case Op::TimeWord: return n < kTimeWords || fail(i.at, "no such time word");
      case Op::MakeDuration: return n < kUnits || fail(i.at, "no such unit");
      case Op::Slice: return n < kSliceBits || fail(i.at, "no such form of slice");
      case Op::Modifier: return n < kModifiers || fail(i.at, "no such modifier");
      case Op::Call: return call_fits(i);
      case Op::Closure: return closure_fits(i);
      case Op::CallNamed:
        return chunk_.constants[static_cast<std::size_t>(i.second)].items.size() <= n ||
               fail(i.at, "more names than arguments");
      case Op::MakeVariant:
        return chunk_.constants[static_cast<std::size_t>(i.second)].items[2] == n ||
               fail(i.at, "wrong number of values for the variant");
      default: return true;
    }
  }

  const Function& function_of(std::int64_t k) const {
    return chunk_
        .functions[static_cast<std::size_t>(chunk_.constants[static_cast<std::size_t>(k)].i)];
  }
  bool call_fits(const Instruction& i) {
    const Function& callee = function_of(i.second);
    if (!callee.upvalues.empty()) return fail(i.at, "call of a closure by name");
    return (i.first >= callee.least_arity && i.first <= callee.arity) ||
           fail(i.at, "wrong number of arguments");
  }
  bool closure_fits(const Instruction& i) {
    for (const UpvalueRow& row : function_of(i.first).upvalues) {
      std::size_t there = row.from_parent_upvalue ? function_.upvalues.size() : function_.locals;
      if (row.index >= there) return fail(i.at, "the closure captures what is not there");
    }
    return true;
  }

  // Second pass: the end of each body that is passed over, by counting alone.
  bool match_bodies() {
    std::vector<std::uint32_t> open;  // indexes of instructions
    for (std::uint32_t n = 0; n < instructions_.size(); ++n) {
      const Instruction& i = instructions_[n];
      if (is_skipped_body(i.op)) open.push_back(n);
      bool ends = i.op == Op::EndHandler || i.op == Op::EndSlot || i.op == Op::EndView;
      if (!ends) continue;
      if (open.empty() || closer_of(instructions_[open.back()].op) != i.op)
        return fail(i.at, "nothing to end here");
      const Instruction& opener = instructions_[open.back()];
      if (opener.op == Op::BeginView && opener.target() != i.at)
        return fail(opener.at, "BeginView does not lead to its EndView");
      body_end_[opener.at] = i.end();
      if (i.op == Op::EndHandler) walked_.handlers.push_back({opener.end(), i.end()});
      open.pop_back();
    }
    return open.empty() || fail(instructions_[open.back()].at, "the body is not ended");
  }

  // Third pass: states.
  bool flow_to(std::int64_t target, const State& state) {
    auto at = static_cast<std::uint32_t>(target);
    if (at >= function_.code_size) return fail(at, "the code goes on past its end");
    if (seen_[at])
      return states_[at] == state ||
             fail(at, states_[at].depth != state.depth ? "stack depth differs between paths"
                                                       : "constructs overlap");
    seen_[at] = true;
    states_[at] = state;
    work_.push_back(at);
    return true;
  }

  std::uint32_t floor_of(const State& state) const {
    return state.open == kOutside ? 0 : constructs_.at(state.open).floor;
  }

  bool step(std::uint32_t at) {
    const Instruction& i = instructions_[index_[at]];
    State before = states_[at];
    if (closes(i.op)) return step_close(i, before);
    if (i.op == Op::NextFor) return step_next(i, before);
    Effect effect = effect_of(i);
    std::uint32_t floor = floor_of(before);
    if (before.depth < floor + effect.pops) return fail(at, "the stack is too short");
    State after{before.depth - effect.pops + effect.pushes, before.open};
    if (!fits(i, after)) return false;
    if (closer_of(i.op) != Op::Nop) return step_open(i, before, after);
    if (i.op == Op::Return || i.op == Op::Halt) return may_leave(i, before);
    return step_plain(i, before, after);
  }

  Effect effect_of(const Instruction& i) const {
    if (i.op != Op::Ext) return stack_effect(i, 0, 0);
    const Import& import = chunk_.imports[static_cast<std::size_t>(i.first)];
    return stack_effect(i, import.args, import.results);
  }

  bool fits(const Instruction& i, const State& state) {
    return state.depth <= function_.max_stack || fail(i.at, "more on the stack than declared");
  }

  bool step_plain(const Instruction& i, const State& before, const State& after) {
    std::uint8_t row_flags = flags(i);
    if (row_flags & kJumps) {
      State jumped = after;
      State falls = after;
      if (row_flags & kDrops) falls.depth = before.depth - 1;
      if (!flow_to(i.target(), jumped)) return false;
      return (row_flags & kEnds) || flow_to(i.end(), falls);
    }
    return (row_flags & kEnds) || flow_to(i.end(), after);
  }

  bool may_leave(const Instruction& i, const State& before) {
    for (std::uint32_t open = before.open; open != kOutside;
         open = constructs_.at(open).outside.open) {
      if (i.op == Op::Halt || !may_return_inside(constructs_.at(open).opener))
        return fail(i.at, "leaves the function inside a construct");
    }
    return true;
  }

  bool step_open(const Instruction& i, const State& before, const State& after) {
    State outside = after;
    if (i.op == Op::StartFor) outside.depth = before.depth - 1;
    constructs_[i.at] = {i.op, after.depth, outside};
    State inside{after.depth, i.at};
    if (i.op == Op::Try) {
      State caught{before.depth + 1, before.open};
      if (!fits(i, caught) || !flow_to(i.target(), caught)) return false;
    } else if (flags(i) & kJumps) {
      if (!flow_to(i.target(), inside)) return false;
    }
    if (auto body = body_end_.find(i.at); body != body_end_.end()) {
      State behind = outside;
      if (i.op == Op::BeginView) ++behind.depth;
      if (!fits(i, behind) || !flow_to(body->second, behind)) return false;
    }
    return flow_to(i.end(), inside);
  }

  bool step_close(const Instruction& i, const State& before) {
    if (before.open == kOutside) return fail(i.at, "nothing to end here");
    const Construct& construct = constructs_.at(before.open);
    bool pairs = closer_of(construct.opener) == i.op ||
                 (i.op == Op::SelfClose && construct.opener == Op::CreateElement);
    if (!pairs) return fail(i.at, "ends what something else began");
    State after = construct.outside;
    if (i.op == Op::EndTry) {
      if (before.depth < construct.floor) return fail(i.at, "the stack is too short");
      after.depth = before.depth;
    } else if (before.depth != construct.floor) {
      return fail(i.at, "values are left on the stack");
    } else if (i.op == Op::EndView) {
      ++after.depth;
    }
    if (!fits(i, after)) return false;
    return flow_to(i.end(), after);
  }

  // Goes on with an item, or to the EndFor that StartFor names.
  bool step_next(const Instruction& i, const State& before) {
    bool in_loop = before.open != kOutside && constructs_.at(before.open).opener == Op::StartFor &&
                   constructs_.at(before.open).floor == before.depth;
    if (!in_loop) return fail(i.at, "NextFor outside its loop");
    const Instruction& start = instructions_[index_[before.open]];
    if (instructions_[index_[static_cast<std::size_t>(start.target())]].op != Op::EndFor)
      return fail(start.at, "StartFor does not lead to EndFor");
    return flow_to(i.end(), before);
  }

  const Chunk& chunk_;
  const Function& function_;
  WalkedCode& walked_;
  const std::uint8_t* code_;
  std::vector<Instruction> instructions_;
  std::vector<std::uint32_t> index_;  // offset of a start -> its instruction
  std::vector<State> states_;
  std::vector<bool> seen_;
  std::vector<std::uint32_t> work_;
  std::unordered_map<std::uint32_t, Construct> constructs_;
  std::unordered_map<std::uint32_t, std::uint32_t> body_end_;
  Error error_;
};

}  // namespace

Result<void> verify_code(const Chunk& chunk, const Function& function, WalkedCode& walked) {
  return Walk(chunk, function, walked).run();
}

}  // namespace flin::bytecode
