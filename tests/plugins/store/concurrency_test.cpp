// Several threads commit, read, hold snapshots and watch at once. Run under TSan.
#include "backend_fixture.h"
#include "entity_store.h"

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

class Concurrency : public ::testing::TestWithParam<BackendCase> {
 protected:
  void open(ISources* watched) {
    store.attach(host, *backend, watched, {});
    store.use_ids(dynamic_cast<IReservedIds*>(backend.get()));
    if (watched) { ASSERT_TRUE(store.on_commit(feed).ok()); }
    ASSERT_EQ(store.open(Text(std::string_view(path)), schema.rows()).message(), "");
  }
  WriteResult write(const std::vector<MadeChange>& changes) {
    AwaitedWrite out;
    with_changes(changes,
                 [&](const ChangeSet& set) { store.commit(set, {}, AwaitedWrite::take, &out); });
    return out.wait();
  }

  Folder folder;
  std::string path = folder.file("test.db");
  testing::Host host;
  testing::FakeSources sources;
  testing::FakeSchema schema = todo_schema();
  RisingFeed feed;
  std::shared_ptr<IStoreBackend> backend = GetParam().make(host, FakeClock());
  EntityStore store;
};
INSTANTIATE_TEST_SUITE_P(Each, Concurrency, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Concurrency, CommitsReadsAndWatchesGoOnTogether) {
  open(&sources);
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&] {
      for (int at = 0; at < kCommits; ++at) {
        // Two rows at a time: a reader never sees an odd number.
        MadeChange reserved = create(kTodo, {{kTitle, Scalar::of_text("a")}});
        reserved.id = store.reserve_id(kTodo);
        const WriteResult out = write({reserved, create(kTodo, {{kTitle, Scalar::of_text("b")}})});
        EXPECT_EQ(out.message, "");
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
  backend->close();  // after it nobody is fed any more
  EXPECT_TRUE(feed.is_rising);
  EXPECT_EQ(feed.count, 2 * kWriters * kCommits);
  const auto touches = sources.touches();
  ASSERT_EQ(touches.size(), 1u + kWriters * kCommits);  // the first when it was opened
  for (std::size_t at = 1; at < touches.size(); ++at)
    EXPECT_EQ(touches[at].seq, touches[at - 1].seq + 1);
}

TEST_P(Concurrency, OneOfTwoWritersOfAFieldGetsAConflict) {
  open(nullptr);
  ASSERT_EQ(write({create(kTodo, {{kTitle, Scalar::of_text("a")}})}).code, 0u);
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&] {
      const WriteResult out = write({update(kTodo, 1, 1, {{kTitle, Scalar::of_text("b")}})});
      conflicts += out.code == code('R', 103);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(conflicts, 3);
}

TEST_P(Concurrency, ACloseAnswersEverySaveThatWaits) {
  open(nullptr);
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&] {
      while (write({create(kTodo, {{kTitle, Scalar::of_text("a")}})}).code == 0) ++answered;
    });
  }
  while (answered < 8) std::this_thread::yield();
  // The promise of close() is that no call comes later; what is under way is answered.
  backend->close();
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(answered, 8);
}

}  // namespace
}  // namespace flin::store::tests
