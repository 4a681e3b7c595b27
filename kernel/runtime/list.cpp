#include "runtime/list.h"

#include <algorithm>
#include <cstring>

namespace flin::runtime {

namespace {

Slots* new_slots(Heap& heap, std::size_t capacity) {
  auto* slots = heap.make<Slots>(ObjectKind::kSlots, capacity * sizeof(Value));
  slots->capacity = capacity;
  std::fill_n(slots->items(), capacity, kEmpty);
  return slots;
}

// Makes the items of a range, gives the list slots of its own if an iterator holds them, and room
// for `capacity` values.
void make_writable(Heap& heap, ListObject* list, std::uint64_t capacity) {
  items_of(heap, list);
  list->extra = heap.epoch();
  Slots* old = list->slots;
  if (old && !(old->flags & kShared) && capacity <= old->capacity) return;
  const std::uint64_t grown =
      old && capacity > old->capacity ? old->capacity + old->capacity / 2 : 0;
  Slots* slots = new_slots(heap, std::max({capacity, grown, std::uint64_t{4}}));
  if (old) std::copy_n(old->items(), list->size, slots->items());
  list->slots = slots;
}

}  // namespace

Value make_whole(Heap& heap, Tagged tag, std::int64_t value) {
  if (fits_small(value)) return from_small(tag, value);
  auto* boxed = heap.make<Boxed>(ObjectKind::kBoxed, 0, static_cast<std::uint16_t>(tag));
  boxed->value = value;
  return from_object(boxed);
}

Value make_money(Heap& heap, std::int64_t minor, std::string_view currency) {
  auto* money = heap.make<Money>(ObjectKind::kMoney);
  money->minor = minor;
  std::memset(money->currency, 0, sizeof money->currency);
  currency.copy(money->currency, 3);
  return from_object(money);
}

ListObject* new_list(Heap& heap, std::size_t capacity) {
  auto* list = heap.make<ListObject>(ObjectKind::kList);
  list->extra = heap.epoch();
  list->size = 0;
  list->first = 0;
  list->slots = capacity ? new_slots(heap, capacity) : nullptr;
  return list;
}

ListObject* new_list(Heap& heap, const Value* items, std::size_t count) {
  ListObject* list = new_list(heap, count);
  if (count) std::copy_n(items, count, list->slots->items());
  list->size = count;
  return list;
}

ListObject* new_range(Heap& heap, std::int64_t first, std::uint64_t count) {
  ListObject* list = new_list(heap);
  list->size = count;
  list->first = first;
  if (count) list->flags |= kRangeList;
  return list;
}

Value* items_of(Heap& heap, ListObject* list) {
  if (list->flags & kRangeList) {
    Slots* slots = new_slots(heap, list->size);
    for (std::uint64_t i = 0; i < list->size; ++i)
      slots->items()[i] = make_int(heap, list->first + static_cast<std::int64_t>(i));
    list->slots = slots;
    list->flags &= static_cast<std::uint8_t>(~kRangeList);
  }
  return list->slots ? list->slots->items() : nullptr;
}

Value item_of(Heap& heap, const ListObject* list, std::uint64_t index) {
  if (list->flags & kRangeList)
    return make_int(heap, list->first + static_cast<std::int64_t>(index));
  return list->slots->items()[index];
}

void list_push(Heap& heap, ListObject* list, Value value) {
  Slots* slots = list->slots;
  if (slots == nullptr || (slots->flags & kShared) || list->size == slots->capacity) [[unlikely]]
    make_writable(heap, list, list->size + 1);
  list->extra = heap.epoch();
  list->slots->items()[list->size++] = value;
}

void list_set(Heap& heap, ListObject* list, std::uint64_t index, Value value) {
  if (list->slots == nullptr || (list->slots->flags & kShared)) [[unlikely]]
    make_writable(heap, list, list->size);
  list->extra = heap.epoch();
  list->slots->items()[index] = value;
}

void list_insert(Heap& heap, ListObject* list, std::uint64_t index, const Value* values,
                 std::uint64_t count) {
  make_writable(heap, list, list->size + count);
  Value* items = list->slots->items();
  std::copy_backward(items + index, items + list->size, items + list->size + count);
  std::copy_n(values, count, items + index);
  list->size += count;
}

void list_erase(Heap& heap, ListObject* list, std::uint64_t index, std::uint64_t count) {
  make_writable(heap, list, list->size);
  Value* items = list->slots->items();
  std::copy(items + index + count, items + list->size, items + index);
  std::fill_n(items + list->size - count, count, kEmpty);
  list->size -= count;
}

Slots* snapshot_of(Heap& heap, ListObject* list) {
  items_of(heap, list);
  if (list->slots) list->slots->flags |= kShared;
  return list->slots;
}

}  // namespace flin::runtime
