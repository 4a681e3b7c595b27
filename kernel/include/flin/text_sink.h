// Where a host or a plugin writes text to that belongs to the other side: the callee copies what it
// wants to keep.
#pragma once

#include "flin/plugin.h"

namespace flin {

// Implemented by whoever asks: never changes. Called any number of times during the call it was
// given to, on that thread.
class ITextSink {
 public:
  virtual void text(Text t) noexcept = 0;

 protected:
  ~ITextSink() = default;
};

}  // namespace flin
