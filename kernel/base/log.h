// The log of one flin process: lines with a level, a time and the module they come from. Nothing
// here is global: main makes a Logger and passes it on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
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

// Which levels are written: one for all, others for single modules.
struct LogLevels {
  LogLevel lowest = LogLevel::kInfo;
  std::map<std::string, LogLevel, std::less<>> modules;  // "http" -> debug

  LogLevel of(std::string_view module) const;
};
// "info", "http=debug,info", "warning,store=debug": a level without a module is the one for all
// (info when there is none). Nothing when a part is neither.
std::optional<LogLevels> log_levels_from_text(std::string_view text);

// What runs on this thread while it stands: records made meanwhile carry it. Borrowed.
class LogScope {
 public:
  enum Kind : std::uint8_t { kAgent, kRequest };
  LogScope(Kind kind, std::uint64_t id, std::string_view name);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

  Kind kind;
  std::uint64_t id;
  std::string_view name;  // "GET /todos"

 private:
  const LogScope* const outer_;
};

struct LogRecord {
  std::chrono::system_clock::time_point time;
  LogLevel level;
  std::string_view module;          // "kernel", "app" for the program, or the id of a plugin
  std::string_view message;         // one line; control characters were replaced by blanks
  const LogScope* scope = nullptr;  // null: outside every agent
};

// "12:03:45.120  warning  store  the log was trimmed", and "  (GET /todos #1f)" when an agent wrote
// it. The time is local; no line end.
std::string log_line(const LogRecord& record);
// One JSON object (RFC 8259) on one line: time (UTC, RFC 3339 with milliseconds), level, module,
// message; in a request `request` (its number in hex) and `name`, in another agent `agent` and
// `name`. No line end.
std::string log_json(const LogRecord& record);

// Takes one record at a time, however many threads write. The views are borrowed for the call.
using LogSink = std::function<void(const LogRecord&)>;

// Writes log_line(), or log_json(), and a line end to standard error.
void write_log_to_stderr(const LogRecord& record);
void write_json_log_to_stderr(const LogRecord& record);

class Logger {
 public:
  explicit Logger(LogLevel lowest = LogLevel::kInfo, LogSink sink = write_log_to_stderr);

  // Levels below `lowest` are dropped. [any-thread]
  void set_lowest(LogLevel lowest) { lowest_.store(lowest, std::memory_order_relaxed); }
  // Whether some module's records of that level are written. [any-thread]
  bool writes(LogLevel level) const { return level >= lowest_.load(std::memory_order_relaxed); }
  // Before other threads write. [load]
  void set_levels(LogLevels levels);
  void set_sink(LogSink sink) { sink_ = std::move(sink); }

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
  std::atomic<LogLevel> lowest_;  // of all modules
  LogLevels levels_;
  std::mutex mutex_;  // guards the sink: records never mix
  LogSink sink_;
};

}  // namespace flin
