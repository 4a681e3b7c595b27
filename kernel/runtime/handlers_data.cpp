// Handlers: variables, loops over values, items, fields.
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/engine.h"
#include "runtime/record.h"

#include <algorithm>

namespace flin::runtime {

namespace {

using bytecode::Op;
using bytecode::SlotKind;

Value bits(std::int64_t i) { return {static_cast<std::uint64_t>(i)}; }
std::int64_t i64(Value v) { return static_cast<std::int64_t>(v.bits); }

// The list, if its items lie in a row.
inline ListObject* plain_list(Value v) {
  if (!is_list(v)) return nullptr;
  ListObject* list = as_list(v);
  return list->flags & kRangeList ? nullptr : list;
}

bool give_item(Machine& m, Value object, Value index, SlotKind kind, Value* to) {
  Value out;
  return m.get_index(object, index, out) && unbox(m, out, kind, to);
}
[[gnu::noinline]] bool slow_item(Machine& m, Value object, Value index, SlotKind kind, Value* to) {
  return m.may_allocate() && give_item(m, object, index, kind, to);
}
[[gnu::noinline]] bool slow_item(Machine& m, Value object, std::int64_t index, SlotKind kind,
                                 Value* to) {
  return m.may_allocate() && give_item(m, object, make_int(m.heap(), index), kind, to);
}
[[gnu::noinline]] bool slow_set(Machine& m, Value object, Value index, Value v) {
  return m.may_allocate() && m.set_index(object, index, v);
}
[[gnu::noinline]] bool slow_set(Machine& m, Value object, std::int64_t index, Value v) {
  return m.may_allocate() && m.set_index(object, make_int(m.heap(), index), v);
}
[[gnu::noinline]] bool slow_push(Machine& m, Value list, Value v) {
  if (!m.may_allocate()) return false;
  if (!is_list(list)) {
    m.wrong_type("list", list);
    return false;
  }
  list_push(m.heap(), as_list(list), v);
  return true;
}
[[gnu::noinline]] bool slow_len(Machine& m, Value v, Value* to) {
  Value out;
  if (!m.text_op(Op::Len, &v, out)) return false;
  *to = bits(whole(out));
  return true;
}
[[gnu::noinline]] bool slow_field(Machine& m, Value object, std::uint32_t k, Value* to) {
  Value out;
  if (!m.may_allocate() || !m.get_field(object, k, out)) return false;
  *to = out;
  return true;
}

}  // namespace

#define A (r[ip->a])
#define B (r[ip->b])
#define C (r[ip->c()])

// ---- Variables ----

RunState Engine::LoadGlobal(FLIN_CELL) {
  const Value v = m->globals_[ip->x];
  if (is_empty(v)) [[unlikely]]
    FLIN_TRY(m->fail_unset(ip->x));
  A = v;
  FLIN_NEXT;
}
RunState Engine::StoreGlobal(FLIN_CELL) {
  m->globals_[ip->x] = A;
  FLIN_NEXT;
}
RunState Engine::LoadUpvalue(FLIN_CELL) {
  A = fp->closure->cells()[ip->x]->value;
  FLIN_NEXT;
}
RunState Engine::StoreUpvalue(FLIN_CELL) {
  fp->closure->cells()[ip->x]->value = A;
  FLIN_NEXT;
}
RunState Engine::LoadCell(FLIN_CELL) {
  const Value v = B;
  A = is_kind(v, ObjectKind::kCell) ? cast<Captured>(v)->value : v;
  FLIN_NEXT;
}
RunState Engine::StoreCell(FLIN_CELL) {
  FLIN_TRY(m->store_cell(A, B));
  FLIN_NEXT;
}
RunState Engine::MakeCell(FLIN_CELL) {
  m->make_cell(A);
  FLIN_NEXT;
}
RunState Engine::IsGiven(FLIN_CELL) {
  const Value v = B;
  A = bits(std::int64_t{!is_empty(is_kind(v, ObjectKind::kCell) ? cast<Captured>(v)->value : v)});
  FLIN_NEXT;
}
RunState Engine::Closure(FLIN_CELL) {
  FLIN_TRY(m->may_allocate());
  A = m->make_closure(ip->x);
  FLIN_NEXT;
}

// ---- Loops ----

RunState Engine::StartFor(FLIN_CELL) {
  FLIN_TRY(m->may_allocate() && m->start_for(A, A));
  FLIN_NEXT;
}

// d of the cell: kind of the item, above it that of the index.
#define NEXT_ITEM(there, gone)                                                           \
  auto* iterator = cast<Iterator>(A);                                                    \
  if (iterator->position >= iterator->size) gone;                                        \
  if (iterator->aux == static_cast<std::uint16_t>(IterKind::kSlots)) {                   \
    const Value v = static_cast<Slots*>(iterator->subject)->items()[iterator->position]; \
    const unsigned kind = ip->d() & 3u;                                                  \
    const bool is_small = is_small_int(v);                                               \
    if (ip->d() <= 5 && (kind == 0 || (kind == 1 && is_small))) {                        \
      const auto index = static_cast<std::int64_t>(iterator->index++);                   \
      ++iterator->position;                                                              \
      B = kind == 0 ? v : bits(small_payload(v));                                        \
      C = ip->d() >> 2 ? bits(index) : from_small(Tagged::kInt, index);                  \
      there;                                                                             \
    }                                                                                    \
  }                                                                                      \
  FLIN_TRY(m->next_item(iterator, r, *ip));                                              \
  there

RunState Engine::NextFor(FLIN_CELL) { NEXT_ITEM(FLIN_SKIP(2), FLIN_NEXT); }
RunState Engine::NextForBack(FLIN_CELL) { NEXT_ITEM(FLIN_NEXT, FLIN_SKIP(2)); }

RunState Engine::RangeStart(FLIN_CELL) {
  const std::int64_t from = i64(B), to = i64(C);
  constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
  if (from < -kMost || from > kMost || to < -kMost || to > kMost) [[unlikely]]
    FLIN_TRY(m->fail_range(from, to));
  Value* pair = &A;
  pair[0] = bits(from);
  pair[1] = bits(to + ip->d());
  FLIN_NEXT;
}
RunState Engine::RangeNext(FLIN_CELL) {
  Value* pair = &A;
  const std::int64_t i = i64(pair[0]);
  if (i >= i64(pair[1])) FLIN_SKIP(ip->imm());
  B = bits(i);
  pair[0] = bits(i + 1);
  FLIN_NEXT;
}
RunState Engine::RangeNextBack(FLIN_CELL) {
  Value* pair = &A;
  const std::int64_t i = i64(pair[0]);
  if (i >= i64(pair[1])) FLIN_NEXT;
  B = bits(i);
  pair[0] = bits(i + 1);
  fuel += ip->imm() - 1;
  ip += ip->imm();
  if (fuel <= 0) [[unlikely]]
    FLIN_CONTINUE_WITH(pause);
  FLIN_DISPATCH;
}

// ---- Items and fields ----

RunState Engine::GetItem(FLIN_CELL) {
  const ListObject* list = plain_list(B);
  const auto i = static_cast<std::uint64_t>(i64(C));
  if (list && i < list->size) [[likely]] {
    A = list->slots->items()[i];
    FLIN_NEXT;
  }
  FLIN_TRY(slow_item(*m, B, i64(C), SlotKind::kAny, &A));
  FLIN_NEXT;
}
RunState Engine::GetItemInt(FLIN_CELL) {
  const ListObject* list = plain_list(B);
  const auto i = static_cast<std::uint64_t>(i64(C));
  if (list && i < list->size) [[likely]] {
    const Value v = list->slots->items()[i];
    if (is_small_int(v)) {
      A = bits(small_payload(v));
      FLIN_NEXT;
    }
  }
  FLIN_TRY(slow_item(*m, B, i64(C), SlotKind::kInt, &A));
  FLIN_NEXT;
}
RunState Engine::GetItemNum(FLIN_CELL) {
  const ListObject* list = plain_list(B);
  const auto i = static_cast<std::uint64_t>(i64(C));
  if (list && i < list->size) [[likely]] {
    const Value v = list->slots->items()[i];
    if (is_double(v)) {
      A = v;
      FLIN_NEXT;
    }
  }
  FLIN_TRY(slow_item(*m, B, i64(C), SlotKind::kNumber, &A));
  FLIN_NEXT;
}
RunState Engine::GetItemAny(FLIN_CELL) {
  const Value object = B, index = C;
  if (is_map(object)) {
    const MapEntry* entry = map_find(as_map(object), index);
    A = entry ? entry->value : kNone;
    FLIN_NEXT;
  }
  FLIN_TRY(slow_item(*m, object, index, SlotKind::kAny, &A));
  FLIN_NEXT;
}
RunState Engine::SetItem(FLIN_CELL) {
  ListObject* list = plain_list(A);
  const auto i = static_cast<std::uint64_t>(i64(B));
  if (list && i < list->size && !(list->slots->flags & kShared)) [[likely]] {
    list->extra = m->heap_.epoch();
    list->slots->items()[i] = C;
    FLIN_NEXT;
  }
  FLIN_TRY(slow_set(*m, A, i64(B), C));
  FLIN_NEXT;
}
RunState Engine::SetItemAny(FLIN_CELL) {
  if (is_map(A)) {
    FLIN_TRY(m->may_allocate());
    map_put(m->heap_, as_map(A), B, C);
    FLIN_NEXT;
  }
  FLIN_TRY(slow_set(*m, A, B, C));
  FLIN_NEXT;
}
RunState Engine::Push(FLIN_CELL) {
  ListObject* list = plain_list(A);
  if (list && list->slots && list->size < list->slots->capacity && !(list->slots->flags & kShared))
      [[likely]] {
    list->extra = m->heap_.epoch();
    list->slots->items()[list->size++] = B;
    FLIN_NEXT;
  }
  FLIN_TRY(slow_push(*m, A, B));
  FLIN_NEXT;
}
RunState Engine::Len(FLIN_CELL) {
  const Value v = B;
  if (is_list(v)) {
    A = bits(static_cast<std::int64_t>(as_list(v)->size));
    FLIN_NEXT;
  }
  if (is_text(v)) {
    A = bits(std::int64_t{as_text(v)->chars});
    FLIN_NEXT;
  }
  FLIN_TRY(slow_len(*m, v, &A));
  FLIN_NEXT;
}
RunState Engine::GetField(FLIN_CELL) {
  FLIN_TRY(slow_field(*m, B, ip->x, &A));
  FLIN_NEXT;
}
RunState Engine::SetField(FLIN_CELL) {
  FLIN_TRY(m->may_allocate() && m->set_field(A, ip->x, B));
  FLIN_NEXT;
}

}  // namespace flin::runtime
