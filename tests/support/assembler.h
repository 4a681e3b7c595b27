// Writes chunks by hand, instruction by instruction, for tests of the machine.
#pragma once

#include "bytecode/chunk_builder.h"
#include "bytecode/opcodes.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace flin::test {

using bytecode::Op;

// The code of one function.
class Code {
 public:
  std::string name;
  std::uint8_t arity = 0, least = 0, flags = 0;
  std::uint16_t locals = 0;
  std::vector<bytecode::UpvalueRow> upvalues;

  Code& op(Op op, std::int64_t a = 0, std::int64_t b = 0) {
    const bytecode::Opcode& row = bytecode::kOpcodes[static_cast<std::uint8_t>(op)];
    byte(static_cast<std::uint8_t>(op));
    switch (row.format) {
      case bytecode::kFormat0: break;
      case bytecode::kFormat1: byte(a); break;
      case bytecode::kFormat2: bytes(a, 2); break;
      case bytecode::kFormat3: bytes(a, 4); break;
      case bytecode::kFormat4:
        byte(a);
        byte(b);
        break;
    }
    return *this;
  }
  Code& wide(Op op, std::int64_t a, std::int64_t b = 0) {
    byte(static_cast<std::uint8_t>(Op::Wide));
    byte(static_cast<std::uint8_t>(op));
    switch (bytecode::kOpcodes[static_cast<std::uint8_t>(op)].format) {
      case bytecode::kFormat1: bytes(a, 2); break;
      case bytecode::kFormat2: bytes(a, 4); break;
      case bytecode::kFormat4:
        bytes(a, 2);
        bytes(b, 2);
        break;
      default: break;
    }
    return *this;
  }
  // A jump forward; give its result to land() where it leads.
  std::size_t jump(Op op_) {
    op(op_, 0);
    return code_.size();
  }
  Code& land(std::size_t jump) {
    const std::size_t distance = code_.size() - jump;
    code_[jump - 2] = static_cast<std::uint8_t>(distance);
    code_[jump - 1] = static_cast<std::uint8_t>(distance >> 8);
    return *this;
  }
  std::size_t here() const { return code_.size(); }
  Code& loop(std::size_t to) {
    return op(Op::Loop, static_cast<std::int64_t>(code_.size() + 3 - to));
  }
  const std::vector<std::uint8_t>& code() const { return code_; }

 private:
  void byte(std::int64_t n) { code_.push_back(static_cast<std::uint8_t>(n)); }
  void bytes(std::int64_t n, int count) {
    for (int i = 0; i < count; ++i) byte(n >> (8 * i));
  }
  std::vector<std::uint8_t> code_;
};

class Assembler : public bytecode::ChunkBuilder {
  std::deque<Code> functions_;

 public:
  Code& main;
  Assembler() : main(function_code("main")) {}

  Code& function_code(std::string_view name, std::uint8_t arity = 0, std::uint16_t locals = 0) {
    Code& code = functions_.emplace_back();
    code.name = name;
    code.arity = code.least = arity;
    code.locals = std::max<std::uint16_t>(arity, locals);
    return code;
  }
  std::uint32_t row(const Code& code) const {
    for (std::uint32_t i = 0; i < functions_.size(); ++i)
      if (&functions_[i] == &code) return i;
    return bytecode::kNoIndex;
  }
  // Constant that Call and Closure take.
  std::uint32_t constant_of(const Code& code) { return function(row(code)); }
  // Operand of CallNative.
  std::uint32_t native(std::string_view name, std::uint32_t args) {
    return builtin(name, args) | args << 24;
  }

  bytecode::Chunk finish() {
    bytecode::Chunk& out = chunk();
    out.name = "test";
    if (out.files.empty()) out.files = {"test.flin"};
    for (std::uint32_t i = 0; i < functions_.size(); ++i) {
      const Code& code = functions_[i];
      bytecode::Function function;
      function.name_k = text(code.name);
      function.arity = code.arity;
      function.least_arity = code.least;
      function.flags = code.flags;
      function.locals = code.locals;
      function.max_stack = 40;
      function.upvalues = code.upvalues;
      function.code_offset = static_cast<std::uint32_t>(out.code.size());
      function.code_size = static_cast<std::uint32_t>(code.code().size());
      out.lines.push_back({function.code_offset, 0, 3, i + 1});
      out.code.insert(out.code.end(), code.code().begin(), code.code().end());
      out.functions.push_back(function);
    }
    return out;
  }
};

}  // namespace flin::test
