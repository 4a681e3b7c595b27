// Decoding and stack effects, driven by opcodes.def.
#include "bytecode/opcodes.h"

namespace flin::bytecode {
namespace {

constexpr std::array<Opcode, 256> make_table() {
  std::array<Opcode, 256> table{};
#define OP(name, byte, format, operand1, operand2, pops, pushes, flags, effect) \
  table[byte] = Opcode{#name, format, operand1, operand2, pops, pushes, flags, effect};
#include "bytecode/opcodes.def"
#undef OP
  return table;
}

// Width in bytes of the first and second operand.
struct Widths {
  std::uint32_t first, second;
};

constexpr Widths widths_of(Format format, bool wide) {
  switch (format) {
    case kFormat0: return {0, 0};
    case kFormat1: return {wide ? 2u : 1u, 0};
    case kFormat2: return {wide ? 4u : 2u, 0};
    case kFormat3: return {4, 0};
    case kFormat4: return {wide ? 2u : 1u, wide ? 2u : 1u};
  }
  return {0, 0};
}

std::int64_t read_operand(const std::uint8_t* at, std::uint32_t width, bool is_signed) {
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < width; ++i) value |= static_cast<std::uint64_t>(at[i]) << (8 * i);
  if (is_signed && width > 0 && width < 8 && (value >> (8 * width - 1)) != 0)
    value |= ~std::uint64_t{0} << (8 * width);
  return static_cast<std::int64_t>(value);
}

// Wide stands only in front of formats that have a wide form.
bool may_be_wide(Format format) { return format != kFormat0 && format != kFormat3; }

Effect counted_effect(const Instruction& instruction) {
  auto n = static_cast<std::uint32_t>(instruction.first);
  switch (instruction.op) {
    case Op::CreateMap: return {2 * n, 1};
    case Op::PopN: return {n, 0};
    case Op::Print: return {n, 0};
    case Op::Unpack: return {1, n};
    case Op::UnpackRest: return {1, n + 1};
    case Op::Slice: {
      std::uint32_t parts = (n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1);
      return {1 + parts, 1};
    }
    case Op::CallMethod:
    case Op::CallValue:
    case Op::CallNamed: return {n + 1, 1};
    case Op::CallNative: return {n >> 24, 1};
    default: return {n, 1};  // CreateList, CreateTuple, Interpolate, MakeVariant, Call
  }
}

}  // namespace

constinit const std::array<Opcode, 256> kOpcodes = make_table();

std::int64_t Instruction::target() const {
  if (op == Op::Loop) return static_cast<std::int64_t>(end()) - first;
  return static_cast<std::int64_t>(end()) + first;
}

bool decode(const std::uint8_t* code, std::uint32_t size, std::uint32_t at, Instruction& out) {
  if (at >= size) return false;
  std::uint32_t position = at;
  bool wide = code[position] == static_cast<std::uint8_t>(Op::Wide);
  if (wide && ++position >= size) return false;
  const Opcode& row = kOpcodes[code[position]];
  if (row.name.empty() || (row.flags & kPrefix) || (wide && !may_be_wide(row.format))) return false;
  Widths widths = widths_of(row.format, wide);
  std::uint32_t operands = position + 1;
  if (widths.first + widths.second > size - operands) return false;
  out.op = static_cast<Op>(code[position]);
  out.wide = wide;
  out.at = at;
  out.size = operands + widths.first + widths.second - at;
  out.first =
      read_operand(code + operands, widths.first, row.first == kInt || out.op == Op::JumpFar);
  out.second = read_operand(code + operands + widths.first, widths.second, false);
  return true;
}

Effect stack_effect(const Instruction& instruction, std::uint32_t import_args,
                    std::uint32_t import_results) {
  const Opcode& row = kOpcodes[static_cast<std::uint8_t>(instruction.op)];
  if (instruction.op == Op::Ext) return {import_args, import_results};
  if (row.pops >= 0 && row.pushes >= 0)
    return {static_cast<std::uint32_t>(row.pops), static_cast<std::uint32_t>(row.pushes)};
  return counted_effect(instruction);
}

}  // namespace flin::bytecode
