#include "runtime/record.h"

#include "runtime/convert.h"
#include "runtime/wire.h"

namespace flin::runtime {

namespace {

std::size_t changed_words(std::uint32_t fields) { return (fields + 63) / 64; }

Record* blank_record(Heap& heap, const Program::Linked& program, std::uint32_t type) {
  const auto size = static_cast<std::uint32_t>(program.chunk.entities[type].fields.size());
  auto* record =
      heap.make<Record>(ObjectKind::kRecord, size * sizeof(Value) + changed_words(size) * 8);
  record->extra = heap.epoch();
  record->type = type;
  record->size = size;
  record->id = record->version = 0;
  record->created_at = record->updated_at = record->deleted_at = kNone;
  std::fill_n(record->fields(), size, kNone);
  std::fill_n(record->changed(), changed_words(size), 0);
  return record;
}

}  // namespace

Record* new_reference(Heap& heap, const Program::Linked& program, std::uint32_t type,
                      std::uint64_t id) {
  Record* record = blank_record(heap, program, type);
  record->id = id;
  return record;
}

Record* new_record(Machine& m, std::uint32_t type) {
  const Program::Linked& program = m.linked();
  Record* record = blank_record(m.heap(), program, type);
  const auto& fields = program.chunk.entities[type].fields;
  for (std::uint32_t i = 0; i < record->size; ++i) {
    Value v = kNone;
    if (fields[i].default_k != bytecode::kNoIndex)
      v = program.constants[fields[i].default_k];
    else if (fields[i].type_k != bytecode::kNoIndex) {
      const std::string_view type_form = program.chunk.text(fields[i].type_k);
      const char first = type_form.empty() ? '\0' : type_form[0];
      if (first == 0x10) v = from_object(new_list(m.heap()));
      if (first == 0x11) v = from_object(new_map(m.heap()));
    }
    // There are no bool constants (L 21.2): a bool default is an int.
    if (is_small_int(v) && program.entity_rows[type].fields[i].kind == Kind::kBool)
      v = from_bool(small_payload(v) != 0);
    record->fields()[i] = is_empty(v) ? kNone : v;
  }
  return record;
}

Value record_field(Heap& heap, const Record* record, std::uint32_t field) {
  switch (field) {
    case kFieldId: return make_int(heap, static_cast<std::int64_t>(record->id));
    case kFieldVersion: return make_int(heap, static_cast<std::int64_t>(record->version));
    case kFieldCreatedAt: return record->created_at;
    case kFieldUpdatedAt: return record->updated_at;
    case kFieldDeletedAt: return record->deleted_at;
    default: return field < record->size ? record->fields()[field] : kNone;
  }
}

void set_record_field(Heap& heap, Record* record, std::uint32_t field, Value v) {
  record->extra = heap.epoch();
  record->fields()[field] = v;
  record->changed()[field / 64] |= std::uint64_t{1} << (field % 64);
}

bool is_changed(const Record* record, std::uint32_t field) {
  return record->changed()[field / 64] >> (field % 64) & 1;
}

void clear_changed(Record* record) {
  std::fill_n(record->changed(), changed_words(record->size), 0);
}

Value value_of(Machine& m, const Plain& plain, std::string_view type) {
  Heap& heap = m.heap();
  switch (plain.kind) {
    case Kind::kNone: return kNone;
    case Kind::kBool: return from_bool(plain.i != 0);
    case Kind::kInt:
      return type == "\x03" ? from_double(static_cast<double>(plain.i)) : make_int(heap, plain.i);
    case Kind::kNumber: return from_double(plain.n);
    case Kind::kText: return make_text(heap, plain.text);
    case Kind::kTime: return make_whole(heap, Tagged::kTime, plain.i);
    case Kind::kDuration: return make_whole(heap, Tagged::kDuration, plain.i);
    case Kind::kMoney: {
      const char code[3] = {static_cast<char>(plain.extra), static_cast<char>(plain.extra >> 8),
                            static_cast<char>(plain.extra >> 16)};
      return make_money(heap, plain.i, {code, 3});
    }
    case Kind::kRecord:
      if (plain.extra >= m.linked().chunk.entities.size()) return kNone;
      return from_object(
          new_reference(heap, m.linked(), plain.extra, static_cast<std::uint64_t>(plain.i)));
    default: break;
  }
  // Fields are written by their static type; what has none, tagged as in `any`.
  static constexpr std::string_view kAny = "\x09";
  if (!type.empty()) {
    auto typed = read_value(m.isolate(), plain.text, type, "value", nullptr);
    if (typed.ok()) return typed.value();
  }
  auto any = read_value(m.isolate(), plain.text, kAny, "value", nullptr);
  return any.ok() ? any.value() : kNone;
}

}  // namespace flin::runtime
