#include "runtime/compare.h"

#include "runtime/map.h"
#include "runtime/text.h"

#include <cmath>

namespace flin::runtime {

namespace {

constexpr int kDepth = 1000;

bool equal(Value a, Value b, int depth);

// Exact: 2^53 + 1 is not equal to the number 2^53.
bool equal_int_number(std::int64_t i, double d) {
  return d >= -9223372036854775808.0 && d < 9223372036854775808.0 &&
         static_cast<double>(static_cast<std::int64_t>(d)) == d &&
         static_cast<std::int64_t>(d) == i;
}

Order order_of(double a, double b) {
  return a < b ? Order::kLess : a > b ? Order::kGreater : a == b ? Order::kEqual : Order::kNone;
}
Order order_of(std::int64_t a, std::int64_t b) {
  return a < b ? Order::kLess : a > b ? Order::kGreater : Order::kEqual;
}
Order reversed(Order o) {
  return o == Order::kLess ? Order::kGreater : o == Order::kGreater ? Order::kLess : o;
}

Order order_int_number(std::int64_t i, double d) {
  if (std::isnan(d)) return Order::kNone;
  if (d >= 9223372036854775808.0) return Order::kLess;
  if (d < -9223372036854775808.0) return Order::kGreater;
  const auto floor = static_cast<std::int64_t>(std::floor(d));
  if (i != floor) return order_of(i, floor);
  return d > std::floor(d) ? Order::kLess : Order::kEqual;
}

Value at(const ListObject* list, std::uint64_t i) {
  // A range's items are small: MakeRange keeps longer ones as items.
  if (list->flags & kRangeList)
    return from_small(Tagged::kInt, list->first + static_cast<std::int64_t>(i));
  return list->slots->items()[i];
}

bool equal_lists(const ListObject* a, const ListObject* b, int depth) {
  if (a->size != b->size) return false;
  for (std::uint64_t i = 0; i < a->size; ++i)
    if (!equal(at(a, i), at(b, i), depth)) return false;
  return true;
}

bool equal_maps(const Map* a, const Map* b, int depth) {
  if (a->count != b->count) return false;
  for (const MapEntry* entry = a->begin(); entry != a->end(); ++entry) {
    if (is_empty(entry->key)) continue;
    const MapEntry* other = map_find(b, entry->key);
    if (other == nullptr || !equal(entry->value, other->value, depth)) return false;
  }
  return true;
}

bool equal_items(const Value* a, const Value* b, std::uint64_t count, int depth) {
  for (std::uint64_t i = 0; i < count; ++i)
    if (!equal(a[i], b[i], depth)) return false;
  return true;
}

bool equal_objects(Object* a, Object* b, int depth) {
  if (a == b) return true;
  if (a->kind != b->kind || depth == 0) return false;
  switch (a->kind) {
    case ObjectKind::kText:
      return equal_texts(static_cast<TextObject*>(a), static_cast<TextObject*>(b));
    case ObjectKind::kList:
      return equal_lists(static_cast<ListObject*>(a), static_cast<ListObject*>(b), depth - 1);
    case ObjectKind::kMap: return equal_maps(static_cast<Map*>(a), static_cast<Map*>(b), depth - 1);
    case ObjectKind::kTuple: {
      auto *s = static_cast<Tuple*>(a), *t = static_cast<Tuple*>(b);
      return s->size == t->size && equal_items(s->items(), t->items(), s->size, depth - 1);
    }
    case ObjectKind::kEnum: {
      auto *s = static_cast<Enum*>(a), *t = static_cast<Enum*>(b);
      return equal_texts(s->variant, t->variant) && equal_texts(s->type, t->type) &&
             s->size == t->size && equal_items(s->items(), t->items(), s->size, depth - 1);
    }
    case ObjectKind::kRecord: {
      auto *s = static_cast<Record*>(a), *t = static_cast<Record*>(b);
      return s->type == t->type && s->id != 0 && s->id == t->id;
    }
    case ObjectKind::kBoxed:
      return a->aux == b->aux && static_cast<Boxed*>(a)->value == static_cast<Boxed*>(b)->value;
    case ObjectKind::kMoney: {
      auto *s = static_cast<Money*>(a), *t = static_cast<Money*>(b);
      return s->minor == t->minor && s->code() == t->code();
    }
    case ObjectKind::kView:
      return equal_texts(static_cast<View*>(a)->html, static_cast<View*>(b)->html);
    case ObjectKind::kRegex: {
      auto *s = static_cast<Regex*>(a), *t = static_cast<Regex*>(b);
      return s->flags == t->flags && equal_texts(s->pattern, t->pattern);
    }
    default: return false;
  }
}

bool equal(Value a, Value b, int depth) {
  if (a.bits == b.bits) return !is_double(a) || as_double(a) == as_double(a);
  if (is_double(a)) {
    if (is_double(b)) return as_double(a) == as_double(b);
    return is_int(b) && equal_int_number(whole(b), as_double(a));
  }
  if (is_double(b)) return is_int(a) && equal_int_number(whole(a), as_double(b));
  return is_object(a) && is_object(b) && equal_objects(as_object(a), as_object(b), depth);
}

}  // namespace

bool equal_values(Value a, Value b) { return equal(a, b, kDepth); }

Order compare_values(Value a, Value b) {
  if (is_numeric(a) && is_numeric(b)) {
    if (is_double(a)) {
      return is_double(b) ? order_of(as_double(a), as_double(b))
                          : reversed(order_int_number(whole(b), as_double(a)));
    }
    return is_double(b) ? order_int_number(whole(a), as_double(b)) : order_of(whole(a), whole(b));
  }
  if (is_text(a) && is_text(b)) {
    const int c =
        as_text(a)->view().compare(as_text(b)->view());  // bytes of UTF-8 sort as code points
    return c < 0 ? Order::kLess : c > 0 ? Order::kGreater : Order::kEqual;
  }
  if ((is_time(a) && is_time(b)) || (is_duration(a) && is_duration(b)))
    return order_of(whole(a), whole(b));
  if (is_kind(a, ObjectKind::kMoney) && is_kind(b, ObjectKind::kMoney)) {
    if (cast<Money>(a)->code() != cast<Money>(b)->code()) return Order::kCurrencies;
    return order_of(cast<Money>(a)->minor, cast<Money>(b)->minor);
  }
  return Order::kMixed;
}

}  // namespace flin::runtime
