// The translated code that runs: 16-byte cells, made from the portable bytecode once when a program
// is linked and shared by all machines that run it (PERFORMANCE 5). A cell names its handler and
// its operands, most of them registers: 8-byte slots of the frame's window. In each window
// references come first (boxed values, what the collector scans), raw ints, numbers and bools
// behind them.
#pragma once

#include "bytecode/chunk.h"
#include "runtime/isolate.h"
#include "runtime/value.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace flin::runtime {

class Machine;
struct Cell;
struct Frame;
struct Code;

// Runs one cell and, where the build chains handlers by tail calls, all that follow it.
using Handler = RunState (*)(const Cell* ip, Value* r, Machine* m, Frame* fp, std::int64_t fuel);

struct Cell {
  union {
    Handler handler;
    const Code* code;  // of CallTarget
  };
  std::uint16_t a, b;
  std::uint32_t x;

  std::int32_t imm() const { return static_cast<std::int32_t>(x); }
  std::uint16_t c() const { return static_cast<std::uint16_t>(x); }
  std::uint16_t d() const { return static_cast<std::uint16_t>(x >> 16); }
};
static_assert(sizeof(Cell) == 16);

enum class CellOp : std::uint16_t {
#define CELL(name, a, b, x) name,
#define BRANCH(name, a, b) name, name##Back,
#define PLAIN(name) Plain##name,
#include "runtime/cells.def"
#undef CELL
#undef BRANCH
#undef PLAIN
  kCount
};
extern const Handler kHandlers[];  // by CellOp

// One function, translated.
struct Code {
  // Where a local slot of the bytecode is held. `is_cell`: captured, the register holds a Cell.
  struct Place {
    std::uint32_t reg = 0;
    bytecode::SlotKind kind = bytecode::SlotKind::kAny;
    bool is_cell = false;
  };
  std::uint32_t row = 0;             // in Chunk::functions
  std::uint32_t refs = 0, size = 0;  // registers of its window: references, all
  std::uint32_t cleared = 0;         // references from here on are set to kEmpty by a call
  std::uint32_t cost = 1;            // fuel of a call
  std::vector<Place> slots;
  std::vector<Cell> cells;
  std::vector<std::uint32_t> offsets;  // by cell: of its instruction in Chunk::code
  // Bodies of handlers: offset in the function's code, cell.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> bodies;

  const Cell* entry() const { return cells.data(); }
};

}  // namespace flin::runtime
