#include "address_rules.h"

#include <algorithm>
#include <cctype>

namespace flin::async {
namespace {

struct Range {
  std::array<std::uint8_t, 16> bytes;
  unsigned bits;
};

constexpr Range kNotPublicV4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared by carriers
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local: also the metadata of clouds
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, broadcast
};
constexpr Range kGlobalV6 = {{0x20}, 3};  // 2000::/3, all that is given out
constexpr Range kNotPublicV6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff}, 20},              // documentation
};
constexpr Range kSixToFour = {{0x20, 0x02}, 16};  // 2002:aabb:ccdd::

bool is_in(const std::array<std::uint8_t, 16>& address, const Range& range) {
  for (unsigned bit = 0; bit < range.bits; ++bit) {
    const unsigned mask = 0x80u >> (bit % 8);
    if ((address[bit / 8] & mask) != (range.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

bool is_public_v4(const std::array<std::uint8_t, 16>& bytes) {
  return std::none_of(std::begin(kNotPublicV4), std::end(kNotPublicV4),
                      [&](const Range& range) { return is_in(bytes, range); });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

bool is_public(const Address& address) {
  if (!address.is_v6) return is_public_v4(address.bytes);
  if (!is_in(address.bytes, kGlobalV6)) return false;
  if (is_in(address.bytes, kSixToFour)) {
    std::array<std::uint8_t, 16> inner{};
    std::copy_n(address.bytes.begin() + 2, 4, inner.begin());
    return is_public_v4(inner);
  }
  return std::none_of(std::begin(kNotPublicV6), std::end(kNotPublicV6),
                      [&](const Range& range) { return is_in(address.bytes, range); });
}

AllowedHosts::AllowedHosts(std::string_view setting) {
  while (!setting.empty()) {
    const std::size_t comma = std::min(setting.find(','), setting.size());
    std::string_view host = setting.substr(0, comma);
    setting.remove_prefix(std::min(comma + 1, setting.size()));
    while (!host.empty() && host.front() == ' ') host.remove_prefix(1);
    while (!host.empty() && host.back() == ' ') host.remove_suffix(1);
    if (!host.empty()) hosts_.emplace_back(host);
  }
}

bool AllowedHosts::has(std::string_view host, std::uint16_t port) const {
  const std::string with_port = std::string(host) + ":" + std::to_string(port);
  return std::any_of(hosts_.begin(), hosts_.end(), [&](const std::string& allowed) {
    return allowed == "*" || equals_ignoring_case(allowed, host) ||
           equals_ignoring_case(allowed, with_port);
  });
}

}  // namespace flin::async
