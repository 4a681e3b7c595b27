// Both ways of watching, over real folders.
#include "watcher.h"

#include "flin/testing.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

namespace flin::async::tests {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "flin-watcher-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  std::string path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class Seen final : public IChangeSink {
 public:
  void changed(List<Text> paths) noexcept override {
    const std::lock_guard guard(lock_);
    for (const Text path : paths) paths_.insert(std::string(std::string_view(path)));
    told_.notify_all();
  }
  void wait_for(const std::string& path) {
    std::unique_lock guard(lock_);
    told_.wait(guard, [&] { return paths_.erase(path) != 0; });
  }
  bool has(const std::string& path) {
    const std::lock_guard guard(lock_);
    return paths_.count(path) != 0;
  }

 private:
  std::mutex lock_;
  std::condition_variable told_;
  std::set<std::string> paths_;
};

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

class WatcherTest : public ::testing::TestWithParam<WatcherKind> {
 protected:
  WatcherTest() { watcher.attach(host, GetParam()); }
  testing::Host host;
  Folder folder;
  Seen seen;
  Watcher watcher;
};

TEST_P(WatcherTest, TellsOfFilesThatAreWrittenReplacedAndRemoved) {
  write(folder / "a", "1");
  ASSERT_TRUE(watcher.watch(std::string_view(folder.path()), seen).ok());
  write(folder / "a", "2");
  seen.wait_for(folder / "a");
  write(folder / "b", "3");
  fs::rename(folder / "b", folder / "a");
  seen.wait_for(folder / "a");
  fs::remove(folder / "a");
  seen.wait_for(folder / "a");
}

TEST_P(WatcherTest, TellsEachSinkOfItsOwnFolder) {
  Folder other;
  Seen of_other;
  ASSERT_TRUE(watcher.watch(std::string_view(folder.path()), seen).ok());
  ASSERT_TRUE(watcher.watch(std::string_view(other.path()), of_other).ok());
  write(other / "x", "1");
  of_other.wait_for(other / "x");
  EXPECT_FALSE(seen.has(other / "x"));
  write(folder / "y", "1");
  seen.wait_for(folder / "y");
}

TEST_P(WatcherTest, TellsNothingToASinkThatHasEnded) {
  Seen gone;
  ASSERT_TRUE(watcher.watch(std::string_view(folder.path()), gone).ok());
  ASSERT_TRUE(watcher.watch(std::string_view(folder.path()), seen).ok());
  watcher.end(gone);
  write(folder / "a", "1");
  seen.wait_for(folder / "a");
  EXPECT_FALSE(gone.has(folder / "a"));
}

TEST_P(WatcherTest, SaysWhyAFolderCannotBeWatched) {
  const std::string path = folder / "nowhere";
  const Status status = watcher.watch(std::string_view(path), seen);
  EXPECT_EQ(status.code(), code('R', 205));
  const std::string message{std::string_view(status.message())};
  EXPECT_EQ(message.rfind("cannot watch the folder " + path + ": ", 0), 0u) << message;
}

INSTANTIATE_TEST_SUITE_P(Both, WatcherTest,
                         ::testing::Values(WatcherKind::kInotify, WatcherKind::kScan),
                         [](const auto& info) {
                           return info.param == WatcherKind::kInotify ? "Inotify" : "Scan";
                         });

}  // namespace
}  // namespace flin::async::tests
