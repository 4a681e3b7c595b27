// Lists: a growable run of values, or a range whose items are made when somebody needs them.
#pragma once

#include "runtime/heap.h"

#include <cstdint>

namespace flin::runtime {

ListObject* new_list(Heap& heap, std::size_t capacity = 0);
ListObject* new_list(Heap& heap, const Value* items, std::size_t count);
// first, first + 1, .. (count of them): keeps no items.
ListObject* new_range(Heap& heap, std::int64_t first, std::uint64_t count);

Value make_whole(Heap& heap, Tagged tag, std::int64_t value);  // int, time, duration
inline Value make_int(Heap& heap, std::int64_t value) {
  return fits_small(value) ? from_small(Tagged::kInt, value)
                           : make_whole(heap, Tagged::kInt, value);
}
Value make_money(Heap& heap, std::int64_t minor, std::string_view currency);

// The items, made if it was a range. Valid until the list changes.
Value* items_of(Heap& heap, ListObject* list);
// One item without making the others; index < size.
Value item_of(Heap& heap, const ListObject* list, std::uint64_t index);

// Changes in place. Each keeps an iterator's items as they were.
void list_push(Heap& heap, ListObject* list, Value value);
void list_set(Heap& heap, ListObject* list, std::uint64_t index, Value value);
void list_insert(Heap& heap, ListObject* list, std::uint64_t index, const Value* values,
                 std::uint64_t count);
void list_erase(Heap& heap, ListObject* list, std::uint64_t index, std::uint64_t count);

// What an iterator walks over: the items as they are now. The list changes a copy from here on.
Slots* snapshot_of(Heap& heap, ListObject* list);

}  // namespace flin::runtime
