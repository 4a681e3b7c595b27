// Times of the backend sqlite beside SQLite's own C interface, for store.mjs: one JSON object of
// microseconds per operation. Both sides write the same rows to a file each, in the folder given.
#include "backends/sqlite_backend.h"
#include "flin/testing.h"
#include "predicate.h"

#include <sqlite3.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

using namespace flin;
using namespace flin::store;

namespace {

constexpr int kItems = 10'000, kReads = 20'000, kPages = 1'000, kSaves = 200, kWriters = 64;
constexpr int kPageRows = 100;

// Of this thread on a core: reads run in it, and waiting for a core says nothing about them.
double cpu_microseconds(const std::function<void()>& work, int operations) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  };
  const double begin = now();
  work();
  return (now() - begin) / operations;
}

double microseconds(const std::function<void()>& work, int operations) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  return took.count() / operations;
}

void demand(bool is_fine, const char* what) {
  if (is_fine) return;
  std::fprintf(stderr, "store_bench: %s\n", what);
  std::exit(1);
}

std::string title(int at) { return "Item number " + std::to_string(at); }

// ---- Our side: entity Item { title: text, price: int, sold: bool } ----

class Waiter {
 public:
  static void done(void* data, Status status, const Committed*, const Conflict*) noexcept {
    auto& self = *static_cast<Waiter*>(data);
    demand(status.ok(), "a commit failed");
    const std::lock_guard lock(self.mutex_);
    self.is_done_ = true;
    self.came_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return is_done_; });
    is_done_ = false;
  }

 private:
  std::mutex mutex_;  // guards is_done_
  std::condition_variable came_;
  bool is_done_ = false;
};

class Sink final : public IRowSink {
 public:
  std::size_t rows = 0, bytes = 0;
  std::uint32_t row(const Row& row) noexcept override {
    ++rows;
    for (const Plain& value : row.fields) bytes += value.text.size;
    return 1;
  }
  std::uint32_t past(const Past&) noexcept override { return 1; }
  void value(const Plain&, const Plain&) noexcept override {}
  static void done(void*, Status status) noexcept { demand(status.ok(), "a query failed"); }
};

class Ours {
 public:
  explicit Ours(const std::string& path)
      : backend_(host_, [] {
          const auto now = std::chrono::system_clock::now().time_since_epoch();
          return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
        }) {
    const FieldRow fields[] = {{"title", "text", Kind::kText, 0, 0, {}, {}},
                               {"price", "int", Kind::kInt, 0, 0, {}, {}},
                               {"sold", "bool", Kind::kBool, 0, 0, {}, {}}};
    const EntityRow item{"Item", fields, {}};
    demand(backend_.open(Text(std::string_view(path)), {&item, 1}).ok(), "open failed");
  }

  void add(int from, int count, Waiter& waiter) {
    std::vector<std::string> titles;
    std::vector<std::vector<FieldValue>> values;
    std::vector<Change> changes;
    for (int at = from; at < from + count; ++at) titles.push_back(title(at));
    for (int at = 0; at < count; ++at) {
      auto& set = values.emplace_back();
      set.push_back(
          {0, testing::text(Text(std::string_view(titles[static_cast<std::size_t>(at)])))});
      set.push_back({1, testing::integer(from + at)});
      set.push_back({2, testing::boolean(at % 2 == 0)});
    }
    for (const auto& set : values) changes.push_back({0, kCreate, 0, 0, {set.data(), set.size()}});
    backend_.commit({{changes.data(), changes.size()}}, Waiter::done, &waiter);
    waiter.wait();
  }
  void find(std::int64_t id, Sink& sink) {
    Bytes code;
    put_field(code, {kFieldId});
    put_constant(code, 0);
    put_op(code, kOpEq);
    const Plain parameter = testing::integer(id);
    Plan plan = whole();
    plan.predicate = {code.data(), code.size()};
    plan.parameters = {&parameter, 1};
    backend_.query(plan, {0, 0}, sink, Sink::done, nullptr);
  }
  void page(Sink& sink) {
    Plan plan = whole();
    plan.limit = kPageRows;
    backend_.query(plan, {0, 0}, sink, Sink::done, nullptr);
  }

 private:
  static Plan whole() {
    static constexpr std::uint32_t kFields[] = {0, 1, 2, kFieldCreatedAt};
    Plan plan{};
    plan.limit = -1;
    plan.field = plan.group = kNoField;
    plan.fields = kFields;
    return plan;
  }
  testing::Host host_;
  SqliteBackend backend_;
};

// ---- SQLite itself: a table with the same columns, statements kept ----

class Raw {
 public:
  explicit Raw(const std::string& path) {
    demand(sqlite3_open(path.c_str(), &handle_) == SQLITE_OK, "raw open failed");
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
        "CREATE TABLE Item(id INTEGER PRIMARY KEY, title, price, sold, created_at)");
    insert_ = prepare("INSERT INTO Item(title, price, sold, created_at) VALUES(?, ?, ?, ?)");
    find_ = prepare("SELECT id, title, price, sold, created_at FROM Item WHERE id = ?");
    page_ = prepare("SELECT id, title, price, sold, created_at FROM Item ORDER BY id LIMIT 100");
  }
  ~Raw() {
    for (sqlite3_stmt* statement : {insert_, find_, page_}) sqlite3_finalize(statement);
    sqlite3_close(handle_);
  }
  void run(const char* sql) {
    demand(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }
  void add(int at) {
    const std::string text = title(at);
    sqlite3_bind_text(insert_, 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    sqlite3_bind_int64(insert_, 2, at);
    sqlite3_bind_int64(insert_, 3, at % 2);
    sqlite3_bind_int64(insert_, 4, 0);
    demand(sqlite3_step(insert_) == SQLITE_DONE, "raw insert failed");
    sqlite3_reset(insert_);
  }
  std::size_t find(std::int64_t id) {
    sqlite3_bind_int64(find_, 1, id);
    return take(find_);
  }
  std::size_t page() { return take(page_); }

 private:
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* out = nullptr;
    demand(sqlite3_prepare_v2(handle_, sql, -1, &out, nullptr) == SQLITE_OK, sql);
    return out;
  }
  std::size_t take(sqlite3_stmt* statement) {
    std::size_t rows = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      ++rows;
      for (int column = 0; column < 5; ++column) {
        if (column != 1) {
          sum_ += sqlite3_column_int64(statement, column);
          continue;
        }
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        text_.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
      }
    }
    sqlite3_reset(statement);
    return rows;
  }
  sqlite3* handle_ = nullptr;
  sqlite3_stmt *insert_ = nullptr, *find_ = nullptr, *page_ = nullptr;
  std::int64_t sum_ = 0;
  std::string text_;
};

void print(const char* name, double value, bool is_last = false) {
  std::printf("\"%s\": %.3f%s", name, value, is_last ? "}\n" : ", ");
}

}  // namespace

int main(int count, char** arguments) {
  demand(count == 2, "usage: store_bench FOLDER");
  const std::string folder = arguments[1];
  Ours ours(folder + "/ours.db");
  Raw raw(folder + "/raw.db");
  Waiter waiter;
  for (int at = 0; at < kItems; at += 1000) ours.add(at, 1000, waiter);
  raw.run("BEGIN");
  for (int at = 0; at < kItems; ++at) raw.add(at);
  raw.run("COMMIT");

  std::mt19937 random(1);
  std::vector<std::int64_t> ids(kReads);
  for (std::int64_t& id : ids) id = 1 + static_cast<std::int64_t>(random() % kItems);
  Sink sink;
  std::size_t rows = 0;
  std::printf("{");
  for (int round = 0; round < 2; ++round) {  // the first one warms
    const double find = cpu_microseconds(
        [&] {
          for (const auto id : ids) ours.find(id, sink);
        },
        kReads);
    const double raw_find = cpu_microseconds(
        [&] {
          for (const auto id : ids) rows += raw.find(id);
        },
        kReads);
    const double page = cpu_microseconds(
        [&] {
          for (int at = 0; at < kPages; ++at) ours.page(sink);
        },
        kPages);
    const double raw_page = cpu_microseconds(
        [&] {
          for (int at = 0; at < kPages; ++at) rows += raw.page();
        },
        kPages);
    if (round == 0) continue;
    print("find", find);
    print("raw_find", raw_find);
    print("page", page);
    print("raw_page", raw_page);
  }
  demand(sink.rows == rows, "the sides do not read the same");

  print("save", microseconds(
                    [&] {
                      for (int at = 0; at < kSaves; ++at) ours.add(at, 1, waiter);
                    },
                    kSaves));
  print("raw_save", microseconds(
                        [&] {
                          for (int at = 0; at < kSaves; ++at) raw.add(at);
                        },
                        kSaves));
  const auto many = [&] {
    std::vector<std::thread> threads;
    for (int writer = 0; writer < kWriters; ++writer) {
      threads.emplace_back([&] {
        Waiter own;
        for (int at = 0; at < kSaves; ++at) ours.add(at, 1, own);
      });
    }
    for (std::thread& thread : threads) thread.join();
  };
  print("save_of_many", microseconds(many, kSaves * kWriters), true);
  return 0;
}
