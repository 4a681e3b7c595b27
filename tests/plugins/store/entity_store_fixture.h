// An EntityStore over a memory backend, or over one that answers later.
#pragma once

#include "backends/memory_backend.h"
#include "entity_store.h"
#include "store_fixture.h"

#include <deque>

namespace flin::store::tests {

// Holds every answer of another backend back until run_all().
class DelayingBackend final : public IStoreBackend {
 public:
  explicit DelayingBackend(IStoreBackend& inner) : inner_(inner) {}

  bool is_delaying = true;
  std::size_t waiting() const { return later_.size(); }
  void run_one() {
    const auto work = std::move(later_.front());
    later_.pop_front();
    work();
  }
  void run_all() {
    while (!later_.empty()) run_one();
  }

  Status open(Text address, List<EntityRow> schema) noexcept override {
    return inner_.open(address, schema);
  }
  Snapshot snapshot() noexcept override { return inner_.snapshot(); }
  void release(const Snapshot& snapshot) noexcept override { inner_.release(snapshot); }
  void query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done,
             void* data) noexcept override {
    // The plan is borrowed: a backend that reads later has to copy it.
    auto kept = std::make_shared<Kept>(plan);
    run_or_wait(
        [this, kept, at, &rows, done, data] { inner_.query(kept->plan(), at, rows, done, data); });
  }
  void commit(const ChangeSet& changes, CommitDone done, void* data) noexcept override {
    std::vector<MadeChange> kept;
    for (const Change& change : changes.changes) {
      MadeChange& made = kept.emplace_back(
          MadeChange{change.type, change.kind, change.id, change.base_version, {}});
      for (const FieldValue& value : change.fields)
        made.sets.push_back({value.field, own(value.value)});
    }
    run_or_wait([this, kept, done, data] {
      with_changes(kept, [&](const ChangeSet& set) { inner_.commit(set, done, data); });
    });
  }
  void history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done,
               void* data) noexcept override {
    run_or_wait(
        [this, type, id, &rows, done, data] { inner_.history(type, id, rows, done, data); });
  }
  void as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done,
             void* data) noexcept override {
    inner_.as_of(plan, time, rows, done, data);
  }
  std::uint32_t log(std::uint64_t since, std::uint64_t limit, ICommitSink& out) noexcept override {
    return inner_.log(since, limit, out);
  }
  void trim(std::uint64_t keep) noexcept override { inner_.trim(keep); }
  void close() noexcept override { inner_.close(); }

 private:
  struct Kept {
    explicit Kept(const Plan& from)
        : plan_(from),
          code(from.predicate.begin(), from.predicate.end()),
          parameters(own(from.parameters)),
          order(from.order.begin(), from.order.end()),
          fields(from.fields.begin(), from.fields.end()) {}
    Plan plan() {
      plains = borrow(parameters);
      plan_.predicate = {code.data(), code.size()};
      plan_.parameters = {plains.data(), plains.size()};
      plan_.order = {order.data(), order.size()};
      plan_.fields = {fields.data(), fields.size()};
      return plan_;
    }
    Plan plan_;
    Bytes code;
    Scalars parameters;
    std::vector<Order> order;
    std::vector<std::uint32_t> fields;
    std::vector<Plain> plains;
  };
  void run_or_wait(std::function<void()> work) {
    if (!is_delaying) return work();
    later_.push_back(std::move(work));
  }
  IStoreBackend& inner_;
  std::deque<std::function<void()>> later_;
};

class StoreTest : public ::testing::Test {
 protected:
  void open(testing::FakeSchema& schema) { ASSERT_EQ(store.open("", schema.rows()).message(), ""); }

  WriteResult write(const std::vector<MadeChange>& changes, const Ctx& ctx = {}) {
    WriteResult out;
    with_changes(changes,
                 [&](const ChangeSet& set) { store.commit(set, ctx, WriteResult::take, &out); });
    return out;
  }
  Reader read(Query query, const Ctx& ctx = {}) {
    Reader out;
    store.query(query.plan(), {0, 0}, ctx, out, Reader::done, &out);
    EXPECT_EQ(out.calls, 1);
    return out;
  }
  std::uint64_t add_todo(const char* title) {
    const WriteResult out = write({create(kTodo, {{kTitle, Scalar::of_text(title)}})});
    EXPECT_EQ(out.message, "");
    return out.applied.empty() ? 0 : out.applied[0].id;
  }

  testing::Host host;
  testing::FakeSources sources;
  FakeClock clock;
  MemoryBackend backend{host, [c = clock] { return *c.now; }};
  EntityStore store;
};

}  // namespace flin::store::tests
