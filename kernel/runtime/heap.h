// The heap of one isolate. How it works stands at the top of heap.cpp.
#pragma once

#include "runtime/object.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace flin::runtime {

class Heap;

// Gives the collector what lives outside the heap: stack, globals, frames.
class RootSource {
 public:
  virtual ~RootSource() = default;
  virtual void mark_roots(Heap& heap) = 0;
};

class RootedBase;

class Heap {
 public:
  // `limit`: bytes, R0003. `stress`: collect at every safe point.
  Heap(RootSource& roots, std::uint64_t limit, bool stress);
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // Memory for an object; never fails and never collects. The caller fills in every field before
  // the next safe point.
  void* allocate(std::size_t size) {
    if (size <= kLargestCell) {
      SizeClass& cls = classes_[class_of(size)];
      if (cls.bump + cls.cell > cls.limit) refill(cls);
      char* cell = cls.bump;
      cls.bump += cls.cell;
      bytes_ += cls.cell;
      return cell;
    }
    return allocate_large(size);
  }
  template <class T>
  T* make(ObjectKind kind, std::size_t extra_bytes = 0, std::uint16_t aux = 0) {
    auto* object = static_cast<T*>(allocate(sizeof(T) + extra_bytes));
    const std::uint8_t flags = sizeof(T) + extra_bytes > kLargestCell ? kLarge : 0;
    *static_cast<Object*>(object) = {kind, flags, aux, 0};
    return object;
  }

  // Collects if enough was allocated since the last time. Only between two instructions.
  void safe_point() {
    if (bytes_ >= next_collection_ || stress_) [[unlikely]]
      collect();
  }
  bool wants_collection() const { return bytes_ >= next_collection_ || stress_; }
  void collect();
  // Still above the limit after a collection: R0003.
  bool is_over_limit() const { return bytes_ > limit_; }
  // Whether `bytes` more fit under the limit, after a collection if need be. Ask before one big
  // allocation whose size the program chose.
  bool has_room(std::uint64_t bytes) const {
    return bytes <= limit_ && bytes_ <= limit_ + limit_ / 4 && bytes_ + bytes <= limit_ * 2;
  }

  // For RootSource and the collector.
  void mark(Value v) {
    if (is_object(v)) mark(as_object(v));
  }
  void mark(Object* object);
  void mark_range(const Value* from, const Value* to) {
    for (; from < to; ++from) mark(*from);
  }

  // Frees everything, in time proportional to the number of blocks; finalizers run first, in order
  // of creation.
  void drop();

  // A Foreign's finalizer runs when it is found dead or the heap is dropped.
  void needs_finalizer(Foreign* foreign) { finalizable_.push_back(foreign); }

  // Handles: values kept beyond a call (ICall::keep).
  std::uint64_t keep(Value v);
  Value kept(std::uint64_t handle) const;
  void forget(std::uint64_t handle);

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t limit() const { return limit_; }
  std::uint64_t collections() const { return collections_; }
  std::size_t blocks() const { return blocks_.size(); }
  bool is_stress() const { return stress_; }

  // Objects changed in place since new_epoch() carry its number in `extra`.
  std::uint32_t epoch() const { return epoch_; }
  void new_epoch() { ++epoch_; }

 private:
  friend class RootedBase;
  static constexpr std::size_t kBlockSize = 32 * 1024;
  static constexpr std::size_t kGranule = 16;
  static constexpr std::size_t kLargestCell = 2048;
  static constexpr std::size_t kClasses = 32;
  static constexpr std::size_t kBitmapWords = kBlockSize / kGranule / 64;

  struct Block {
    std::uint32_t cell, first;  // bytes of a cell; offset of the first
    Block* next;                // of the size class, still to be swept
    std::uint64_t marks[kBitmapWords];
  };
  struct SizeClass {
    std::uint32_t cell = 0;
    char* bump = nullptr;  // free run in use
    char* limit = nullptr;
    Block* current = nullptr;   // block of that run
    Block* to_sweep = nullptr;  // blocks behind it, not swept since the last collection
  };
  struct LargeHeader {
    std::uint64_t size;
    std::uint64_t marked;
  };

  std::size_t class_of(std::size_t size) const {
    return class_by_granules_[(size + kGranule - 1) / kGranule];
  }
  void refill(SizeClass& cls);
  bool next_run(SizeClass& cls, Block* block, char* from);
  Block* new_block(SizeClass& cls);
  void* allocate_large(std::size_t size);
  void mark_children(Object* object);
  void sweep_large();
  void run_finalizers();
  std::size_t size_of(const Object* object) const;
  void poison(char* from, char* to);

  RootSource& roots_;
  std::uint64_t limit_;
  bool stress_;
  std::uint8_t class_by_granules_[kLargestCell / kGranule + 1];
  SizeClass classes_[kClasses];
  std::size_t class_count_ = 0;
  std::vector<Block*> blocks_;
  std::vector<LargeHeader*> large_;
  std::vector<Object*> mark_stack_;
  std::vector<Foreign*> finalizable_;
  std::vector<Value> handles_;
  std::vector<std::uint64_t> free_handles_;
  RootedBase* rooted_ = nullptr;
  std::uint64_t bytes_ = 0;
  std::uint64_t live_ = 0;
  std::uint64_t next_collection_;
  std::uint64_t collections_ = 0;
  std::uint32_t epoch_ = 1;
};

}  // namespace flin::runtime
