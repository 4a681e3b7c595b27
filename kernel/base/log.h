// The log of one flin process: lines with a level, a time and the module they come from. Nothing
// here is global: main makes a Logger and passes it on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace flin {

// Numbers as in IHost::log.
enum class LogLevel : std::int32_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

// "debug", "info", "warning", "error".
std::string_view log_level_name(LogLevel level);
std::optional<LogLevel> log_level_from_name(std::string_view name);

struct LogRecord {
  std::chrono::system_clock::time_point time;
  LogLevel level;
  std::string_view module;   // "kernel", or the id of a plugin
  std::string_view message;  // one line; control characters were replaced by blanks
};

// "12:03:45.120  warning  store  the log was trimmed". The time is local; no line end.
std::string log_line(const LogRecord& record);

// Takes one record at a time, however many threads write. The views are borrowed for the call.
using LogSink = std::function<void(const LogRecord&)>;

// Writes log_line() and a line end to standard error.
void write_log_to_stderr(const LogRecord& record);

class Logger {
 public:
  explicit Logger(LogLevel lowest = LogLevel::kInfo, LogSink sink = write_log_to_stderr);

  // Levels below `lowest` are dropped. [any-thread]
  void set_lowest(LogLevel lowest) { lowest_.store(lowest, std::memory_order_relaxed); }
  bool writes(LogLevel level) const { return level >= lowest_.load(std::memory_order_relaxed); }

  // Hands one record to the sink. A line end or other control character in `message` becomes a
  // blank, so that what comes from outside cannot forge a line. [any-thread]
  void write(LogLevel level, std::string_view module, std::string_view message);
  void debug(std::string_view module, std::string_view message) {
    write(LogLevel::kDebug, module, message);
  }
  void info(std::string_view module, std::string_view message) {
    write(LogLevel::kInfo, module, message);
  }
  void warning(std::string_view module, std::string_view message) {
    write(LogLevel::kWarning, module, message);
  }
  void error(std::string_view module, std::string_view message) {
    write(LogLevel::kError, module, message);
  }

 private:
  std::atomic<LogLevel> lowest_;
  std::mutex mutex_;  // guards the sink: records never mix
  LogSink sink_;
};

}  // namespace flin
