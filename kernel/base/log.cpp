#include "base/log.h"

#include "base/json.h"
#include "base/number_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace flin {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};

// Most lines have nothing to replace, so they are not copied.
std::string_view without_controls(std::string_view message, std::string& storage) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  while (!message.empty() && is_control(message.back())) message.remove_suffix(1);
  bool found = false;
  for (char c : message) found = found || is_control(c);
  if (!found) return message;
  storage.assign(message);
  for (char& c : storage) {
    if (is_control(c)) c = ' ';
  }
  return storage;
}

// The innermost scope of the thread. A thread is what a record belongs to, so it is the one place
// that knows it without being handed it.
thread_local const LogScope* innermost = nullptr;

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(number));
  return text;
}

void append_json(std::string& out, std::string_view name, std::string_view value) {
  out += out.size() > 1 ? ",\"" : "\"";
  out += name;
  out += "\":";
  json::append_text(out, value);
}

}  // namespace

LogScope::LogScope(Kind k, std::uint64_t i, std::string_view n)
    : kind(k), id(i), name(n), outer_(innermost) {
  innermost = this;
}
LogScope::~LogScope() { innermost = outer_; }

LogLevel LogLevels::of(std::string_view module) const {
  const auto it = modules.find(module);
  return it == modules.end() ? lowest : it->second;
}

std::optional<LogLevels> log_levels_from_text(std::string_view text) {
  LogLevels out;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    const std::size_t equals = part.find('=');
    const auto level = log_level_from_name(equals == part.npos ? part : part.substr(equals + 1));
    if (!level || equals == 0) return std::nullopt;
    if (equals == part.npos)
      out.lowest = *level;
    else
      out.modules.insert_or_assign(std::string(part.substr(0, equals)), *level);
    if (comma == text.size()) return out;
    text.remove_prefix(comma + 1);
  }
}

std::string_view log_level_name(LogLevel level) { return kNames[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> log_level_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

std::string log_line(const LogRecord& record) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(record.time.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(since_epoch / 1000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char head[64];
  std::snprintf(head, sizeof head, "%02d:%02d:%02d.%03d  %-7s  ", parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(since_epoch % 1000),
                std::string(log_level_name(record.level)).c_str());
  std::string line = head;
  line += record.module;
  line += "  ";
  line += record.message;
  if (record.scope != nullptr)
    line += "  (" + std::string(record.scope->name) + " #" + hex(record.scope->id) + ")";
  return line;
}

std::string log_json(const LogRecord& record) {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(record.time.time_since_epoch()).count();
  std::string time;
  text::append_time(time, ms);
  std::string out = "{";
  append_json(out, "time", time);
  append_json(out, "level", log_level_name(record.level));
  append_json(out, "module", record.module);
  append_json(out, "message", record.message);
  if (record.scope != nullptr) {
    append_json(out, record.scope->kind == LogScope::kRequest ? "request" : "agent",
                hex(record.scope->id));
    append_json(out, "name", record.scope->name);
  }
  return out + "}";
}

void write_log_to_stderr(const LogRecord& record) {
  std::string line = log_line(record);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void write_json_log_to_stderr(const LogRecord& record) {
  std::string line = log_json(record);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Logger::set_levels(LogLevels levels) {
  LogLevel lowest = levels.lowest;
  for (const auto& [module, level] : levels.modules) lowest = std::min(lowest, level);
  levels_ = std::move(levels);
  set_lowest(lowest);
}

Logger::Logger(LogLevel lowest, LogSink sink) : lowest_(lowest), sink_(std::move(sink)) {}

void Logger::write(LogLevel level, std::string_view module, std::string_view message) {
  if (!writes(level)) return;
  if (!levels_.modules.empty() && level < levels_.of(module)) return;
  std::string storage;
  const std::string_view line = without_controls(message, storage);
  const LogRecord record{std::chrono::system_clock::now(), level, module, line, innermost};
  const std::lock_guard lock(mutex_);
  sink_(record);
}

}  // namespace flin
