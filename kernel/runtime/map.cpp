#include "runtime/map.h"

#include "runtime/compare.h"
#include "runtime/text.h"

#include <algorithm>
#include <cstring>

namespace flin::runtime {

namespace {

constexpr std::uint32_t kLinear = 8;  // up to here entries are searched one by one

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 33) * 0xFF51AFD7ED558CCDu;
  return x ^ x >> 33;
}

std::uint32_t capacity_of(const Map* map) {
  return map->entries ? static_cast<std::uint32_t>(map->entries->size / sizeof(MapEntry)) : 0;
}

std::uint32_t* index_of(const Map* map) {
  return reinterpret_cast<std::uint32_t*>(map->index->data());
}

void put_in_index(Map* map, std::uint32_t position) {
  const std::uint64_t mask = map->index->size / sizeof(std::uint32_t) - 1;
  std::uint32_t* index = index_of(map);
  std::uint64_t at = map->begin()[position].hash & mask;
  while (index[at] != 0) at = (at + 1) & mask;
  index[at] = position + 1;
}

// New entries without the deleted ones, and a new index.
void rebuild(Heap& heap, Map* map, std::uint32_t capacity) {
  auto* entries = heap.make<Bytes>(ObjectKind::kBytes, capacity * sizeof(MapEntry));
  entries->size = capacity * sizeof(MapEntry);
  entries->used = 0;
  auto* to = reinterpret_cast<MapEntry*>(entries->data());
  std::uint32_t n = 0;
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key)) to[n++] = entry;
  map->entries = entries;
  map->used = n;
  map->index = nullptr;
  if (capacity <= kLinear) return;
  std::uint64_t size = 16;
  while (size < capacity * 2u) size *= 2;
  auto* index = heap.make<Bytes>(ObjectKind::kBytes, size * sizeof(std::uint32_t));
  index->size = index->used = size * sizeof(std::uint32_t);
  std::memset(index->data(), 0, index->size);
  map->index = index;
  for (std::uint32_t i = 0; i < n; ++i) put_in_index(map, i);
}

template <class IsKey>
MapEntry* find(const Map* map, std::uint64_t hash, IsKey is_key) {
  MapEntry* entries = map->begin();
  if (map->index == nullptr) {
    for (std::uint32_t i = 0; i < map->used; ++i)
      if (entries[i].hash == hash && is_key(entries[i].key)) return entries + i;
    return nullptr;
  }
  const std::uint64_t mask = map->index->size / sizeof(std::uint32_t) - 1;
  const std::uint32_t* index = index_of(map);
  for (std::uint64_t at = hash & mask; index[at] != 0; at = (at + 1) & mask) {
    MapEntry& entry = entries[index[at] - 1];
    if (entry.hash == hash && is_key(entry.key)) return &entry;
  }
  return nullptr;
}

void make_writable(Heap& heap, Map* map) {
  map->extra = heap.epoch();
  if (map->entries && (map->entries->flags & kShared)) rebuild(heap, map, capacity_of(map));
}

}  // namespace

std::uint64_t hash_value(Value key) {
  if (is_double(key)) {
    const double d = as_double(key);
    if (d >= -9.2e18 && d <= 9.2e18 && d == static_cast<double>(static_cast<std::int64_t>(d)))
      return mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(d)));
    return mix(key.bits);
  }
  if (!is_object(key))
    return mix(is_small_int(key) ? static_cast<std::uint64_t>(small_payload(key)) : key.bits);
  Object* object = as_object(key);
  switch (object->kind) {
    case ObjectKind::kText: return hash_of(static_cast<TextObject*>(object));
    case ObjectKind::kBoxed:
      return mix(static_cast<std::uint64_t>(static_cast<Boxed*>(object)->value));
    case ObjectKind::kEnum: {
      auto* e = static_cast<Enum*>(object);
      std::uint64_t h = hash_bytes(e->variant->view());
      for (std::uint64_t i = 0; i < e->size; ++i) h = mix(h * 31 + hash_value(e->items()[i]));
      return h;
    }
    case ObjectKind::kTuple: {
      auto* tuple = static_cast<Tuple*>(object);
      std::uint64_t h = tuple->size;
      for (std::uint64_t i = 0; i < tuple->size; ++i)
        h = mix(h * 31 + hash_value(tuple->items()[i]));
      return h;
    }
    case ObjectKind::kMoney:
      return mix(static_cast<std::uint64_t>(static_cast<Money*>(object)->minor));
    case ObjectKind::kRecord: return mix(static_cast<Record*>(object)->id);
    default: return 0;
  }
}

Map* new_map(Heap& heap, std::size_t capacity) {
  auto* map = heap.make<Map>(ObjectKind::kMap);
  map->extra = heap.epoch();
  map->count = map->used = 0;
  map->entries = map->index = nullptr;
  if (capacity) rebuild(heap, map, static_cast<std::uint32_t>(capacity));
  return map;
}

MapEntry* map_find(const Map* map, Value key) {
  if (is_text(key)) return map_find(map, as_text(key));
  return find(map, hash_value(key), [&](Value k) { return equal_values(k, key); });
}

MapEntry* map_find(const Map* map, TextObject* key) {
  return find(map, hash_of(key),
              [&](Value k) { return is_text(k) && equal_texts(as_text(k), key); });
}

void map_put(Heap& heap, Map* map, Value key, Value value) {
  make_writable(heap, map);
  if (MapEntry* entry = map_find(map, key)) {
    entry->value = value;
    return;
  }
  const std::uint32_t capacity = capacity_of(map);
  if (map->used == capacity)
    rebuild(heap, map, map->count < capacity / 2 ? capacity : std::max(4u, capacity * 2));
  map->begin()[map->used] = {key, value, hash_value(key)};
  if (map->index) put_in_index(map, map->used);
  ++map->used;
  ++map->count;
}

bool map_remove(Heap& heap, Map* map, Value key) {
  make_writable(heap, map);
  MapEntry* entry = map_find(map, key);
  if (entry == nullptr) return false;
  // The index still leads past the deleted entry to those behind it.
  entry->key = kEmpty;
  entry->value = kNone;
  --map->count;
  if (map->count == 0) {
    map->used = 0;
    map->entries = map->index = nullptr;
  }
  return true;
}

void map_clear(Heap& heap, Map* map) {
  map->extra = heap.epoch();
  map->count = map->used = 0;
  map->entries = map->index = nullptr;  // an iterator may still have them
}

void map_extend(Heap& heap, Map* map, const Map* from) {
  for (const MapEntry* entry = from->begin(); entry != from->end(); ++entry)
    if (!is_empty(entry->key)) map_put(heap, map, entry->key, entry->value);
}

Map* map_copy(Heap& heap, const Map* map) {
  Map* copy = new_map(heap, map->count);
  map_extend(heap, copy, map);
  return copy;
}

Bytes* map_snapshot(Map* map) {
  if (map->entries) map->entries->flags |= kShared;
  return map->entries;
}

}  // namespace flin::runtime
