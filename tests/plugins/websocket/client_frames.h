// Frames as a client sends them, for tests: masked, and wrong in every way that is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::ws {

struct ClientFrame {
  std::uint8_t opcode = 1;
  bool final = true;
  bool masked = true;
  std::uint8_t reserved = 0;  // bits 0x70
};

inline std::string client_frame(std::string_view payload, ClientFrame how = {}) {
  std::string out;
  out.push_back(static_cast<char>((how.final ? 0x80 : 0) | how.reserved | how.opcode));
  const char mask_bit = static_cast<char>(how.masked ? 0x80 : 0);
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(mask_bit | static_cast<char>(payload.size())));
  } else {
    const int bytes = payload.size() <= 0xFFFF ? 2 : 8;
    out.push_back(static_cast<char>(mask_bit | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i)
      out.push_back(static_cast<char>(payload.size() >> (8 * i)));
  }
  const char mask[4] = {0x12, 0x34, 0x56, 0x78};
  if (how.masked) out.append(mask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out.push_back(static_cast<char>(how.masked ? payload[i] ^ mask[i & 3] : payload[i]));
  return out;
}

}  // namespace flin::ws
