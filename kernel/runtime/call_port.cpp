#include "runtime/call_port.h"

#include "runtime/convert.h"
#include "runtime/record.h"
#include "runtime/wire.h"

#include <charconv>
#include <cstring>
#include <new>

namespace flin::runtime {

namespace {

constexpr std::uint32_t kCannotCross = code('R', 20), kBadArgument = code('R', 14);
constexpr std::uint32_t kDefaultTimeoutMs = 30'000;
constexpr std::string_view kAnyType = "\x09";

// The code is written as text ("R0203"); a failure needs its number.
void raise_when_read(ErrorObject& error) {
  error.flags |= kRaisedAsMember;
  if (!is_text(error.code_text)) return;
  const std::string_view written = as_text(error.code_text)->view();
  std::uint32_t number = 0;
  const char* const last = written.data() + written.size();
  if (written.size() < 2) return;
  const auto [end, bad] = std::from_chars(written.data() + 1, last, number);
  if (bad != std::errc() || end != last) return;
  error.code = code(written[0], number);
  error.code_text = kNone;
}

void drop_record(Status::Record* record) { ::operator delete(record); }

}  // namespace

Status make_failure(std::uint32_t error, std::string_view message) noexcept {
  void* memory = ::operator new(sizeof(Status::Record) + message.size());
  char* text = static_cast<char*>(memory) + sizeof(Status::Record);
  std::memcpy(text, message.data(), message.size());
  return Status(new (memory) Status::Record{error, flin::Text(text, message.size()), drop_record});
}

void CallPort::begin(const LinkedOp& op, const Value* args, std::uint32_t count) {
  op_ = &op;
  args_ = args;
  count_ = count;
  suspended_ = false;
  fields_ = kNone;
  if (!texts_.empty()) texts_.clear();
  if (!changed_.empty()) changed_.clear();
  if (!field_types_.empty()) field_types_.clear();
}

void CallPort::reset() {
  op_ = nullptr;
  args_ = nullptr;
  count_ = 0;
  suspended_ = false;
  pending_ = {};
  fields_ = kNone;
  texts_.clear();
  changed_.clear();
  field_types_.clear();
}

CallPort::Pending CallPort::take_pending() { return std::exchange(pending_, {}); }
bool CallPort::take_suspended() { return std::exchange(suspended_, false); }
Value CallPort::take_fields() { return std::exchange(fields_, kNone); }

Kind CallPort::kind(Value v) noexcept { return kind_of(v); }

Status CallPort::args_plain(Plain* out) noexcept {
  for (std::uint32_t i = 0; i < count_; ++i) {
    Status status = plain(args_[i], out[i]);
    if (!status.ok()) return status;
  }
  return {};
}

Status CallPort::plain(Value v, Plain& out) noexcept {
  out = {};
  out.kind = kind_of(v);
  switch (out.kind) {
    case Kind::kNone: return {};
    case Kind::kBool: out.i = v.bits == kTrue.bits; return {};
    case Kind::kInt:
    case Kind::kTime:
    case Kind::kDuration: out.i = whole(v); return {};
    case Kind::kNumber: out.n = as_double(v); return {};
    case Kind::kText: out.text = as_text(v)->view(); return {};
    case Kind::kMoney: {
      const auto* money = cast<Money>(v);
      out.i = money->minor;
      for (int i = 2; i >= 0; --i)
        out.extra = out.extra << 8 | static_cast<unsigned char>(money->currency[i]);
      return {};
    }
    case Kind::kRecord:
      out.extra = as_record(v)->type;
      out.i = static_cast<std::int64_t>(as_record(v)->id);
      return {};
    default: return encode(v, out);
  }
}

// A value that field() gave is written by the field's type, an enum as its name with its row in the
// enum table, everything else tagged as in `any`.
Status CallPort::encode(Value v, Plain& out) {
  const auto known = field_types_.find(v.bits);
  std::string_view type =
      known == field_types_.end() ? kAnyType : machine_.linked().chunk.text(known->second);
  std::string enum_type;
  if (out.kind == Kind::kEnum) {
    out.extra = cast<Enum>(v)->row;
    enum_type = machine_.linked().enum_type(cast<Enum>(v)->row);
    if (!enum_type.empty()) type = enum_type;
  }
  std::string text;
  auto written = write_value(machine_.isolate(), v, type, {}, text);
  if (!written.ok()) return make_failure(written.error().code, written.error().message);
  texts_.push_back(std::move(text));
  out.text = std::string_view(texts_.back());
  return {};
}

Value CallPort::make(const Plain& p) noexcept {
  if (p.kind == Kind::kEnum) return value_of(machine_, p, machine_.linked().enum_type(p.extra));
  const Value value = value_of(machine_, p, {});
  if (p.kind == Kind::kError && p.extra == kRaisedWhenRead && is_kind(value, ObjectKind::kError))
    raise_when_read(*cast<ErrorObject>(value));
  return value;
}

std::uint64_t CallPort::size(Value v) noexcept {
  switch (kind_of(v)) {
    case Kind::kText: return as_text(v)->chars;
    case Kind::kList: return as_list(v)->size;
    case Kind::kMap: return as_map(v)->count;
    case Kind::kTuple: return cast<Tuple>(v)->size;
    case Kind::kEnum: return cast<Enum>(v)->size;
    default: return 0;
  }
}

namespace {
// Entry number i of those that are not deleted.
const MapEntry* entry_at(const Map* map, std::uint64_t i) {
  if (map->used == map->count) return i < map->used ? map->begin() + i : nullptr;
  for (const MapEntry* entry = map->begin(); entry != map->end(); ++entry)
    if (!is_empty(entry->key) && i-- == 0) return entry;
  return nullptr;
}
}  // namespace

Value CallPort::item(Value v, std::uint64_t i) noexcept {
  if (i >= size(v)) return kNone;
  switch (kind_of(v)) {
    case Kind::kList: return item_of(machine_.heap(), as_list(v), i);
    case Kind::kMap: return entry_at(as_map(v), i)->value;
    case Kind::kTuple: return cast<Tuple>(v)->items()[i];
    case Kind::kEnum: return cast<Enum>(v)->items()[i];
    default: return kNone;
  }
}

Value CallPort::key(Value map, std::uint64_t i) noexcept {
  return is_map(map) && i < as_map(map)->count ? entry_at(as_map(map), i)->key : kNone;
}

Value CallPort::make_list(const Value* items, std::uint64_t n) noexcept {
  return from_object(new_list(machine_.heap(), items, n));
}

Value CallPort::make_map(const Value* keys_and_values, std::uint64_t pairs) noexcept {
  Map* map = new_map(machine_.heap(), pairs);
  for (std::uint64_t i = 0; i < pairs; ++i)
    map_put(machine_.heap(), map, keys_and_values[2 * i], keys_and_values[2 * i + 1]);
  return from_object(map);
}

Value CallPort::make_foreign(const ForeignType& type, void* data) noexcept {
  auto* foreign = machine_.heap().make<Foreign>(ObjectKind::kForeign);
  foreign->type = &type;
  foreign->data = data;
  if (type.finalize) machine_.heap().needs_finalizer(foreign);
  return from_object(foreign);
}

void* CallPort::foreign(Value v, const ForeignType& type) noexcept {
  return is_kind(v, ObjectKind::kForeign) && cast<Foreign>(v)->type == &type
             ? cast<Foreign>(v)->data
             : nullptr;
}

Status CallPort::record(Value v, RecordRef& out) noexcept {
  if (!is_record(v))
    return make_failure(code('R', 6),
                        "expected an entity, found " + type_name(v, machine_.linked()));
  const Record* record = as_record(v);
  auto& changed = changed_.emplace_back();
  for (std::uint32_t i = 0; i < record->size; ++i)
    if (is_changed(record, i)) changed.push_back(i);
  out = {record->type, record->id, record->version, {changed.data(), changed.size()}};
  return {};
}

Value CallPort::field(Value v, std::uint32_t field) noexcept {
  if (!is_record(v)) return kNone;
  const Record* record = as_record(v);
  const Value value = record_field(machine_.heap(), record, field);
  if (is_object(value) && field < record->size)
    field_types_[value.bits] = machine_.linked().chunk.entities[record->type].fields[field].type_k;
  return value;
}

Status CallPort::refresh(Value v, const Row& row) noexcept {
  if (!is_record(v))
    return make_failure(code('R', 6),
                        "expected an entity, found " + type_name(v, machine_.linked()));
  Record* record = as_record(v);
  record->id = row.id;
  record->version = row.version;
  record->extra = machine_.heap().epoch();
  // The times, in this order, if the row carries them.
  Value* const times[] = {&record->created_at, &record->updated_at, &record->deleted_at};
  for (std::uint64_t i = 0; i < row.fields.size && i < 3; ++i)
    *times[i] = value_of(machine_, row.fields[i], {});
  clear_changed(record);
  return {};
}

Value CallPort::new_records(std::uint32_t type, List<std::uint32_t> fields,
                            List<Row> rows) noexcept {
  Heap& heap = machine_.heap();
  ListObject* list = new_list(heap, rows.size);
  if (type >= machine_.linked().chunk.entities.size()) return from_object(list);
  const auto& declared = machine_.linked().chunk.entities[type].fields;
  for (const Row& row : rows) {
    Record* record = new_record(machine_, type);
    record->id = row.id;
    record->version = row.version;
    for (std::uint64_t i = 0; i < fields.size && i < row.fields.size; ++i) {
      const std::uint32_t field = fields[i];
      if (field < record->size)
        record->fields()[field] =
            value_of(machine_, row.fields[i], machine_.linked().chunk.text(declared[field].type_k));
      else if (field == kFieldCreatedAt)
        record->created_at = value_of(machine_, row.fields[i], {});
      else if (field == kFieldUpdatedAt)
        record->updated_at = value_of(machine_, row.fields[i], {});
      else if (field == kFieldDeletedAt)
        record->deleted_at = value_of(machine_, row.fields[i], {});
    }
    list_push(heap, list, from_object(record));
  }
  return from_object(list);
}

Status CallPort::predicate(Value v, List<std::uint8_t>& bytes, List<Plain>& parameters) noexcept {
  if (!is_kind(v, ObjectKind::kPredicate))
    return make_failure(kBadArgument, "invalid argument: not a predicate");
  const LinkedPredicate& linked = machine_.linked().predicates[cast<Predicate>(v)->constant];
  bytes = {linked.code.data(), linked.code.size()};
  parameters = {linked.parameters.data(), linked.parameters.size()};
  return {};
}

Status CallPort::fail(std::uint32_t error, flin::Text message) noexcept {
  return make_failure(error, message);
}

Status CallPort::fail_with(std::uint32_t error, flin::Text message, Value fields) noexcept {
  fields_ = fields;
  return make_failure(error, message);
}

std::uint64_t CallPort::suspend() noexcept {
  if (op_ == nullptr) return 0;
  suspended_ = true;
  if ((op_->flags & kWrites) != 0) machine_.ports().writing();
  return machine_.ports().suspend(*op_->self,
                                  op_->timeout_ms == 0 ? kDefaultTimeoutMs : op_->timeout_ms);
}

Status CallPort::call_then(Value fn, const Value* args, std::uint32_t count, ThenFn then,
                           void* data, DropFn drop) noexcept {
  if (!is_kind(fn, ObjectKind::kClosure)) {
    if (drop) drop(data);
    return make_failure(code('R', 12), type_name(fn, machine_.linked()) + " cannot be called");
  }
  pending_.is_call = true;
  pending_.callee = fn;
  pending_.args.assign(args, args + count);
  pending_.then = {nullptr, then, data, drop};
  return {};
}

FunctionId CallPort::function_id(Value fn) noexcept {
  if (!is_kind(fn, ObjectKind::kClosure)) return {0xFFFFFFFF, 0xFFFFFFFF};
  return {machine_.linked().number, cast<Closure>(fn)->function};
}

std::uint64_t CallPort::keep(Value v) noexcept { return machine_.heap().keep(v); }
Value CallPort::kept(std::uint64_t handle) noexcept { return machine_.heap().kept(handle); }
void CallPort::forget(std::uint64_t handle) noexcept { machine_.heap().forget(handle); }
AgentId CallPort::agent() noexcept { return machine_.ports().agent(); }

void** CallPort::local(DropFn drop) noexcept {
  return op_ ? machine_.ports().local(*op_->self, drop) : nullptr;
}
void CallPort::depend(std::uint64_t source) noexcept { machine_.ports().depend(source); }
void CallPort::committed(std::uint64_t seq) noexcept { machine_.ports().committed(seq); }

void CallPort::html(flin::Text markup) noexcept {
  machine_.end_tag();
  machine_.output_ += std::string_view(markup);
}
std::uint32_t CallPort::program() noexcept { return machine_.program_->number(); }

}  // namespace flin::runtime
