// The heap: a non-moving mark-sweep collector for one agent.
//
// Shape. Objects up to 2 KiB lie in blocks of 32 KiB, each cut into cells of one size; larger ones
// have memory of their own. A block is aligned to its size, so the block of an object is its
// address with the low 15 bits cut off. Mark bits do not stand in the objects but in a bitmap at
// the block's start, one bit per 16 bytes: a cycle clears and reads them without touching the
// objects, and a short-lived object's memory is written once, by its maker.
//
// Allocating. Each size class bumps a pointer through a run of free cells. When the run is used up,
// refill() looks for the next run in the bitmap: zero bits are free cells. That is the sweep, done
// lazily, block by block, by whoever allocates; cells are never linked into lists. Cells allocated
// after a collection carry no mark, which is right: nobody looks at the bitmap behind the pointer
// before the next collection clears it.
//
// Collecting. Marking starts at the roots (stack, globals, frames, Rooted, handles) and goes on
// over an explicit stack, so a list of a million links needs no C++ stack. Marking counts the bytes
// that live; the next collection comes when twice that has been allocated, at least 1 MiB.
//
// When. allocate() never collects. The machine does, by safe_point(): between two instructions, at
// back edges, calls and after natives. There every live value is in a root, so natives and plugins
// hold raw pointers freely while they run; the price is that one native may go over the limit by
// what it makes, and those whose size a program chooses ask has_room() first. With `stress` every
// instruction is a safe point and every safe point collects, and dead cells are overwritten with
// 0xDB: a value that somebody forgot to root does not survive a test.
//
// Dropping. A page's or request's heap is thrown away whole: drop() frees blocks and large objects
// and looks at no cell. Only objects with a finalizer stand in a list of their own.
#include "runtime/heap.h"

#include "base/assert.h"
#include "flin/plugin.h"
#include "runtime/roots.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace flin::runtime {

namespace {

constexpr std::uint64_t kFirstCollection = 1u << 20;

constexpr std::uint32_t kCells[] = {16,  32,  48,  64,   80,   96,   112,  128,
                                    160, 192, 224, 256,  320,  384,  448,  512,
                                    640, 768, 896, 1024, 1280, 1536, 1792, 2048};

}  // namespace

Heap::Heap(RootSource& roots, std::uint64_t limit, bool stress)
    : roots_(roots),
      limit_(limit),
      stress_(stress),
      next_collection_(std::min(kFirstCollection, limit)) {
  class_count_ = sizeof kCells / sizeof kCells[0];
  std::size_t cls = 0;
  for (std::size_t granules = 0; granules <= kLargestCell / kGranule; ++granules) {
    if (granules * kGranule > kCells[cls]) ++cls;
    class_by_granules_[granules] = static_cast<std::uint8_t>(cls);
  }
  for (std::size_t i = 0; i < class_count_; ++i) classes_[i].cell = kCells[i];
}

Heap::~Heap() { drop(); }

Heap::Block* Heap::new_block(SizeClass& cls) {
  void* memory = std::aligned_alloc(kBlockSize, kBlockSize);
  if (memory == nullptr) throw std::bad_alloc();
  auto* block = static_cast<Block*>(memory);
  block->cell = cls.cell;
  block->first = (sizeof(Block) + kGranule - 1) / kGranule * kGranule;
  block->next = nullptr;
  std::memset(block->marks, 0, sizeof block->marks);
  blocks_.push_back(block);
  return block;
}

// Sets the run [bump, limit) of the first free cells of `block` at or behind `from`.
bool Heap::next_run(SizeClass& cls, Block* block, char* from) {
  char* const base = reinterpret_cast<char*>(block);
  char* const end = base + kBlockSize;
  const std::uint32_t cell = block->cell;
  const auto is_marked = [&](const char* at) {
    const std::size_t bit = static_cast<std::size_t>(at - base) / kGranule;
    return (block->marks[bit / 64] >> (bit % 64) & 1) != 0;
  };
  char* at = from;
  while (at + cell <= end && is_marked(at)) at += cell;
  if (at + cell > end) return false;
  char* stop = at;
  while (stop + cell <= end && !is_marked(stop)) stop += cell;
  cls.bump = at;
  cls.limit = stop;
  cls.current = block;
  if (stress_) poison(at, stop);
  return true;
}

void Heap::refill(SizeClass& cls) {
  if (cls.current && next_run(cls, cls.current, cls.limit)) return;
  while (cls.to_sweep) {
    Block* block = cls.to_sweep;
    cls.to_sweep = block->next;
    if (next_run(cls, block, reinterpret_cast<char*>(block) + block->first)) return;
  }
  Block* block = new_block(cls);
  const bool found = next_run(cls, block, reinterpret_cast<char*>(block) + block->first);
  FLIN_ASSERT(found, "a new block has free cells");
}

void* Heap::allocate_large(std::size_t size) {
  auto* header = static_cast<LargeHeader*>(std::malloc(sizeof(LargeHeader) + size));
  if (header == nullptr) throw std::bad_alloc();
  header->size = size;
  header->marked = 0;
  large_.push_back(header);
  bytes_ += size;
  return header + 1;
}

std::size_t Heap::size_of(const Object* object) const {
  if (object->flags & kLarge) return (reinterpret_cast<const LargeHeader*>(object) - 1)->size;
  return reinterpret_cast<const Block*>(reinterpret_cast<std::uintptr_t>(object) &
                                        ~(kBlockSize - 1))
      ->cell;
}

void Heap::mark(Object* object) {
  if (object == nullptr || (object->flags & kImmortal)) return;
  if (object->flags & kLarge) {
    auto* header = reinterpret_cast<LargeHeader*>(object) - 1;
    if (header->marked) return;
    header->marked = 1;
  } else {
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    auto* block = reinterpret_cast<Block*>(address & ~(kBlockSize - 1));
    const std::size_t bit = (address & (kBlockSize - 1)) / kGranule;
    const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
    if (block->marks[bit / 64] & mask) return;
    block->marks[bit / 64] |= mask;
  }
  live_ += size_of(object);
  if (object->kind != ObjectKind::kBytes && object->kind != ObjectKind::kBoxed &&
      object->kind != ObjectKind::kMoney)
    mark_stack_.push_back(object);
}

void Heap::mark_children(Object* object) {
  switch (object->kind) {
    case ObjectKind::kText: mark(static_cast<TextObject*>(object)->owner); break;
    case ObjectKind::kSlots: {
      auto* slots = static_cast<Slots*>(object);
      mark_range(slots->items(), slots->items() + slots->capacity);
      break;
    }
    case ObjectKind::kList: mark(static_cast<ListObject*>(object)->slots); break;
    case ObjectKind::kMap: {
      auto* map = static_cast<Map*>(object);
      mark(map->entries);
      mark(map->index);
      for (const MapEntry& entry : *map) {
        mark(entry.key);
        mark(entry.value);
      }
      break;
    }
    case ObjectKind::kTuple: {
      auto* tuple = static_cast<Tuple*>(object);
      mark_range(tuple->items(), tuple->items() + tuple->size);
      break;
    }
    case ObjectKind::kEnum: {
      auto* e = static_cast<Enum*>(object);
      mark_range(e->items(), e->items() + e->size);
      break;
    }
    case ObjectKind::kRecord: {
      auto* record = static_cast<Record*>(object);
      mark_range(&record->created_at, &record->deleted_at + 1);
      mark_range(record->fields(), record->fields() + record->size);
      break;
    }
    case ObjectKind::kClosure: {
      auto* closure = static_cast<Closure*>(object);
      mark(closure->component);
      for (std::uint32_t i = 0; i < closure->size; ++i) mark(closure->cells()[i]);
      break;
    }
    case ObjectKind::kCell: mark(static_cast<Captured*>(object)->value); break;
    case ObjectKind::kComponent:
      mark(static_cast<Component*>(object)->props);
      mark(static_cast<Component*>(object)->state);
      break;
    case ObjectKind::kView: mark(static_cast<View*>(object)->html); break;
    case ObjectKind::kError: {
      auto* error = static_cast<ErrorObject*>(object);
      mark(error->message);
      mark(error->code_text);
      mark(error->fields);
      mark(error->cause);
      mark(error->trace);
      break;
    }
    case ObjectKind::kRegex: mark(static_cast<Regex*>(object)->pattern); break;
    case ObjectKind::kIterator: {
      auto* iterator = static_cast<Iterator*>(object);
      mark(iterator->subject);
      // The entries of a map are raw bytes to the collector when they are reached without their
      // map.
      if (iterator->aux == static_cast<std::uint16_t>(IterKind::kMap)) {
        const auto* entries =
            reinterpret_cast<const MapEntry*>(static_cast<Bytes*>(iterator->subject)->data());
        for (std::uint64_t i = 0; i < iterator->size; ++i) {
          mark(entries[i].key);
          mark(entries[i].value);
        }
      }
      break;
    }
    case ObjectKind::kBytes:
    case ObjectKind::kForeign:
    case ObjectKind::kPredicate:
    case ObjectKind::kBoxed:
    case ObjectKind::kMoney: break;
  }
}

void Heap::collect() {
  ++collections_;
  live_ = 0;
  for (Block* block : blocks_) std::memset(block->marks, 0, sizeof block->marks);
  for (LargeHeader* header : large_) header->marked = 0;

  roots_.mark_roots(*this);
  for (const RootedBase* rooted = rooted_; rooted; rooted = rooted->next_) mark(rooted->value_);
  for (const Value v : handles_) mark(v);
  while (!mark_stack_.empty()) {
    Object* object = mark_stack_.back();
    mark_stack_.pop_back();
    mark_children(object);
  }

  run_finalizers();
  sweep_large();
  for (std::size_t i = 0; i < class_count_; ++i) {
    classes_[i].bump = classes_[i].limit = nullptr;
    classes_[i].current = classes_[i].to_sweep = nullptr;
  }
  for (Block* block : blocks_) {
    SizeClass& cls = classes_[class_of(block->cell)];
    block->next = cls.to_sweep;
    cls.to_sweep = block;
    if (!stress_) continue;
    char* from = reinterpret_cast<char*>(block) + block->first;
    SizeClass run = cls;
    while (next_run(run, block, from)) from = run.limit;
  }
  bytes_ = live_;
  next_collection_ =
      std::min(std::max(live_ * 2, kFirstCollection), std::max(limit_, live_ + live_ / 8 + 1));
}

void Heap::run_finalizers() {
  std::size_t kept = 0;
  for (Foreign* foreign : finalizable_) {
    const auto address = reinterpret_cast<std::uintptr_t>(foreign);
    const auto* block = reinterpret_cast<const Block*>(address & ~(kBlockSize - 1));
    const std::size_t bit = (address & (kBlockSize - 1)) / kGranule;
    if (block->marks[bit / 64] >> (bit % 64) & 1) {
      finalizable_[kept++] = foreign;
    } else if (foreign->type->finalize) {
      foreign->type->finalize(foreign->data);
    }
  }
  finalizable_.resize(kept);
}

void Heap::sweep_large() {
  std::size_t kept = 0;
  for (LargeHeader* header : large_) {
    if (header->marked)
      large_[kept++] = header;
    else
      std::free(header);
  }
  large_.resize(kept);
}

void Heap::poison(char* from, char* to) {
  std::memset(from, 0xDB, static_cast<std::size_t>(to - from));
}

void Heap::drop() {
  for (Foreign* foreign : finalizable_)
    if (foreign->type->finalize) foreign->type->finalize(foreign->data);
  finalizable_.clear();
  for (Block* block : blocks_) std::free(block);
  for (LargeHeader* header : large_) std::free(header);
  blocks_.clear();
  large_.clear();
  handles_.clear();
  free_handles_.clear();
  for (std::size_t i = 0; i < class_count_; ++i) {
    const std::uint32_t cell = classes_[i].cell;
    classes_[i] = SizeClass{};
    classes_[i].cell = cell;
  }
  bytes_ = live_ = 0;
  next_collection_ = std::min(kFirstCollection, limit_);
}

std::uint64_t Heap::keep(Value v) {
  if (free_handles_.empty()) {
    handles_.push_back(v);
    return handles_.size();
  }
  const std::uint64_t handle = free_handles_.back();
  free_handles_.pop_back();
  handles_[handle - 1] = v;
  return handle;
}

Value Heap::kept(std::uint64_t handle) const {
  return handle == 0 || handle > handles_.size() ? kNone : handles_[handle - 1];
}

void Heap::forget(std::uint64_t handle) {
  if (handle == 0 || handle > handles_.size()) return;
  handles_[handle - 1] = kEmpty;
  free_handles_.push_back(handle);
}

}  // namespace flin::runtime
