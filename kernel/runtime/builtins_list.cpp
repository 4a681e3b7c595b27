// Built-ins of L 24.4 and 24.5 that take no function.
#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/compare.h"

#include <algorithm>
#include <random>
#include <unordered_map>

namespace flin::runtime {

namespace {

Outcome give_size(Value& out, const ListObject* list) {
  return give(out, from_small(Tagged::kInt, static_cast<std::int64_t>(list->size)));
}
Outcome give_list(Value& out, ListObject* list) { return give(out, from_object(list)); }

Value pair(Heap& heap, Value a, Value b) {
  auto* tuple = heap.make<Tuple>(ObjectKind::kTuple, 2 * sizeof(Value));
  tuple->size = 2;
  tuple->items()[0] = a;
  tuple->items()[1] = b;
  return from_object(tuple);
}

// A set of values by `==`, in a map.
class Seen {
 public:
  explicit Seen(Heap& heap) : heap_(heap), map_(new_map(heap)) {}
  bool add(Value v) {
    if (map_find(map_, v)) return false;
    map_put(heap_, map_, v, kTrue);
    return true;
  }
  bool has(Value v) const { return map_find(map_, v) != nullptr; }

 private:
  Heap& heap_;
  Map* map_;
};

// Resolves a position counted from the end; false: outside [0, limit).
bool position(std::int64_t index, std::uint64_t size, std::uint64_t limit, std::uint64_t& at) {
  const std::int64_t i = index < 0 ? index + static_cast<std::int64_t>(size) : index;
  if (i < 0 || static_cast<std::uint64_t>(i) >= limit) return false;
  at = static_cast<std::uint64_t>(i);
  return true;
}

ListObject* part(Machine& m, ListObject* list, std::uint64_t from, std::uint64_t to) {
  ListObject* out = new_list(m.heap(), from < to ? to - from : 0);
  for (std::uint64_t i = from; i < to; ++i) list_push(m.heap(), out, item_of(m.heap(), list, i));
  return out;
}

template <class Keep>
Outcome set_operation(Machine& m, const Value* args, std::uint32_t count, Value& out, Keep keep) {
  Args in(m, args, count);
  ListObject *a, *b;
  if (!in.list(0, a) || !in.list(1, b)) return kFailed;
  Heap& heap = m.heap();
  Seen in_a(heap), in_b(heap), given(heap);
  for (std::uint64_t i = 0; i < a->size; ++i) in_a.add(item_of(heap, a, i));
  for (std::uint64_t i = 0; i < b->size; ++i) in_b.add(item_of(heap, b, i));
  ListObject* result = new_list(heap);
  const auto take = [&](ListObject* from) {
    for (std::uint64_t i = 0; i < from->size; ++i) {
      const Value v = item_of(heap, from, i);
      if (keep(in_a.has(v), in_b.has(v)) && given.add(v)) list_push(heap, result, v);
    }
  };
  take(a);
  take(b);
  return give_list(out, result);
}

class Cloner {
 public:
  explicit Cloner(Heap& heap) : heap_(heap) {}
  // Lists and maps that contain themselves do so in the copy.
  Value copy(Value v, int depth = 0) {
    constexpr int kDepth = 1000;
    if (depth == kDepth || (!is_list(v) && !is_map(v))) return v;
    const auto known = copies_.find(v.bits);
    if (known != copies_.end()) return known->second;
    if (is_list(v)) {
      ListObject* list = new_list(heap_, as_list(v)->size);
      copies_[v.bits] = from_object(list);
      for (std::uint64_t i = 0; i < as_list(v)->size; ++i)
        list_push(heap_, list, copy(item_of(heap_, as_list(v), i), depth + 1));
      return from_object(list);
    }
    Map* map = new_map(heap_, as_map(v)->count);
    copies_[v.bits] = from_object(map);
    for (const MapEntry *entry = as_map(v)->begin(), *end = as_map(v)->end(); entry != end; ++entry)
      if (!is_empty(entry->key)) map_put(heap_, map, entry->key, copy(entry->value, depth + 1));
    return from_object(map);
  }

 private:
  Heap& heap_;
  std::unordered_map<std::uint64_t, Value> copies_;
};

}  // namespace

Outcome out_of_range(Machine& m, std::int64_t index, std::uint64_t size) {
  return m.fail(11, "index " + std::to_string(index) + " is out of range (list of " +
                        std::to_string(size) + ")");
}

#define NATIVE(name) \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out)

NATIVE(push) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  for (std::uint32_t i = 1; i < count; ++i) list_push(m.heap(), list, args[i]);
  return give_size(out, list);
}
NATIVE(unshift) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  if (count > 1) list_insert(m.heap(), list, 0, args + 1, count - 1);
  return give_size(out, list);
}
NATIVE(insert_at) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t index;
  std::uint64_t at;
  if (!in.list(0, list) || !in.integer(1, index)) return kFailed;
  if (!position(index, list->size, list->size + 1, at)) return out_of_range(m, index, list->size);
  const Value v = in.at(2);
  list_insert(m.heap(), list, at, &v, 1);
  return give_size(out, list);
}
NATIVE(pop) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  if (list->size == 0) return give(out, kNone);
  out = item_of(m.heap(), list, list->size - 1);
  list_erase(m.heap(), list, list->size - 1, 1);
  return Outcome::kValue;
}
NATIVE(shift) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  if (list->size == 0) return give(out, kNone);
  out = item_of(m.heap(), list, 0);
  list_erase(m.heap(), list, 0, 1);
  return Outcome::kValue;
}
NATIVE(remove_at) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t index;
  std::uint64_t at;
  if (!in.list(0, list) || !in.integer(1, index)) return kFailed;
  if (!position(index, list->size, list->size, at)) return out_of_range(m, index, list->size);
  out = item_of(m.heap(), list, at);
  list_erase(m.heap(), list, at, 1);
  return Outcome::kValue;
}
NATIVE(splice) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t index, n;
  std::uint64_t at;
  if (!in.list(0, list) || !in.integer(1, index) || !in.integer(2, n)) return kFailed;
  if (!position(index, list->size, list->size + 1, at)) return out_of_range(m, index, list->size);
  const std::uint64_t removed =
      std::min<std::uint64_t>(n < 0 ? 0 : static_cast<std::uint64_t>(n), list->size - at);
  ListObject* taken = part(m, list, at, at + removed);
  if (removed) list_erase(m.heap(), list, at, removed);
  if (count > 3) list_insert(m.heap(), list, at, args + 3, count - 3);
  return give_list(out, taken);
}
NATIVE(first) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  return give(out, list->size ? item_of(m.heap(), list, 0) : kNone);
}
NATIVE(last) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  return give(out, list->size ? item_of(m.heap(), list, list->size - 1) : kNone);
}
NATIVE(get) {
  Args in(m, args, count);
  if (is_map(in.at(0))) {
    const MapEntry* entry = map_find(as_map(in.at(0)), in.at(1));
    return give(out, entry ? entry->value : in.at(2));
  }
  ListObject* list;
  std::int64_t index;
  std::uint64_t at;
  if (is_text(in.at(0))) {
    if (!in.integer(1, index)) return kFailed;
    TextObject* t = as_text(in.at(0));
    const std::uint64_t size = t->chars;
    if (!position(index, size, size, at)) return give(out, make_text(m.heap(), ""));
    return give(out, from_object(substring(m.heap(), t, at, at + 1)));
  }
  if (!in.list(0, list) || !in.integer(1, index)) return kFailed;
  return give(out,
              position(index, list->size, list->size, at) ? item_of(m.heap(), list, at) : kNone);
}
NATIVE(rest) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  return give_list(out, part(m, list, std::min<std::uint64_t>(1, list->size), list->size));
}
NATIVE(concat) {
  Args in(m, args, count);
  ListObject* result = new_list(m.heap());
  for (std::uint32_t i = 0; i < count; ++i) {
    ListObject* list;
    if (!in.list(i, list)) return kFailed;
    for (std::uint64_t j = 0; j < list->size; ++j)
      list_push(m.heap(), result, item_of(m.heap(), list, j));
  }
  return give_list(out, result);
}
NATIVE(flatten) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  ListObject* result = new_list(m.heap());
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (!is_list(v))
      list_push(m.heap(), result, v);
    else
      for (std::uint64_t j = 0; j < as_list(v)->size; ++j)
        list_push(m.heap(), result, item_of(m.heap(), as_list(v), j));
  }
  return give_list(out, result);
}
NATIVE(unique) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  Seen seen(m.heap());
  ListObject* result = new_list(m.heap());
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (seen.add(v)) list_push(m.heap(), result, v);
  }
  return give_list(out, result);
}
NATIVE(compact) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  ListObject* result = new_list(m.heap());
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (is_truthy(v)) list_push(m.heap(), result, v);
  }
  return give_list(out, result);
}
NATIVE(shuffle) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  static thread_local std::mt19937_64 engine{std::random_device{}()};
  ListObject* result = part(m, list, 0, list->size);
  if (result->size)
    std::shuffle(result->slots->items(), result->slots->items() + result->size, engine);
  return give_list(out, result);
}
NATIVE(sum) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  Value total = from_small(Tagged::kInt, 0);
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (i == 0) total = v;
    if (is_text(v) || is_none(v) || is_bool(v)) return m.wrong_type("number", v);
    if (i > 0 && !add(m, total, v, total)) return kFailed;
  }
  return give(out, total);
}
NATIVE(avg) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  if (list->size == 0) return give(out, kNone);
  if (native_sum(m, args, count, out) == kFailed) return kFailed;
  return divide(m, out, from_small(Tagged::kInt, static_cast<std::int64_t>(list->size)), out)
             ? Outcome::kValue
             : kFailed;
}
NATIVE(median) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  if (list->size == 0) return give(out, kNone);
  std::vector<double> numbers;
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (!is_numeric(v)) return m.wrong_type("number", v);
    numbers.push_back(to_double(v));
  }
  std::sort(numbers.begin(), numbers.end());
  const std::size_t middle = numbers.size() / 2;
  return give(out, from_double(numbers.size() % 2 ? numbers[middle]
                                                  : (numbers[middle - 1] + numbers[middle]) / 2));
}
NATIVE(chunk) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t n;
  if (!in.list(0, list) || !in.integer(1, n)) return kFailed;
  if (n < 1) return bad_argument(m, "chunks of " + std::to_string(n));
  ListObject* result = new_list(m.heap());
  const auto size = static_cast<std::uint64_t>(n);
  for (std::uint64_t from = 0; from < list->size; from += std::min(size, list->size - from))
    list_push(m.heap(), result,
              from_object(part(m, list, from, from + std::min(size, list->size - from))));
  return give_list(out, result);
}
NATIVE(take) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t n;
  if (!in.list(0, list) || !in.integer(1, n)) return kFailed;
  return give_list(
      out, part(m, list, 0,
                std::min<std::uint64_t>(n < 0 ? 0 : static_cast<std::uint64_t>(n), list->size)));
}
NATIVE(drop) {
  Args in(m, args, count);
  ListObject* list;
  std::int64_t n;
  if (!in.list(0, list) || !in.integer(1, n)) return kFailed;
  return give_list(
      out,
      part(m, list, std::min<std::uint64_t>(n < 0 ? 0 : static_cast<std::uint64_t>(n), list->size),
           list->size));
}
NATIVE(enumerate) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  ListObject* result = new_list(m.heap(), list->size);
  for (std::uint64_t i = 0; i < list->size; ++i)
    list_push(m.heap(), result,
              pair(m.heap(), from_small(Tagged::kInt, static_cast<std::int64_t>(i)),
                   item_of(m.heap(), list, i)));
  return give_list(out, result);
}
NATIVE(zip) {
  Args in(m, args, count);
  ListObject *a, *b;
  if (!in.list(0, a) || !in.list(1, b)) return kFailed;
  ListObject* result = new_list(m.heap());
  for (std::uint64_t i = 0; i < std::min(a->size, b->size); ++i)
    list_push(m.heap(), result, pair(m.heap(), item_of(m.heap(), a, i), item_of(m.heap(), b, i)));
  return give_list(out, result);
}
NATIVE(zip_map) {
  Args in(m, args, count);
  ListObject *a, *b;
  if (!in.list(0, a) || !in.list(1, b)) return kFailed;
  Map* map = new_map(m.heap());
  for (std::uint64_t i = 0; i < std::min(a->size, b->size); ++i)
    map_put(m.heap(), map, item_of(m.heap(), a, i), item_of(m.heap(), b, i));
  return give(out, from_object(map));
}
NATIVE(union) {
  return set_operation(m, args, count, out, [](bool, bool) { return true; });
}
NATIVE(intersection) {
  return set_operation(m, args, count, out, [](bool a, bool b) { return a && b; });
}
NATIVE(difference) {
  return set_operation(m, args, count, out, [](bool a, bool b) { return a && !b; });
}
NATIVE(symmetric_difference) {
  return set_operation(m, args, count, out, [](bool a, bool b) { return a != b; });
}

NATIVE(range) {
  Args in(m, args, count);
  std::int64_t a, b, step = 1;
  if (!in.integer(0, a) || !in.integer(1, b) || !in.integer_or(2, step)) return kFailed;
  if (step == 0) return bad_argument(m, "a step of 0");
  const __int128 span = step > 0 ? static_cast<__int128>(b) - a : static_cast<__int128>(a) - b;
  const __int128 size = step > 0 ? step : -static_cast<__int128>(step);
  const __int128 n = span <= 0 ? 0 : (span + size - 1) / size;
  if (step == 1 && fits_small(a) && fits_small(b))
    return give_list(out, new_range(m.heap(), a, static_cast<std::uint64_t>(n)));
  if (n > (1 << 28)) return m.fail(3, "memory limit reached");
  if (!m.has_room(static_cast<std::uint64_t>(n) * sizeof(Value))) return kFailed;
  ListObject* list = new_list(m.heap(), static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i)
    list_push(m.heap(), list, make_int(m.heap(), a + i * step));
  return give_list(out, list);
}

NATIVE(keys) {
  Map* map;
  if (!Args(m, args, count).map(0, map)) return kFailed;
  ListObject* list = new_list(m.heap(), map->count);
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key)) list_push(m.heap(), list, entry.key);
  return give_list(out, list);
}
NATIVE(values) {
  Map* map;
  if (!Args(m, args, count).map(0, map)) return kFailed;
  ListObject* list = new_list(m.heap(), map->count);
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key)) list_push(m.heap(), list, entry.value);
  return give_list(out, list);
}
NATIVE(entries) {
  Map* map;
  if (!Args(m, args, count).map(0, map)) return kFailed;
  ListObject* list = new_list(m.heap(), map->count);
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key)) list_push(m.heap(), list, pair(m.heap(), entry.key, entry.value));
  return give_list(out, list);
}
NATIVE(from_entries) {
  ListObject* list;
  if (!Args(m, args, count).list(0, list)) return kFailed;
  Map* map = new_map(m.heap());
  for (std::uint64_t i = 0; i < list->size; ++i) {
    const Value v = item_of(m.heap(), list, i);
    if (is_kind(v, ObjectKind::kTuple) && cast<Tuple>(v)->size == 2)
      map_put(m.heap(), map, cast<Tuple>(v)->items()[0], cast<Tuple>(v)->items()[1]);
    else if (is_list(v) && as_list(v)->size == 2)
      map_put(m.heap(), map, item_of(m.heap(), as_list(v), 0), item_of(m.heap(), as_list(v), 1));
    else
      return m.wrong_type("(key, value)", v);
  }
  return give(out, from_object(map));
}
NATIVE(has_key) {
  Args in(m, args, count);
  Map* map;
  if (!in.map(0, map)) return kFailed;
  return give(out, from_bool(map_find(map, in.at(1)) != nullptr));
}
NATIVE(set) {
  Args in(m, args, count);
  Map* map;
  if (!in.map(0, map)) return kFailed;
  map_put(m.heap(), map, in.at(1), in.at(2));
  return give(out, kNone);
}
NATIVE(delete_key) {
  Args in(m, args, count);
  Map* map;
  if (!in.map(0, map)) return kFailed;
  const MapEntry* entry = map_find(map, in.at(1));
  out = entry ? entry->value : kNone;
  map_remove(m.heap(), map, in.at(1));
  return Outcome::kValue;
}
NATIVE(clear) {
  Args in(m, args, count);
  Map* map;
  if (!in.map(0, map)) return kFailed;
  map_clear(m.heap(), map);
  return give(out, kNone);
}
NATIVE(pick) {
  Args in(m, args, count);
  Map* map;
  ListObject* keys;
  if (!in.map(0, map) || !in.list(1, keys)) return kFailed;
  Seen wanted(m.heap());
  for (std::uint64_t i = 0; i < keys->size; ++i) wanted.add(item_of(m.heap(), keys, i));
  Map* result = new_map(m.heap());
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key) && wanted.has(entry.key))
      map_put(m.heap(), result, entry.key, entry.value);
  return give(out, from_object(result));
}
NATIVE(omit) {
  Args in(m, args, count);
  Map* map;
  ListObject* keys;
  if (!in.map(0, map) || !in.list(1, keys)) return kFailed;
  Map* result = map_copy(m.heap(), map);
  for (std::uint64_t i = 0; i < keys->size; ++i)
    map_remove(m.heap(), result, item_of(m.heap(), keys, i));
  return give(out, from_object(result));
}
NATIVE(merge) {
  Args in(m, args, count);
  Map* result = new_map(m.heap());
  for (std::uint32_t i = 0; i < count; ++i) {
    Map* map;
    if (!in.map(i, map)) return kFailed;
    map_extend(m.heap(), result, map);
  }
  return give(out, from_object(result));
}
NATIVE(clone) { return give(out, Cloner(m.heap()).copy(Args(m, args, count).at(0))); }

NATIVE(slice) {
  Args in(m, args, count);
  return m.slice(in.at(0), in.at(1), in.at(2), kNone, out) ? Outcome::kValue : kFailed;
}

}  // namespace flin::runtime
