#include "settings.h"

#include <charconv>
#include <string>
#include <string_view>

namespace flin::async {
namespace {

// The host gives numbers without units: bytes.
bool read_number(std::string_view text, std::size_t lowest, std::size_t highest, std::size_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= lowest &&
         out <= highest;
}
bool read_count(std::string_view text, std::size_t& out) {
  return read_number(text, 1, 10'000'000, out);
}
bool read_amount(std::string_view text, std::size_t& out) { return read_number(text, 0, 100, out); }
bool read_bytes(std::string_view text, std::size_t& out) {
  return read_number(text, 1, std::size_t{1} << 40, out);
}
bool read_name(std::string_view text, std::string& out) {
  out = text;
  return true;
}

bool read_watcher(std::string_view text, WatcherKind& out) {
  out = text == "scan" ? WatcherKind::kScan : WatcherKind::kInotify;
  return text == "scan" || text == "inotify";
}

}  // namespace

Status read_settings(IHost& host, Settings& out) {
  const auto refused = [&](std::string_view key, std::string_view value) {
    return host.fail(code('S', 102),
                     Text(std::string_view("setting async." + std::string(key) + " cannot be '" +
                                           std::string(value) + "'")));
  };
#define SETTING(member, reader, key, fallback, type, help)                   \
  if (const Text text = host.setting(key); !read_##reader(text, out.member)) \
    return refused(key, text);
#include "settings.def"
#undef SETTING
  return Status();
}

}  // namespace flin::async
