#include "base/log.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <thread>
#include <vector>

namespace flin {
namespace {

struct Kept {
  std::vector<std::string> lines;
  LogSink sink() {
    return [this](const LogRecord& r) {
      lines.push_back(std::string(log_level_name(r.level)) + " " + std::string(r.module) + " " +
                      std::string(r.message));
    };
  }
};

TEST(Logger, HandsRecordsToItsSink) {
  Kept kept;
  Logger log(LogLevel::kDebug, kept.sink());
  log.debug("vm", "one");
  log.info("vm", "two");
  log.warning("store", "three");
  log.error("store", "four");
  EXPECT_EQ(kept.lines, (std::vector<std::string>{"debug vm one", "info vm two",
                                                  "warning store three", "error store four"}));
}

TEST(Logger, DropsWhatIsBelowItsLevel) {
  Kept kept;
  Logger log(LogLevel::kWarning, kept.sink());
  log.info("vm", "quiet");
  EXPECT_FALSE(log.writes(LogLevel::kInfo));
  log.set_lowest(LogLevel::kInfo);
  log.info("vm", "loud");
  EXPECT_EQ(kept.lines, std::vector<std::string>{"info vm loud"});
}

TEST(Logger, KeepsARecordOnOneLine) {
  Kept kept;
  Logger log(LogLevel::kInfo, kept.sink());
  log.info("http", "GET /\r\n12:00 error kernel forged\x1b[31m\n");
  EXPECT_EQ(kept.lines,
            std::vector<std::string>{"info http GET /  12:00 error kernel forged [31m"});
}

TEST(Logger, NeverMixesRecordsOfSeveralThreads) {
  Kept kept;
  Logger log(LogLevel::kInfo, kept.sink());
  const auto write = [&log](const char* module) {
    for (int i = 0; i < 100; ++i) log.info(module, "line");
  };
  std::thread one(write, "a"), two(write, "b");
  one.join();
  two.join();
  EXPECT_EQ(kept.lines.size(), 200u);
}

TEST(LogLine, HasTimeLevelModuleAndMessage) {
  const LogRecord record{std::chrono::system_clock::now(), LogLevel::kWarning, "store",
                         "the log was trimmed"};
  EXPECT_TRUE(std::regex_match(
      log_line(record),
      std::regex("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  warning  store  the log was trimmed")))
      << log_line(record);
}

TEST(LogLevel, IsReadByItsName) {
  EXPECT_EQ(log_level_from_name("warning"), LogLevel::kWarning);
  EXPECT_EQ(log_level_from_name("loud"), std::nullopt);
}

}  // namespace
}  // namespace flin
