// Chunks written down by hand: one function, its code as instructions.
#pragma once

#include "bytecode/chunk_builder.h"
#include "bytecode/opcodes.h"

#include <cstdint>
#include <initializer_list>

namespace flin::bytecode::testing {

struct Line {
  Op op;
  std::int64_t first = 0, second = 0;
};

inline void put(std::vector<std::uint8_t>& out, std::int64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Narrow forms only.
inline std::vector<std::uint8_t> bytes_of(std::initializer_list<Line> lines) {
  std::vector<std::uint8_t> out;
  for (const Line& line : lines) {
    out.push_back(static_cast<std::uint8_t>(line.op));
    switch (kOpcodes[static_cast<std::uint8_t>(line.op)].format) {
      case kFormat0: break;
      case kFormat1: put(out, line.first, 1); break;
      case kFormat2: put(out, line.first, 2); break;
      case kFormat3: put(out, line.first, 4); break;
      case kFormat4: put(out, line.first, 1), put(out, line.second, 1); break;
    }
  }
  return out;
}

// Adds a function with that code; gives its row.
inline std::uint32_t add_function(Chunk& chunk, const std::vector<std::uint8_t>& code,
                                  std::uint16_t max_stack = 4, std::uint16_t locals = 4,
                                  std::uint8_t arity = 0) {
  Function f;
  f.arity = f.least_arity = arity;
  f.locals = locals;
  f.max_stack = max_stack;
  f.code_offset = static_cast<std::uint32_t>(chunk.code.size());
  f.code_size = static_cast<std::uint32_t>(code.size());
  chunk.code.insert(chunk.code.end(), code.begin(), code.end());
  chunk.functions.push_back(f);
  return static_cast<std::uint32_t>(chunk.functions.size() - 1);
}

inline Chunk chunk_of(std::initializer_list<Line> lines, std::uint16_t max_stack = 4,
                      std::uint16_t locals = 4) {
  Chunk chunk;
  chunk.globals = 2;
  Constant text;
  text.tag = Tag::kText;
  text.text = "a";
  Constant number;
  number.i = 7;
  chunk.constants = {text, number};  // 0: "a", 1: 7
  add_function(chunk, bytes_of(lines), max_stack, locals);
  return chunk;
}

// The counter of L 20.4.
inline Chunk counter() {
  ChunkBuilder builder;
  Chunk& chunk = builder.chunk();
  chunk.name = "counter";
  chunk.is_server = true;
  auto element = static_cast<std::int64_t>(builder.text("button data-flin-bind=\"count\""));
  auto click = static_cast<std::int64_t>(builder.text("click"));
  Constant type;
  type.tag = Tag::kType;
  type.text = "\x02";
  std::uint32_t type_k = builder.constant(type);
  add_function(chunk,
               bytes_of({{Op::LoadInt0},
                         {Op::StoreGlobal, 0},
                         {Op::CreateElement, element},
                         {Op::CreateHandler, click},
                         {Op::LoadGlobal, 0},
                         {Op::Incr},
                         {Op::StoreGlobal, 0},
                         {Op::TriggerUpdate},
                         {Op::EndHandler},
                         {Op::BindHandler},
                         {Op::LoadGlobal, 0},
                         {Op::BindText},
                         {Op::CloseElement},
                         {Op::Halt}}),
               1, 0);
  HandlerRow handler;
  handler.start = 10;
  handler.end = 19;
  handler.tier = 1;
  handler.subject = "click";
  chunk.handlers.push_back(handler);
  PageRow page;
  page.path = "/";
  page.title = "counter";
  page.globals = 1;
  page.cells = {{"count", 0, type_k, kCellInState}};
  page.handlers = {0};
  chunk.pages.push_back(page);
  return std::move(chunk);
}

}  // namespace flin::bytecode::testing
