// One suite for every backend: a row of the table below is all a further one needs.
#pragma once

#include "backends/memory_backend.h"
#include "backends/sqlite_backend.h"
#include "jsonlines_backend.h"
#include "store_fixture.h"

#include <filesystem>

namespace flin::store::tests {

// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "flin-store-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct BackendCase {
  const char* name;
  bool is_durable;
  // A closed backend; the test ends it by dropping the pointer.
  std::function<std::shared_ptr<IStoreBackend>(IHost&, FakeClock)> make;
};

inline const BackendCase kBackends[] = {
    {"memory", false,
     [](IHost& host, FakeClock clock) -> std::shared_ptr<IStoreBackend> {
       return std::make_shared<MemoryBackend>(host, [clock] { return *clock.now; });
     }},
    {"sqlite", true,
     [](IHost& host, FakeClock clock) -> std::shared_ptr<IStoreBackend> {
       return std::make_shared<SqliteBackend>(host, [clock] { return *clock.now; });
     }},
    // Of a third party: tests/sdk/jsonlines_plugin.
    {"jsonlines", true,
     [](IHost& host, FakeClock clock) -> std::shared_ptr<IStoreBackend> {
       auto backend = std::make_shared<jsonlines::JsonLinesBackend>();
       backend->attach(host, [clock] { return *clock.now; });
       return backend;
     }},
};

inline std::vector<BackendCase> durable_backends() {
  std::vector<BackendCase> out;
  for (const BackendCase& backend : kBackends) {
    if (backend.is_durable) out.push_back(backend);
  }
  return out;
}

inline std::string backend_name(const ::testing::TestParamInfo<BackendCase>& info) {
  return info.param.name;
}
inline void PrintTo(const BackendCase& backend, std::ostream* out) { *out << backend.name; }

class BackendTest : public ::testing::TestWithParam<BackendCase> {
 protected:
  void SetUp() override { start(); }

  void start() {
    backend = GetParam().make(host, clock);
    ASSERT_EQ(open(schema).message(), "");
  }
  // Ends the backend and begins a new one on the same data.
  void restart() {
    backend->close();
    start();
  }
  Status open(testing::FakeSchema& program) {
    return backend->open(Text(std::string_view(path)), program.rows());
  }

  WriteResult write(const std::vector<MadeChange>& changes) {
    AwaitedWrite out;
    with_changes(changes,
                 [&](const ChangeSet& set) { backend->commit(set, AwaitedWrite::take, &out); });
    return out.wait();
  }
  // The id of a new row.
  std::uint64_t add(std::uint32_t type, std::vector<Set> sets) {
    const WriteResult out = write({create(type, std::move(sets))});
    EXPECT_EQ(out.message, "");
    return out.applied.empty() ? 0 : out.applied[0].id;
  }
  std::uint64_t add_todo(const char* title) {
    return add(kTodo, {{kTitle, Scalar::of_text(title)}});
  }

  Reader read(Query query, Snapshot at = {0, 0}) {
    Reader out;
    read_into(out, query, at);
    return out;
  }
  void read_into(Reader& out, Query& query, Snapshot at = {0, 0}) {
    backend->query(query.plan(), at, out, Reader::done, &out);
    EXPECT_EQ(out.calls, 1);
  }
  Reader read_at_time(Query query, std::int64_t time) {
    Reader out;
    backend->as_of(query.plan(), time, out, Reader::done, &out);
    return out;
  }
  Reader past(std::uint32_t type, std::uint64_t id) {
    Reader out;
    backend->history(type, id, out, Reader::done, &out);
    return out;
  }
  std::vector<LoggedChange> log(std::uint64_t since, std::uint64_t limit = 0) {
    LogReader out;
    EXPECT_EQ(backend->log(since, limit, out), 1u);
    return out.changes;
  }
  std::uint64_t newest() {
    const Snapshot at = backend->snapshot();
    backend->release(at);
    return at.seq;
  }

  Folder folder;
  std::string path = folder.file("test.db");
  testing::Host host;
  FakeClock clock;
  testing::FakeSchema schema = todo_schema();
  std::shared_ptr<IStoreBackend> backend;
};

}  // namespace flin::store::tests
