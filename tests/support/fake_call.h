// A call of an opcode for tests: flin::testing::Call, and over it records, references and
// predicates. Values live as long as the FakeCall; several ops may be run with one.
#pragma once

#include "flin/program.h"
#include "flin/testing.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace flin::testing {

// A Plain that owns its text.
struct OwnedPlain {
  Plain plain;
  std::string text;

  OwnedPlain() = default;
  OwnedPlain(const Plain& value) : plain(value), text(std::string_view(value.text)) {}
  Plain get() const {
    Plain out = plain;
    out.text = Text(std::string_view(text));
    return out;
  }
};

struct FakeRecord {
  std::uint32_t type = 0;
  std::uint64_t id = 0, version = 0;
  std::map<std::uint32_t, OwnedPlain> fields = {};
  std::vector<std::uint32_t> changed = {};
};

class FakeCall final : public ICall {
 public:
  // Making arguments.
  Value text(std::string_view value) { return make(flin::testing::text(Text(value))); }
  Value integer(std::int64_t value) { return make(flin::testing::integer(value)); }
  Value new_record(FakeRecord record) {
    records_.push_back(std::move(record));
    return inner_.make_foreign(kRecordType, &records_.back());
  }
  Value new_predicate(std::vector<std::uint8_t> code, std::vector<Plain> constants) {
    Condition& made = conditions_.emplace_back();
    made.code = std::move(code);
    for (const Plain& constant : constants) made.owned.emplace_back(constant);
    for (const OwnedPlain& constant : made.owned) made.constants.push_back(constant.get());
    return inner_.make_foreign(kPredicateType, &made);
  }
  Value list(const std::vector<Value>& items) { return make_list(items.data(), items.size()); }

  // Looking at results.
  FakeRecord* record_of(Value v) {
    return static_cast<FakeRecord*>(inner_.foreign(v, kRecordType));
  }
  std::string text_of(Value v) { return inner_.text_of(v); }
  std::int64_t int_of(Value v) { return inner_.int_of(v); }
  std::string field_text(Value record, std::uint32_t field) {
    return record_of(record)->fields[field].text;
  }
  void set(Value record, std::uint32_t field, const Plain& value) {
    record_of(record)->fields[field] = value;
    record_of(record)->changed.push_back(field);
  }
  std::uint64_t ticket() const { return inner_.ticket(); }  // of the last suspend(); 0: none
  const std::vector<std::uint64_t>& sources() const { return inner_.sources(); }
  const std::vector<std::uint64_t>& commits() const { return inner_.commits(); }
  const std::map<std::string, std::string>& error_fields() const {
    return error_fields_;
  }  // of the last fail_with()

  Kind kind(Value v) noexcept override {
    if (inner_.foreign(v, kRecordType) != nullptr) return Kind::kRecord;
    if (inner_.foreign(v, kPredicateType) != nullptr) return Kind::kPredicate;
    return inner_.kind(v);
  }
  Status args_plain(Plain* out) noexcept override { return inner_.args_plain(out); }
  Status plain(Value v, Plain& out) noexcept override {
    const FakeRecord* record = record_of(v);
    if (record == nullptr) return inner_.plain(v, out);
    out = {};
    out.kind = Kind::kRecord;
    out.extra = record->type;
    out.i = static_cast<std::int64_t>(record->id);
    return {};
  }
  Value make(const Plain& p) noexcept override {
    if (p.kind != Kind::kRecord) return inner_.make(p);
    return new_record({p.extra, static_cast<std::uint64_t>(p.i)});
  }
  std::uint64_t size(Value v) noexcept override { return inner_.size(v); }
  Value item(Value v, std::uint64_t i) noexcept override { return inner_.item(v, i); }
  Value key(Value map, std::uint64_t i) noexcept override { return inner_.key(map, i); }
  Value make_list(const Value* items, std::uint64_t n) noexcept override {
    return inner_.make_list(items, n);
  }
  Value make_map(const Value* pairs, std::uint64_t n) noexcept override {
    return inner_.make_map(pairs, n);
  }
  Value make_foreign(const ForeignType& type, void* data) noexcept override {
    return inner_.make_foreign(type, data);
  }
  void* foreign(Value v, const ForeignType& type) noexcept override {
    return inner_.foreign(v, type);
  }
  Status record(Value v, RecordRef& out) noexcept override {
    const FakeRecord* record = record_of(v);
    if (record == nullptr) return failure(code('R', 20), "it is no record");
    out = {record->type,
           record->id,
           record->version,
           {record->changed.data(), record->changed.size()}};
    return {};
  }
  Value field(Value v, std::uint32_t field) noexcept override {
    return make(record_of(v)->fields[field].get());
  }
  Status refresh(Value v, const Row& row) noexcept override {
    FakeRecord* record = record_of(v);
    record->id = row.id;
    record->version = row.version;
    record->changed.clear();
    for (std::uint32_t at = 0; at < 3; ++at) record->fields[kFieldCreatedAt + at] = row.fields[at];
    return {};
  }
  Value new_records(std::uint32_t type, List<std::uint32_t> fields,
                    List<Row> rows) noexcept override {
    std::vector<Value> out;
    for (const Row& row : rows) {
      FakeRecord record{type, row.id, row.version};
      for (std::uint64_t at = 0; at < fields.size; ++at) record.fields[fields[at]] = row.fields[at];
      out.push_back(new_record(std::move(record)));
    }
    return list(out);
  }
  Status predicate(Value v, List<std::uint8_t>& code, List<Plain>& constants) noexcept override {
    const auto* held = static_cast<const Condition*>(inner_.foreign(v, kPredicateType));
    if (held == nullptr) return failure(flin::code('R', 20), "it is no predicate");
    code = {held->code.data(), held->code.size()};
    constants = {held->constants.data(), held->constants.size()};
    return {};
  }
  Status fail(std::uint32_t code, Text message) noexcept override { return failure(code, message); }
  Status fail_with(std::uint32_t code, Text message, Value fields) noexcept override {
    error_fields_.clear();
    for (std::uint64_t at = 0; at < size(fields); ++at) {
      error_fields_[text_of(key(fields, at))] = text_of(item(fields, at));
    }
    return failure(code, message);
  }
  std::uint64_t suspend() noexcept override { return inner_.suspend(); }
  Status call_then(Value fn, const Value* args, std::uint32_t n, ThenFn then, void* data,
                   DropFn drop) noexcept override {
    return inner_.call_then(fn, args, n, then, data, drop);
  }
  FunctionId function_id(Value fn) noexcept override { return inner_.function_id(fn); }
  std::uint64_t keep(Value v) noexcept override {
    ++kept_;
    return inner_.keep(v);
  }
  Value kept(std::uint64_t handle) noexcept override { return inner_.kept(handle); }
  void forget(std::uint64_t handle) noexcept override {
    --kept_;
    inner_.forget(handle);
  }
  AgentId agent() noexcept override { return inner_.agent(); }
  void** local(DropFn drop) noexcept override { return inner_.local(drop); }
  void depend(std::uint64_t source) noexcept override { inner_.depend(source); }
  void committed(std::uint64_t seq) noexcept override { inner_.committed(seq); }
  void html(Text markup) noexcept override { inner_.html(markup); }
  std::uint32_t program() noexcept override { return inner_.program(); }

  int handles() const { return kept_; }  // keep() without forget()

 private:
  struct Condition {
    std::vector<std::uint8_t> code;
    std::vector<OwnedPlain> owned;
    std::vector<Plain> constants;
  };
  static constexpr ForeignType kRecordType{"record", nullptr};
  static constexpr ForeignType kPredicateType{"predicate", nullptr};

  std::deque<FakeRecord> records_;
  std::deque<Condition> conditions_;
  std::map<std::string, std::string> error_fields_;
  int kept_ = 0;
  Call inner_;  // last: its values go first
};

}  // namespace flin::testing
