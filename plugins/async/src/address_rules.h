// Which addresses programs may ask (server-side request forgery): public ones, and what the setting
// `allow_hosts` names. Judged by the address that is connected to, after the name was resolved, so
// that no name can lead elsewhere (DNS rebinding).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flin::async {

// An address in network order; IPv4 in the first four bytes.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v6 = false;
};

// Unicast addresses of the public internet (IANA special-purpose registries, RFC 6890): no
// loopback, private, link-local, shared, documentation, benchmark, multicast, reserved ones, and no
// IPv6 address that carries one of those (mapped, 6to4, NAT64, Teredo).
bool is_public(const Address& address);

// The setting: "127.0.0.1, api.internal:8080", separated by commas; "*" allows everything.
class AllowedHosts {
 public:
  explicit AllowedHosts(std::string_view setting = {});
  // `host` as it stands in the URL, without brackets.
  bool has(std::string_view host, std::uint16_t port) const;

 private:
  std::vector<std::string> hosts_;
};

}  // namespace flin::async
