// Maps in order of insertion: entries in a row, and above eight of them an index by open
// addressing. Keys are compared as by `==` (L 3.8), so 1 and 1.0 are one key.
#pragma once

#include "runtime/heap.h"

namespace flin::runtime {

Map* new_map(Heap& heap, std::size_t capacity = 0);
std::uint64_t hash_value(Value key);

MapEntry* map_find(const Map* map, Value key);
MapEntry* map_find(const Map* map, TextObject* key);
// Later values win, the first position stays.
void map_put(Heap& heap, Map* map, Value key, Value value);
bool map_remove(Heap& heap, Map* map, Value key);
void map_clear(Heap& heap, Map* map);
// Entries of `from` over those of `map`.
void map_extend(Heap& heap, Map* map, const Map* from);
Map* map_copy(Heap& heap, const Map* map);

// The entries as they are now, for an iterator; the map changes a copy from here on. Null: empty.
Bytes* map_snapshot(Map* map);

}  // namespace flin::runtime
