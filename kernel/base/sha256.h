// SHA-256 (FIPS 180-4), for names of assets and builds. Not for secrets: those go through OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace flin {

// Takes bytes in pieces; hex() gives the 64 lower-case digits and ends it.
class Sha256 {
 public:
  Sha256& add(std::string_view bytes);
  std::string hex();

 private:
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> waiting_ = {};
  std::size_t waiting_size_ = 0;
  std::uint64_t size_ = 0;
};

inline std::string sha256_hex(std::string_view bytes) { return Sha256().add(bytes).hex(); }

}  // namespace flin
