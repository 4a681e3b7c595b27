// The instructions of the portable bytecode (L 20.2, 20.3), made from opcodes.def.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace flin::bytecode {

enum class Op : std::uint8_t {
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) name = byte,
#include "bytecode/opcodes.def"
#undef OP
};

// L 20.2: 0 `op`; 1 `op u8`; 2 `op u16`; 3 `op u32`; 4 `op u8 u8`.
enum Format : std::uint8_t { kFormat0, kFormat1, kFormat2, kFormat3, kFormat4 };
enum Operand : std::uint8_t {
  kNoOperand,
  kCount,
  kLocal,
  kGlobal,
  kUpvalue,
  kConst,
  kInt,
  kDistance,
  kImport,
  kBuiltin
};
enum OpcodeFlag : std::uint8_t { kJumps = 1, kEnds = 2, kDrops = 4, kRuns = 8, kPrefix = 16 };

struct Opcode {
  std::string_view name;  // empty: this byte is no opcode
  Format format = kFormat0;
  Operand first = kNoOperand, second = kNoOperand;
  std::int8_t pops = 0, pushes = 0;  // -1: by the operand
  std::uint8_t flags = 0;
  std::string_view effect;
};
extern const std::array<Opcode, 256> kOpcodes;

// One decoded instruction; `at` and `size` in bytes, `size` with its Wide prefix.
struct Instruction {
  Op op = Op::Nop;
  bool wide = false;
  std::uint32_t at = 0, size = 0;
  std::int64_t first = 0, second = 0;  // operands; kInt and JumpFar signed

  std::uint32_t end() const { return at + size; }
  // Of an instruction with flag kJumps: forward from its end; Loop backward; JumpFar either way.
  std::int64_t target() const;
};

// Decodes the instruction at `at`; false if it is none or does not end within [code, code + size).
bool decode(const std::uint8_t* code, std::uint32_t size, std::uint32_t at, Instruction& out);

// What it pops and pushes, for those whose row says -1. `import_args`, `import_results`: of Ext.
struct Effect {
  std::uint32_t pops, pushes;
};
Effect stack_effect(const Instruction& instruction, std::uint32_t import_args,
                    std::uint32_t import_results);

}  // namespace flin::bytecode
