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

TEST(Logger, HasALevelPerModule) {
  Kept kept;
  Logger log(LogLevel::kInfo, kept.sink());
  log.set_levels(*log_levels_from_text("http=debug,warning,store=error"));
  for (const char* module : {"http", "store", "vm"}) {
    log.debug(module, "d");
    log.info(module, "i");
    log.warning(module, "w");
    log.error(module, "e");
  }
  EXPECT_EQ(kept.lines, (std::vector<std::string>{"debug http d", "info http i", "warning http w",
                                                  "error http e", "error store e", "warning vm w",
                                                  "error vm e"}));
}

TEST(LogLevels, AreReadFromText) {
  EXPECT_EQ(log_levels_from_text("debug")->lowest, LogLevel::kDebug);
  const auto levels = log_levels_from_text("http=debug,error");
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->of("http"), LogLevel::kDebug);
  EXPECT_EQ(levels->of("store"), LogLevel::kError);
  EXPECT_EQ(log_levels_from_text("http=debug")->of("store"), LogLevel::kInfo);
  for (const char* text : {"", "loud", "http=", "=info", "http=loud", "info,", ",info", "a=b=info"})
    EXPECT_FALSE(log_levels_from_text(text)) << text;
}

LogRecord record(const LogScope* scope) {
  const std::chrono::system_clock::time_point time{std::chrono::milliseconds(1234)};
  return {time, LogLevel::kWarning, "store", "a \"b\" \\", scope};
}

TEST(LogJson, IsOneObjectPerRecord) {
  EXPECT_EQ(log_json(record(nullptr)),
            R"({"time":"1970-01-01T00:00:01.234Z","level":"warning","module":"store",)"
            R"("message":"a \"b\" \\"})");
}

TEST(LogJson, NamesTheRequestOrAgent) {
  const LogScope request(LogScope::kRequest, 0x1f, "GET /todos");
  EXPECT_TRUE(log_json(record(&request)).ends_with(R"(,"request":"1f","name":"GET /todos"})"));
  const LogScope agent(LogScope::kAgent, 2, "mailer");
  EXPECT_TRUE(log_json(record(&agent)).ends_with(R"(,"agent":"2","name":"mailer"})"));
  EXPECT_TRUE(log_line(record(&agent)).ends_with("store  a \"b\" \\  (mailer #2)"));
}

TEST(Logger, GivesRecordsTheInnermostScopeOfTheirThread) {
  std::vector<std::string> names;
  Logger log(LogLevel::kInfo, [&](const LogRecord& r) {
    names.emplace_back(r.scope == nullptr ? "-" : r.scope->name);
  });
  log.info("vm", "a");
  {
    const LogScope outer(LogScope::kAgent, 1, "outer");
    log.info("vm", "b");
    {
      const LogScope inner(LogScope::kAgent, 2, "inner");
      log.info("vm", "c");
    }
    std::thread([&] { log.info("vm", "d"); }).join();
    log.info("vm", "e");
  }
  log.info("vm", "f");
  EXPECT_EQ(names, (std::vector<std::string>{"-", "outer", "inner", "-", "outer", "-"}));
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
