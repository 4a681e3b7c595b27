#include "settings.h"

#include <charconv>

namespace flin::ws {
namespace {

// The host gives numbers without units: bytes, milliseconds (IHost::setting).
template <class T>
bool read_positive(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0;
}
bool read_size(std::string_view text, std::size_t& out) { return read_positive(text, out); }
bool read_time(std::string_view text, std::int64_t& out) { return read_positive(text, out); }
bool read_bool(std::string_view text, bool& out) {
  out = text == "true";
  return out || text == "false";
}
bool read_text(std::string_view text, std::string& out) {
  out = text;
  return true;
}

}  // namespace

Status read_settings(IHost& host, Settings& out) {
  const auto refused = [&](std::string_view key, std::string_view value) {
    const std::string message =
        "setting ws." + std::string(key) + " cannot be '" + std::string(value) + "'";
    return host.fail(code('S', 102), Text(std::string_view(message)));
  };
#define SETTING(member, reader, key, fallback, type, help)                   \
  if (const Text text = host.setting(key); !read_##reader(text, out.member)) \
    return refused(key, text);
#include "settings.def"
#undef SETTING
  return Status();
}

}  // namespace flin::ws
