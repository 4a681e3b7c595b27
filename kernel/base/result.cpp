#include "base/result.h"

#include <cstdio>

namespace flin {

std::string code_text(std::uint32_t code) {
  const char family = static_cast<char>(code >> 24);
  const std::uint32_t number = code & 0xFFFFFF;
  char text[16];
  // Plugin host and settings codes have three digits, the others four (L 23).
  std::snprintf(text, sizeof text, family == 'P' || family == 'S' ? "%c%03u" : "%c%04u", family,
                number);
  return text;
}

}  // namespace flin
