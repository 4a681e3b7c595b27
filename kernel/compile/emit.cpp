#include "compile/emit.h"

#include "base/assert.h"

#include <algorithm>

namespace flin::compile {

using namespace bytecode;

namespace {

const Opcode& row_of(Op op) { return kOpcodes[static_cast<std::uint8_t>(op)]; }

bool fits_narrow(Operand kind, Format format, std::int64_t value) {
  bool is_byte = format == kFormat1 || format == kFormat4;
  if (kind == kInt)
    return is_byte ? value >= -128 && value <= 127 : value >= -32768 && value <= 32767;
  return value <= (is_byte ? 0xFF : 0xFFFF);
}

std::uint32_t narrow_size(Format format) {
  constexpr std::uint32_t kSizes[] = {1, 2, 3, 5, 3};
  return kSizes[format];
}
std::uint32_t wide_size(Format format) { return 1 + 1 + 2 * (narrow_size(format) - 1); }

}  // namespace

void Emitter::push(const Item& item, std::uint32_t pops, std::uint32_t pushes) {
  FLIN_ASSERT(depth_ >= pops, "an instruction finds its operands on the stack");
  items_.push_back(item);
  depth_ = depth_ - pops + pushes;
  deepest_ = std::max(deepest_, depth_);
}

void Emitter::op(Op op, std::int64_t first, std::int64_t second) {
  Instruction instruction;
  instruction.op = op;
  instruction.first = first;
  Effect effect = stack_effect(instruction, 0, 0);
  push({op, false, first, second, 0, place_}, effect.pops, effect.pushes);
}

void Emitter::ext(std::uint32_t import, std::uint32_t args, std::uint32_t results) {
  push({Op::Ext, false, import, 0, 0, place_}, args, results);
}

void Emitter::native(std::uint32_t builtin, std::uint32_t args) {
  op(Op::CallNative, builtin | static_cast<std::int64_t>(args) << 24);
}

Label Emitter::here() {
  Label made = label();
  place(made);
  return made;
}

void Emitter::place(Label label) {
  Item item{Op::Nop, true, 0, 0, label, place_};
  items_.push_back(item);
}

void Emitter::jump(Op op, Label target) {
  const Opcode& row = row_of(op);
  FLIN_ASSERT(row.flags & kJumps, "only jumps have a target");
  push({op, false, 0, 0, target, place_}, static_cast<std::uint32_t>(row.pops),
       static_cast<std::uint32_t>(row.pushes));
  if (row.flags & kDrops) --depth_;
}

void Emitter::set_depth(std::uint32_t depth) {
  depth_ = depth;
  deepest_ = std::max(deepest_, depth);
}

bool Emitter::ends_here() const {
  return !items_.empty() && !items_.back().is_label && (row_of(items_.back().op).flags & kEnds);
}

// Offsets grow only, so widening ends.
struct Emitter::Layout {
  const std::vector<Item>& items;
  std::vector<bool> far;
  std::vector<std::uint32_t> offsets, labels;

  Layout(const std::vector<Item>& all, std::uint32_t label_count)
      : items(all), far(all.size()), offsets(all.size() + 1), labels(label_count) {
    do { measure(); } while (widen());
  }

  bool is_jump(const Item& item) const {
    return !item.is_label && (row_of(item.op).flags & kJumps);
  }
  static bool is_plain_jump(Op op) { return op == Op::Jump || op == Op::Loop; }

  std::uint32_t size_of(std::size_t n) const {
    const Item& item = items[n];
    if (item.is_label) return 0;
    const Opcode& row = row_of(item.op);
    if (!far[n]) return narrow_size(row.format);
    return is_plain_jump(item.op) ? narrow_size(kFormat3) : wide_size(row.format);
  }
  void measure() {
    std::uint32_t at = 0;
    for (std::size_t n = 0; n < items.size(); ++n) {
      offsets[n] = at;
      if (items[n].is_label) labels[items[n].target] = at;
      at += size_of(n);
    }
    offsets[items.size()] = at;
  }
  std::int64_t distance(std::size_t n) const {
    return static_cast<std::int64_t>(labels[items[n].target]) - offsets[n + 1];
  }
  bool widen() {
    bool changed = false;
    for (std::size_t n = 0; n < items.size(); ++n) {
      if (far[n] || items[n].is_label || needs_narrow(n)) continue;
      far[n] = changed = true;
    }
    return changed;
  }
  bool needs_narrow(std::size_t n) const {
    const Item& item = items[n];
    if (is_jump(item)) return distance(n) >= -0xFFFF && distance(n) <= 0xFFFF;
    const Opcode& row = row_of(item.op);
    if (row.format == kFormat0 || row.format == kFormat3) return true;
    return fits_narrow(row.first, row.format, item.first) &&
           fits_narrow(row.second, row.format, item.second);
  }
};

namespace {

void put(std::vector<std::uint8_t>& out, std::int64_t value, std::uint32_t bytes) {
  for (std::uint32_t i = 0; i < bytes; ++i)
    out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

void put_instruction(std::vector<std::uint8_t>& out, Op op, bool wide, std::int64_t first,
                     std::int64_t second) {
  if (wide) out.push_back(static_cast<std::uint8_t>(Op::Wide));
  out.push_back(static_cast<std::uint8_t>(op));
  std::uint32_t factor = wide ? 2 : 1;
  switch (row_of(op).format) {
    case kFormat0: return;
    case kFormat1: return put(out, first, factor);
    case kFormat2: return put(out, first, 2 * factor);
    case kFormat3: return put(out, first, 4);
    case kFormat4: put(out, first, factor); return put(out, second, factor);
  }
}

}  // namespace

Assembled Emitter::assemble() const {
  Layout layout(items_, labels_);
  Assembled out;
  out.max_stack = static_cast<std::uint16_t>(std::min<std::uint32_t>(deepest_, 0xFFFF));
  out.labels = layout.labels;
  for (std::size_t n = 0; n < items_.size(); ++n) {
    const Item& item = items_[n];
    if (item.is_label) continue;
    bool moved = out.places.empty() || out.places.back().span.begin != item.span.begin ||
                 out.places.back().span.file != item.span.file;
    if (moved) out.places.push_back({layout.offsets[n], item.span});
    if (!layout.is_jump(item)) {
      put_instruction(out.code, item.op, layout.far[n], item.first, item.second);
      continue;
    }
    std::int64_t distance = layout.distance(n);
    if (layout.far[n] && Layout::is_plain_jump(item.op)) {
      put_instruction(out.code, Op::JumpFar, false, distance, 0);
    } else {
      std::int64_t operand = item.op == Op::Loop ? -distance : distance;
      FLIN_ASSERT(operand >= 0, "only Loop and JumpFar go backward");
      put_instruction(out.code, item.op, layout.far[n], operand, 0);
    }
  }
  return out;
}

}  // namespace flin::compile
