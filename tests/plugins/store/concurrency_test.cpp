// Several threads commit, read, hold snapshots and watch at once. Run under TSan.
#include "entity_store_fixture.h"

#include <atomic>
#include <thread>

namespace flin::store::tests {
namespace {

constexpr int kWriters = 3, kCommits = 60;

class RisingFeed final : public ICommitSink {
 public:
  std::uint32_t changed(std::uint64_t seq, const Change&, const Row*,
                        const Row*) noexcept override {
    is_rising = is_rising && seq >= last;
    last = seq;
    ++count;
    return 1;
  }
  bool is_rising = true;
  std::uint64_t last = 0;
  int count = 0;
};

TEST(Concurrency, CommitsReadsAndWatchesGoOnTogether) {
  testing::Host host;
  testing::FakeSources sources;
  MemoryBackend backend(host);
  EntityStore store;
  RisingFeed feed;
  testing::FakeSchema schema = todo_schema();
  store.attach(host, backend, &sources, {});
  ASSERT_TRUE(store.on_commit(feed).ok());
  ASSERT_TRUE(store.open("", schema.rows()).ok());
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&] {
      for (int at = 0; at < kCommits; ++at) {
        WriteResult out;
        // Two rows at a time: a reader never sees an odd number.
        with_changes({create(kTodo, {{kTitle, Scalar::of_text("a")}}),
                      create(kTodo, {{kTitle, Scalar::of_text("b")}})},
                     [&](const ChangeSet& set) { store.commit(set, {}, WriteResult::take, &out); });
        EXPECT_EQ(out.code, 0u);
      }
      --writing;
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&] {
      while (writing > 0) {
        const Snapshot at = store.snapshot();
        Query query;
        const auto model = store.model();
        store.watches()->source(model->entities, kTodo, query.code, query.parameters);
        Reader first, second;
        store.query(query.plan(), at, {}, first, Reader::done, &first);
        store.query(query.plan(), at, {}, second, Reader::done, &second);
        EXPECT_EQ(first.rows.size() % 2, 0u);
        EXPECT_EQ(first.rows.size(), second.rows.size());
        store.release(at);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(feed.is_rising);
  EXPECT_EQ(feed.count, 2 * kWriters * kCommits);
  const auto touches = sources.touches();
  ASSERT_EQ(touches.size(), 1u + kWriters * kCommits);  // the first when it was opened
  for (std::size_t at = 1; at < touches.size(); ++at)
    EXPECT_EQ(touches[at].seq, touches[at - 1].seq + 1);
}

TEST(Concurrency, OneOfTwoWritersOfAFieldGetsAConflict) {
  testing::Host host;
  MemoryBackend backend(host);
  EntityStore store;
  testing::FakeSchema schema = todo_schema();
  store.attach(host, backend, nullptr, {});
  ASSERT_TRUE(store.open("", schema.rows()).ok());
  WriteResult made;
  with_changes({create(kTodo, {{kTitle, Scalar::of_text("a")}})},
               [&](const ChangeSet& set) { store.commit(set, {}, WriteResult::take, &made); });
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&] {
      WriteResult out;
      with_changes({update(kTodo, 1, 1, {{kTitle, Scalar::of_text("b")}})},
                   [&](const ChangeSet& set) { store.commit(set, {}, WriteResult::take, &out); });
      conflicts += out.code == code('R', 103);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(conflicts, 3);
}

}  // namespace
}  // namespace flin::store::tests
