// Rooted: a value that C++ holds across Isolate::run(). Inside natives and opcodes it is not
// needed: the heap collects only between two instructions.
#pragma once

#include "runtime/heap.h"

namespace flin::runtime {

class RootedBase {
 protected:
  RootedBase(Heap& heap, Value value) : value_(value), heap_(heap), next_(heap.rooted_) {
    if (next_) next_->previous_ = this;
    heap.rooted_ = this;
  }
  ~RootedBase() {
    if (previous_)
      previous_->next_ = next_;
    else
      heap_.rooted_ = next_;
    if (next_) next_->previous_ = previous_;
  }
  RootedBase(const RootedBase&) = delete;
  RootedBase& operator=(const RootedBase&) = delete;

  Value value_;

 private:
  friend class Heap;
  Heap& heap_;
  RootedBase* next_;
  RootedBase* previous_ = nullptr;
};

class Rooted : private RootedBase {
 public:
  explicit Rooted(Heap& heap, Value value = kNone) : RootedBase(heap, value) {}
  Rooted& operator=(Value value) {
    value_ = value;
    return *this;
  }
  Value get() const { return value_; }
  operator Value() const { return value_; }
};

}  // namespace flin::runtime
