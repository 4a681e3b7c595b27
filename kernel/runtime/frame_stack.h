// Frames: one record per call, in an array of their own. Below the first lies one that is not seen:
// its next cell ends the run.
#pragma once

#include "runtime/cell.h"
#include "runtime/object.h"

#include <algorithm>
#include <cstddef>
#include <memory>

namespace flin::runtime {

enum class FrameKind : std::uint8_t { kCode, kHof, kThen, kComponent };
enum FrameFlag : std::uint8_t {
  kHandlerFrame = 1,  // ends with EndHandler, its variables stay readable
  kSlotFrame = 2,     // content of a component's tag: has a copy of the window it was written in
  kMethodFrame = 4,   // Hof called as a method: gives a value in any case
  kBoxesResult = 8,   // its caller wants a boxed value, whatever the function gives
  kHasOwner = 16      // `owner` is set
};

// A call of translated code fills in the first 40 bytes only; the rest is set where a kind or a
// flag says so.
struct Frame {
  const Cell* ip;  // next cell
  Value* base;     // window; other kinds than kCode: [0] takes results, their state follows
  Closure* closure;
  Component* component;
  std::uint32_t function;  // kHof: the opcode; kThen: import row or kNoIndex; kComponent: next prop
  std::uint16_t given;     // kThen: arguments of the opcode
  FrameKind kind;
  std::uint8_t flags;
  Value* result;              // not kCode: where its result goes
  std::uint32_t owner;        // index of the kComponent frame whose slots it renders
  std::uint32_t first, last;  // kComponent: its rows of slots_
};
static_assert(sizeof(Frame) == 64);

class FrameStack {
 public:
  FrameStack() { grow(); }

  bool empty() const { return top_ == bottom(); }
  std::size_t size() const { return static_cast<std::size_t>(top_ - bottom()); }
  Frame& back() { return *top_; }
  const Frame& back() const { return *top_; }
  Frame& front() { return bottom()[1]; }
  Frame& operator[](std::size_t i) { return bottom()[i + 1]; }
  Frame* begin() { return bottom() + 1; }
  Frame* end() { return top_ + 1; }
  Frame& push() {
    if (top_ + 1 == limit_) grow();
    ++top_;
    *top_ = {};
    return *top_;
  }
  void pop() { --top_; }
  void clear() { top_ = bottom(); }

  // For handlers.
  Frame* top() const { return top_; }
  // No call may be made from this frame or one above before there is room for it.
  Frame* last() const { return last_; }
  void set_most(std::size_t most) {
    most_ = most;
    find_last();
  }
  void set_top(Frame* top) { top_ = top; }
  Frame* bottom() const { return frames_.get(); }
  // Frames move.
  void grow() {
    const std::size_t used = frames_ ? size() + 1 : 1;
    const std::size_t room = frames_ ? 2 * static_cast<std::size_t>(limit_ - bottom()) : 16;
    std::unique_ptr<Frame[]> more(new Frame[room]);
    more[0] = {};
    if (frames_) std::copy_n(frames_.get(), used, more.get());
    frames_ = std::move(more);
    top_ = frames_.get() + used - 1;
    limit_ = frames_.get() + room;
    find_last();
  }
  bool is_full() const { return top_ + 1 == limit_; }

 private:
  std::unique_ptr<Frame[]> frames_;
  Frame* top_ = nullptr;
  Frame* limit_ = nullptr;
  Frame* last_ = nullptr;
  std::size_t most_ = 1024;

  void find_last() { last_ = std::min(limit_ - 1, bottom() + most_); }
};

}  // namespace flin::runtime
