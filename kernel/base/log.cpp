#include "base/log.h"

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

}  // namespace

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
  return line;
}

void write_log_to_stderr(const LogRecord& record) {
  std::string line = log_line(record);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Logger::Logger(LogLevel lowest, LogSink sink) : lowest_(lowest), sink_(std::move(sink)) {}

void Logger::write(LogLevel level, std::string_view module, std::string_view message) {
  if (!writes(level)) return;
  std::string storage;
  const std::string_view line = without_controls(message, storage);
  const LogRecord record{std::chrono::system_clock::now(), level, module, line};
  const std::lock_guard lock(mutex_);
  sink_(record);
}

}  // namespace flin
