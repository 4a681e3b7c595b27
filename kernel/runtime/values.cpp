// What single instructions do to values: comparison, loops, text, numbers, time words, conversions.
#include "base/assert.h"
#include "base/number_text.h"
#include "base/text.h"
#include "runtime/arithmetic.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/machine.h"
#include "runtime/text_functions.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

namespace flin::runtime {

using bytecode::Op;

namespace {

constexpr std::int64_t kDay = 86'400'000;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

// Texts and small ints, the usual parts, are measured first and written once.
bool Machine::interpolate(Value* from, std::uint32_t count, Value& out) {
  constexpr std::uint32_t kMostParts = 16, kDigits = 20;
  char digits[kMostParts * kDigits];
  std::string_view parts[kMostParts];
  char* free = digits;
  std::size_t size = 0, chars = 0;
  std::uint32_t measured = 0;
  for (; measured < count && measured < kMostParts; ++measured) {
    const Value v = from[measured];
    if (is_text(v)) {
      parts[measured] = as_text(v)->view();
      chars += as_text(v)->chars;
    } else if (is_small_int(v)) {
      const auto end = std::to_chars(free, free + kDigits, small_payload(v)).ptr;
      parts[measured] = {free, static_cast<std::size_t>(end - free)};
      chars += parts[measured].size();
      free = end;
    } else {
      break;
    }
    size += parts[measured].size();
  }
  if (measured == count && size <= (1u << 16)) {
    auto* text = heap_.make<TextObject>(ObjectKind::kText, size);
    init_text(text, {}, chars);
    text->size = static_cast<std::uint32_t>(size);
    char* to = reinterpret_cast<char*>(text + 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::memcpy(to, parts[i].data(), parts[i].size());
      to += parts[i].size();
    }
    out = from_object(text);
    return true;
  }
  scratch_.clear();
  for (std::uint32_t i = 0; i < count; ++i) append_text_form(scratch_, from[i], *linked_);
  if (scratch_.size() > (1u << 16) && !has_room(scratch_.size())) return false;
  out = make_text(heap_, scratch_);
  return true;
}

bool Machine::start_for(Value subject, Value& out) {
  IterKind kind = IterKind::kNothing;
  Object* walked = nullptr;
  std::uint64_t size = 0;
  std::int64_t first = 0;
  if (is_list(subject)) {
    ListObject* list = as_list(subject);
    size = list->size;
    first = list->first;
    kind = list->flags & kRangeList ? IterKind::kRange : IterKind::kSlots;
    if (kind == IterKind::kSlots) walked = snapshot_of(heap_, list);
  } else if (is_map(subject)) {
    kind = IterKind::kMap;
    size = as_map(subject)->used;
    walked = map_snapshot(as_map(subject));
    const MapEntry* entries = as_map(subject)->begin();
    while (size > 0 && is_empty(entries[size - 1].key))
      --size;  // so that `position < size` promises an entry
  } else if (is_text(subject)) {
    kind = IterKind::kText;
    walked = as_text(subject);
    size = as_text(subject)->size;
  } else if (!is_none(subject)) {
    return fail_false(18, "cannot loop over " + type_name(subject, *linked_));
  }
  auto* iterator = heap_.make<Iterator>(ObjectKind::kIterator, 0, static_cast<std::uint16_t>(kind));
  iterator->subject = walked;
  iterator->position = iterator->index = 0;
  iterator->size = size;
  iterator->first = first;
  out = from_object(iterator);
  return true;
}

bool Machine::next_item(Iterator* iterator, Value* r, const Cell& cell) {
  if (!may_allocate()) return false;
  Value pair[2] = {kNone, kNone};
  next_for(iterator, pair);
  using bytecode::SlotKind;
  return unbox(*this, pair[0], static_cast<SlotKind>(cell.d() & 3), r + cell.b) &&
         unbox(*this, pair[1], static_cast<SlotKind>(cell.d() >> 2 & 3), r + cell.c());
}

bool Machine::fail_range(std::int64_t from, std::int64_t to) {
  Value unused;
  return make_range(make_int(heap_, from), make_int(heap_, to), true, unused);
}

bool Machine::fail_unset(std::uint32_t global) {
  std::string name = "a variable";
  for (const auto& row : linked_->chunk.names)
    if (row.function == 0 && row.slot == global) name = "'" + row.name + "'";
  for (const auto& page : linked_->chunk.pages)
    for (const auto& cell : page.cells)
      if (page.function == frames_.front().function && cell.slot == global)
        name = "'" + cell.name + "'";
  return fail_false(5, name + " is used before it is set");
}

void Machine::store_state(std::uint32_t slot, Value v) {
  Component* component = frames_.back().component;
  FLIN_ASSERT(component != nullptr, "component state is stored within a component");
  if (component->state == nullptr || component->state->capacity <= slot) {
    const std::uint64_t capacity = std::uint64_t{slot} + 8;
    auto* grown = heap_.make<Slots>(ObjectKind::kSlots, capacity * sizeof(Value));
    grown->capacity = capacity;
    std::fill_n(grown->items(), grown->capacity, kEmpty);
    if (component->state)
      std::copy_n(component->state->items(), component->state->capacity, grown->items());
    component->state = grown;
  }
  component->state->items()[slot] = v;
}

void Machine::next_for(Iterator* iterator, Value* locals) {
  locals[1] = from_small(Tagged::kInt, static_cast<std::int64_t>(iterator->index++));
  switch (static_cast<IterKind>(iterator->aux)) {
    case IterKind::kSlots:
      locals[0] = static_cast<Slots*>(iterator->subject)->items()[iterator->position++];
      break;
    case IterKind::kRange:
      locals[0] =
          make_int(heap_, iterator->first + static_cast<std::int64_t>(iterator->position++));
      break;
    case IterKind::kText: {
      auto* text = static_cast<TextObject*>(iterator->subject);
      const std::size_t width = text::width(text->data[iterator->position]);
      locals[0] = from_object(new_text(heap_, text->view().substr(iterator->position, width), 1));
      iterator->position += width;
      break;
    }
    case IterKind::kMap: {
      const auto* entries =
          reinterpret_cast<const MapEntry*>(static_cast<Bytes*>(iterator->subject)->data());
      while (is_empty(entries[iterator->position].key)) ++iterator->position;
      locals[0] = entries[iterator->position].key;
      locals[1] = entries[iterator->position++].value;
      break;
    }
    case IterKind::kNothing: break;
  }
}

bool Machine::compare(Value a, Value b, Op op, Value& out) {
  const Order order = compare_values(a, b);
  if (order == Order::kCurrencies) {
    return fail_false(17, "currencies differ: " + std::string(cast<Money>(a)->code()) + " and " +
                              std::string(cast<Money>(b)->code()));
  }
  if (order == Order::kMixed)
    return fail_false(6, "expected values with an order, found " + type_name(a, *linked_) +
                             " and " + type_name(b, *linked_));
  bool holds = false;
  switch (op) {
    case Op::Lt: holds = order == Order::kLess; break;
    case Op::Le: holds = order == Order::kLess || order == Order::kEqual; break;
    case Op::Gt: holds = order == Order::kGreater; break;
    default: holds = order == Order::kGreater || order == Order::kEqual; break;
  }
  out = from_bool(holds);
  return true;
}

bool Machine::contains(Value item, Value collection, bool& out) {
  if (is_map(collection)) {
    out = map_find(as_map(collection), item) != nullptr;
    return true;
  }
  if (is_text(collection)) {
    if (!is_text(item)) {
      wrong_type("text", item);
      return false;
    }
    out = as_text(collection)->view().find(as_text(item)->view()) != std::string_view::npos;
    return true;
  }
  if (!is_list(collection)) {
    wrong_type("list", collection);
    return false;
  }
  const ListObject* list = as_list(collection);
  out = false;
  for (std::uint64_t i = 0; i < list->size && !out; ++i) {
    if (list->flags & kRangeList) {
      out = is_numeric(item) && to_double(item) == std::trunc(to_double(item)) &&
            to_double(item) >= static_cast<double>(list->first) &&
            to_double(item) < static_cast<double>(list->first) + static_cast<double>(list->size);
      break;
    }
    out = equal_values(list->slots->items()[i], item);
  }
  return true;
}

bool Machine::make_range(Value a, Value b, bool exclusive, Value& out) {
  if (!counts_as_int(a) || !counts_as_int(b)) {
    wrong_type("int", counts_as_int(a) ? b : a);
    return false;
  }
  // Within 2^53, so neither the count nor an item can overflow.
  const auto first = static_cast<std::int64_t>(to_double(a)),
             last = static_cast<std::int64_t>(to_double(b));
  const std::int64_t count = last - first + (exclusive ? 0 : 1);
  if (count <= 0) {
    out = from_object(new_list(heap_));
    return true;
  }
  if (fits_small(first) && fits_small(last)) {
    out = from_object(new_range(heap_, first, static_cast<std::uint64_t>(count)));
    return true;
  }
  if (!has_room(static_cast<std::uint64_t>(count) * 40)) return false;
  ListObject* list = new_list(heap_, static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) list_push(heap_, list, make_int(heap_, first + i));
  out = from_object(list);
  return true;
}

bool Machine::extend_list(ListObject* list, Value xs) {
  if (is_none(xs)) return true;
  if (!is_list(xs)) {
    wrong_type("list", xs);
    return false;
  }
  ListObject* from = as_list(xs);
  if (!has_room(from->size * sizeof(Value))) return false;
  for (std::uint64_t i = 0, n = from->size; i < n; ++i)
    list_push(heap_, list, item_of(heap_, from, i));
  return true;
}

bool Machine::unpack(Value value, std::uint32_t count, bool rest, Value* out) {
  const Value* items = nullptr;
  std::uint64_t size = 0;
  if (is_list(value)) {
    items = items_of(heap_, as_list(value));
    size = as_list(value)->size;
  } else if (is_kind(value, ObjectKind::kTuple)) {
    items = cast<Tuple>(value)->items();
    size = cast<Tuple>(value)->size;
  } else {
    wrong_type("list", value);
    return false;
  }
  if (size < count)
    return fail_false(11, "index " + std::to_string(count - 1) + " is out of range (list of " +
                              std::to_string(size) + ")");
  std::copy_n(items, count, out);
  if (rest) out[count] = from_object(new_list(heap_, items + count, size - count));
  return true;
}

bool Machine::check_type(Value& v, std::uint32_t k) {
  const std::string& type = linked_->chunk.constants[k].text;
  if (!is_type(v, type, *linked_)) {
    return fail_false(6, "expected " + type_text(type, *linked_) + ", found " +
                             (is_none(v) ? "none" : type_name(v, *linked_)));
  }
  if (type == "\x02" && is_double(v)) return whole_of(*this, as_double(v), v);
  if (type == "\x03" && is_int(v)) v = from_double(static_cast<double>(whole(v)));
  return true;
}

bool Machine::make_variant(std::uint32_t k, const Value* args, std::uint32_t count, Value& out) {
  if (count == 0 && !is_empty(linked_->constants[k])) {
    out = linked_->constants[k];
    return true;
  }
  const auto& row = linked_->chunk.constants[k];
  auto* e = heap_.make<Enum>(ObjectKind::kEnum, count * sizeof(Value));
  e->type = as_text(linked_->constants[row.items[0]]);
  e->variant = as_text(linked_->constants[row.items[1]]);
  linked_->find_variant(e->type->view(), e->variant->view(), e->row, e->index);
  e->size = count;
  std::copy_n(args, count, e->items());
  out = from_object(e);
  return true;
}

bool Machine::text_op(Op op, const Value* args, Value& out) {
  if (op == Op::Len || op == Op::TextLen) {
    if (is_text(args[0]))
      out = from_small(Tagged::kInt, as_text(args[0])->chars);
    else if (is_list(args[0]))
      out = from_small(Tagged::kInt, static_cast<std::int64_t>(as_list(args[0])->size));
    else if (is_map(args[0]))
      out = from_small(Tagged::kInt, as_map(args[0])->count);
    else if (is_kind(args[0], ObjectKind::kTuple))
      out = from_small(Tagged::kInt, static_cast<std::int64_t>(cast<Tuple>(args[0])->size));
    else
      return wrong_type("text, list or map", args[0]), false;
    return true;
  }
  if (op == Op::TextJoin) return join_list(*this, args[0], args[1], out);
  if (op == Op::TextContains && is_list(args[0])) {
    bool found;
    if (!contains(args[1], args[0], found)) return false;
    out = from_bool(found);
    return true;
  }
  const int texts = op == Op::TextReplace                           ? 3
                    : op >= Op::TextContains && op <= Op::TextSplit ? 2
                                                                    : 1;
  for (int i = 0; i < texts; ++i) {
    if (is_text(args[i])) continue;
    wrong_type("text", args[i]);
    return false;
  }
  const std::string_view t = as_text(args[0])->view();
  const std::string_view s = texts > 1 ? as_text(args[1])->view() : std::string_view();
  switch (op) {
    case Op::TextUpper: out = make_text(heap_, text::upper(t)); break;
    case Op::TextLower: out = make_text(heap_, text::lower(t)); break;
    case Op::TextTrim: out = make_text(heap_, text::trim(t)); break;
    case Op::TextContains: out = from_bool(t.find(s) != std::string_view::npos); break;
    case Op::TextStartsWith: out = from_bool(t.substr(0, s.size()) == s); break;
    case Op::TextEndsWith:
      out = from_bool(t.size() >= s.size() && t.substr(t.size() - s.size()) == s);
      break;
    case Op::TextSplit: return split_text(*this, as_text(args[0]), s, out);
    default:
      return replace_text(*this, t, s, as_text(args[2])->view(), false, out);  // the first match
  }
  return true;
}

bool Machine::number_op(Op op, const Value* args, Value& out) {
  const Value x = args[0];
  if (!is_numeric(x) || (op == Op::PowNum && !is_numeric(args[1]))) {
    wrong_type("number", is_numeric(x) ? args[1] : x);
    return false;
  }
  switch (op) {
    case Op::Abs:
      if (is_double(x))
        out = from_double(std::fabs(as_double(x)));
      else if (whole(x) < 0)
        return negate(*this, x, out);
      else
        out = x;
      return true;
    case Op::Sqrt: out = from_double(std::sqrt(to_double(x))); return true;
    case Op::PowNum: out = from_double(std::pow(to_double(x), to_double(args[1]))); return true;
    default: break;
  }
  if (is_int(x)) {
    out = x;
    return true;
  }
  const double d = as_double(x);
  return whole_of(*this,
                  op == Op::Floor  ? std::floor(d)
                  : op == Op::Ceil ? std::ceil(d)
                                   : round_away(d),
                  out);
}

bool Machine::min_max(Value a, Value b, bool max, Value& out) {
  if (is_double(a) && as_double(a) != as_double(a)) return out = a, true;
  if (is_double(b) && as_double(b) != as_double(b)) return out = b, true;
  Value less;
  if (!compare(b, a, Op::Lt, less)) return false;
  const bool b_less = less.bits == kTrue.bits;
  const bool equal = equal_values(a, b);
  out = equal ? a : b_less != max ? b : a;
  // int and number give number (L 3.3).
  if (is_numeric(a) && is_double(a) != is_double(b)) out = from_double(to_double(out));
  return true;
}

bool Machine::make_duration(Value v, std::uint32_t unit, Value& out) {
  static constexpr std::int64_t kUnits[] = {1,    1000,     60'000,    3'600'000,
                                            kDay, 7 * kDay, 30 * kDay, 365 * kDay};
  if (!is_numeric(v)) {
    wrong_type("number", v);
    return false;
  }
  std::int64_t ms;
  if (is_int(v)) {
    if (__builtin_mul_overflow(whole(v), kUnits[unit], &ms))
      return fail_false(10, "integer overflow");
  } else {
    const double d = round_away(as_double(v) * static_cast<double>(kUnits[unit]));
    if (!(std::fabs(d) < 9.2e18)) return fail_false(10, "integer overflow");
    ms = static_cast<std::int64_t>(d);
  }
  out = make_whole(heap_, Tagged::kDuration, ms);
  return true;
}

bool Machine::make_money_of(Value v, std::string_view currency, Value& out) {
  if (!is_numeric(v)) {
    wrong_type("number", v);
    return false;
  }
  std::int64_t scale = 1;
  for (int i = 0; i < text::minor_digits(currency); ++i) scale *= 10;
  std::int64_t minor;
  if (is_int(v)) {
    if (__builtin_mul_overflow(whole(v), scale, &minor)) return fail_false(10, "integer overflow");
  } else {
    const double d = round_even(as_double(v) * static_cast<double>(scale));
    if (!(std::fabs(d) < 9.2e18)) return fail_false(10, "integer overflow");
    minor = static_cast<std::int64_t>(d);
  }
  out = make_money(heap_, minor, currency);
  return true;
}

Value Machine::time_word(std::uint32_t word) {
  const std::int64_t now = now_ms();
  if (word == 0) return make_whole(heap_, Tagged::kTime, now);
  static constexpr std::int64_t kDaysBack[] = {0, 0, 1, -1, 7, 30, 365};
  const std::int64_t today = now - ((now % kDay) + kDay) % kDay;
  return make_whole(heap_, Tagged::kTime, today - kDaysBack[word] * kDay);
}

}  // namespace flin::runtime
