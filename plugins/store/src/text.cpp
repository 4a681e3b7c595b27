#include "text.h"

#include <Poco/UTF8String.h>

namespace flin::store {
namespace {

// Bytes of the white space `text` begins with: 0 when it begins with something else.
std::size_t space_at_begin(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text[0];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  for (const std::string_view two : {"\xC2\x85", "\xC2\xA0"}) {
    if (text.substr(0, 2) == two) return 2;
  }
  const std::string_view three = text.substr(0, 3);
  if (three.size() < 3) return 0;
  for (const std::string_view known :
       {"\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
        "\xE3\x80\x80", "\xEF\xBB\xBF"}) {
    if (three == known) return 3;
  }
  const auto last = static_cast<unsigned char>(three[2]);
  return three.substr(0, 2) == "\xE2\x80" && last >= 0x80 && last <= 0x8A ? 3 : 0;
}

std::size_t space_at_end(std::string_view text) {
  for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
    if (space_at_begin(text.substr(text.size() - size)) == size) return size;
  }
  return 0;
}

bool is_dotted_host(std::string_view host) {
  const std::size_t dot = host.find('.');
  if (dot == std::string_view::npos || host.front() == '.' || host.back() == '.') return false;
  return host.find("..") == std::string_view::npos;
}

bool has_blank_or_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (space_at_begin(text.substr(at)) != 0) return true;
    if (static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7F) return true;
  }
  return false;
}

}  // namespace

std::int64_t code_points(std::string_view utf8) {
  std::int64_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string lower(std::string_view utf8) { return Poco::UTF8::toLower(std::string(utf8)); }
std::string upper(std::string_view utf8) { return Poco::UTF8::toUpper(std::string(utf8)); }

std::string_view trim(std::string_view utf8) {
  while (const std::size_t size = space_at_begin(utf8)) utf8.remove_prefix(size);
  while (const std::size_t size = space_at_end(utf8)) utf8.remove_suffix(size);
  return utf8;
}

bool is_blank(std::string_view utf8) { return trim(utf8).empty(); }

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  return !has_blank_or_control(text) && is_dotted_host(text.substr(at + 1));
}

bool is_url(std::string_view text) {
  std::size_t host = 0;
  if (text.substr(0, 7) == "http://") host = 7;
  if (text.substr(0, 8) == "https://") host = 8;
  if (host == 0 || has_blank_or_control(text)) return false;
  const std::string_view name = text.substr(host, text.find_first_of("/?#", host) - host);
  return !name.empty() && name.front() != ':';
}

}  // namespace flin::store
