#include "settings.h"

#include <charconv>
#include <cstdlib>

namespace flin::http {
namespace {

// The host gives numbers without units: bytes, milliseconds (IHost::setting).
bool read_number(std::string_view text, std::int64_t highest, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= 0 && out <= highest;
}

bool read_name(std::string_view text, std::string& out) {
  out = text;
  return true;
}
bool read_folder(std::string_view text, std::string& out) {
  const char* system = std::getenv("TMPDIR");
  out = !text.empty() ? std::string(text) : std::string(system && *system ? system : "/tmp");
  return true;
}
bool read_port(std::string_view text, std::uint16_t& out) {
  std::int64_t value = 0;
  if (!read_number(text, 65535, value)) return false;
  out = static_cast<std::uint16_t>(value);
  return true;
}
bool read_poller(std::string_view text, PollerKind& out) {
  out = text == "poll" ? PollerKind::kPoll : PollerKind::kEpoll;
  return text == "poll" || text == "epoll";
}
bool read_count(std::string_view text, std::size_t& out) {
  std::int64_t value = 0;
  if (!read_number(text, 1000000000, value) || value == 0) return false;
  out = static_cast<std::size_t>(value);
  return true;
}
bool read_bytes(std::string_view text, std::size_t& out) {
  std::int64_t value = 0;
  if (!read_number(text, std::int64_t{1} << 40, value) || value == 0) return false;
  out = static_cast<std::size_t>(value);
  return true;
}
// As above, but 0 turns something off.
bool read_size(std::string_view text, std::size_t& out) {
  std::int64_t value = 0;
  if (!read_number(text, std::int64_t{1} << 40, value)) return false;
  out = static_cast<std::size_t>(value);
  return true;
}
bool read_time(std::string_view text, std::int64_t& out) {
  return read_number(text, std::int64_t{1} << 40, out) && out > 0;
}

}  // namespace

Status read_settings(IHost& host, Settings& out) {
  const auto refused = [&](std::string_view key, std::string_view value) {
    return host.fail(code('S', 102),
                     Text(std::string_view("setting http." + std::string(key) + " cannot be '" +
                                           std::string(value) + "'")));
  };
#define SETTING(member, reader, key, fallback, type, main, help)             \
  if (const Text text = host.setting(key); !read_##reader(text, out.member)) \
    return refused(key, text);
#include "settings.def"
#undef SETTING
  return Status();
}

}  // namespace flin::http
