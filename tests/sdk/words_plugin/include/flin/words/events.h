// Events of the plugin `words`.
#pragma once

#include <flin/events.h>

namespace flin::words {

// The built-in word_count() counted a text. [agent-thread]
constexpr Text kCounted = "words.counted";
struct CountedEvent {
  std::uint32_t size;
  std::uint32_t words;
};

}  // namespace flin::words
