// What the store's tests share: a schema, short ways to write changes and plans, sinks that keep
// what they are given, and the table of backends.
#pragma once

#include "flin/store/entity_store.h"
#include "flin/testing.h"
#include "predicate.h"
#include "support/fake_host.h"
#include "value.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace flin::store::tests {

// Types and fields of the schema below.
enum Type : std::uint32_t { kUser, kTodo, kComment };
enum UserField : std::uint32_t { kName, kEmail };
enum TodoField : std::uint32_t {
  kTitle,
  kDone,
  kRank,
  kScore,
  kDue,
  kSpent,
  kPrice,
  kOwner,
  kTags,
  kWatchers
};
enum CommentField : std::uint32_t { kBody, kOf };

inline testing::FakeSchema todo_schema() {
  testing::FakeSchema schema;
  schema.entity("User")
      .field("name", "text", Kind::kText, kFieldRequired | kFieldUnique)
      .field("email", "text?", Kind::kText, kFieldUnique);
  schema.entity("Todo")
      .field("title", "text", Kind::kText, kFieldRequired)
      .field("done", "bool", Kind::kBool)
      .fallback(testing::boolean(false))
      .field("rank", "int?", Kind::kInt)
      .field("score", "number?", Kind::kNumber)
      .field("due", "time?", Kind::kTime)
      .field("spent", "duration?", Kind::kDuration)
      .field("price", "money?", Kind::kMoney)
      .field("owner", "User?", Kind::kRecord, 0, kUser)
      .field("tags", "[text]", Kind::kList)
      .field("watchers", "[User]", Kind::kList);
  schema.entity("Comment")
      .field("body", "text", Kind::kText)
      .field("of", "Todo", Kind::kRecord, 0, kTodo);
  return schema;
}

inline Scalar money(std::int64_t minor, const char* currency) {
  Scalar out = Scalar::of_int(minor);
  out.kind = Kind::kMoney;
  out.extra = currency_number(currency);
  return out;
}

struct Set {
  std::uint32_t field;
  Scalar value;
};

// A change that owns its values.
struct MadeChange {
  std::uint32_t type, kind;
  std::uint64_t id = 0, base_version = 0;
  std::vector<Set> sets = {};
};
inline MadeChange create(std::uint32_t type, std::vector<Set> sets) {
  return {type, kCreate, 0, 0, std::move(sets)};
}
inline MadeChange update(std::uint32_t type, std::uint64_t id, std::uint64_t base,
                         std::vector<Set> sets) {
  return {type, kUpdate, id, base, std::move(sets)};
}
inline MadeChange change(std::uint32_t kind, std::uint32_t type, std::uint64_t id) {
  return {type, kind, id, 0, {}};
}

// Calls `fn` with the ChangeSet of `changes`.
template <class Fn>
void with_changes(const std::vector<MadeChange>& changes, Fn fn) {
  std::vector<std::vector<FieldValue>> values;
  std::vector<Change> made;
  for (const MadeChange& change : changes) {
    auto& fields = values.emplace_back();
    for (const Set& set : change.sets) fields.push_back({set.field, borrow(set.value)});
  }
  for (std::size_t at = 0; at < changes.size(); ++at) {
    made.push_back({changes[at].type,
                    changes[at].kind,
                    changes[at].id,
                    changes[at].base_version,
                    {values[at].data(), values[at].size()}});
  }
  fn(ChangeSet{{made.data(), made.size()}});
}

struct WriteResult {
  std::uint32_t code = 0;
  std::string message;
  std::uint64_t seq = 0;
  std::vector<Applied> applied;
  std::optional<Conflict> conflict;
  int calls = 0;

  static void take(void* data, Status status, const Committed* committed,
                   const Conflict* conflict) noexcept {
    auto& out = *static_cast<WriteResult*>(data);
    ++out.calls;
    out.code = status.code();
    out.message = status.message();
    if (committed) out.seq = committed->seq;
    if (committed) out.applied.assign(committed->applied.begin(), committed->applied.end());
    if (conflict) out.conflict = *conflict;
  }
};

// A commit's answer that may come from another thread.
class AwaitedWrite {
 public:
  static void take(void* data, Status status, const Committed* committed,
                   const Conflict* conflict) noexcept {
    auto& self = *static_cast<AwaitedWrite*>(data);
    const std::lock_guard lock(self.mutex_);
    WriteResult::take(&self.result_, std::move(status), committed, conflict);
    self.came_.notify_all();
  }
  WriteResult wait() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return result_.calls > 0; });
    return result_;
  }

 private:
  std::mutex mutex_;  // guards result_
  std::condition_variable came_;
  WriteResult result_;
};

// A plan that owns what it points to. Conditions are written in postfix order.
struct Query {
  std::uint32_t type = kTodo;
  Bytes code = {};
  Scalars parameters = {};
  std::vector<Order> order = {};
  std::int64_t limit = -1, offset = 0;
  Aggregate aggregate = kRows;
  std::uint32_t aggregate_field = kNoField, group = kNoField;
  std::vector<std::uint32_t> fields = {};
  std::vector<Plain> plains = {};

  explicit Query(std::uint32_t of = kTodo) : type(of) {}
  Query& field(FieldPath path) { return put_field(code, path), *this; }
  Query& field(std::uint32_t number) { return field(FieldPath{number}); }
  Query& value(Scalar v) {
    put_constant(code, static_cast<std::uint32_t>(parameters.size()));
    parameters.push_back(std::move(v));
    return *this;
  }
  Query& op(PredicateOp what) { return put_op(code, what), *this; }
  Query& by(std::uint32_t number, bool descending = false) {
    return order.push_back({number, descending}), *this;
  }
  Query& cut(std::int64_t most, std::int64_t from = 0) {
    return limit = most, offset = from, *this;
  }
  Query& only(std::vector<std::uint32_t> numbers) { return fields = std::move(numbers), *this; }
  Query& fold(Aggregate how, std::uint32_t number = kNoField, std::uint32_t grouped = kNoField) {
    aggregate = how;
    aggregate_field = number;
    group = grouped;
    return *this;
  }
  Plan plan() {
    plains = borrow(parameters);
    return {type,
            {code.data(), code.size()},
            {plains.data(), plains.size()},
            {order.data(), order.size()},
            limit,
            offset,
            aggregate,
            aggregate_field,
            group,
            {fields.data(), fields.size()}};
  }
};

struct ReadRow {
  std::uint64_t id, version;
  Scalars fields;
};
struct ReadPast {
  ReadRow row;
  std::int64_t from, to;
  std::uint32_t kind;
};

class Reader final : public IRowSink {
 public:
  std::vector<ReadRow> rows;
  std::vector<ReadPast> pasts;
  std::vector<std::pair<Scalar, Scalar>> values;
  std::uint32_t code = 0;
  std::string message;
  int calls = 0;
  std::size_t enough = 1'000'000;
  std::function<void()> on_row;

  std::uint32_t row(const Row& row) noexcept override {
    rows.push_back({row.id, row.version, own(row.fields)});
    if (on_row) on_row();
    return rows.size() < enough;
  }
  std::uint32_t past(const Past& past) noexcept override {
    pasts.push_back({{past.row.id, past.row.version, own(past.row.fields)},
                     past.valid_from,
                     past.valid_to,
                     past.kind});
    return pasts.size() < enough;
  }
  void value(const Plain& group, const Plain& value) noexcept override {
    values.emplace_back(own(group), own(value));
  }
  static void done(void* data, Status status) noexcept {
    auto& out = *static_cast<Reader*>(data);
    ++out.calls;
    out.code = status.code();
    out.message = status.message();
  }

  std::vector<std::uint64_t> ids() const {
    std::vector<std::uint64_t> out;
    for (const ReadRow& row : rows) out.push_back(row.id);
    return out;
  }
  std::string text(std::size_t row, std::size_t field) const {
    return rows.at(row).fields.at(field).text;
  }
};

struct LoggedChange {
  std::uint64_t seq;
  std::uint32_t type, kind;
  std::uint64_t id;
  std::vector<std::uint32_t> fields;
  std::optional<ReadRow> before, after;
};

class LogReader final : public ICommitSink {
 public:
  std::vector<LoggedChange> changes;
  std::size_t enough = 1'000'000;
  std::function<void()> on_change;

  std::uint32_t changed(std::uint64_t seq, const Change& change, const Row* before,
                        const Row* after) noexcept override {
    LoggedChange out{seq, change.type, change.kind, change.id, {}, {}, {}};
    for (const FieldValue& value : change.fields) out.fields.push_back(value.field);
    if (before) out.before = ReadRow{before->id, before->version, own(before->fields)};
    if (after) out.after = ReadRow{after->id, after->version, own(after->fields)};
    changes.push_back(std::move(out));
    if (on_change) on_change();
    return changes.size() < enough;
  }
};

// Microseconds that a test moves. Not thread safe.
struct FakeClock {
  std::shared_ptr<std::int64_t> now = std::make_shared<std::int64_t>(1'700'000'000'000'000);
  void advance_ms(std::int64_t ms) { *now += ms * 1000; }
  std::int64_t ms() const { return *now / 1000; }
};

}  // namespace flin::store::tests
