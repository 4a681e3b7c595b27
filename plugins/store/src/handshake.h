// Two sides that each arrive once: a call that returns, and the done function that may run before
// or after that, on any thread. Whoever comes second goes on.
#pragma once

#include <atomic>

namespace flin::store {

class Handshake {
 public:
  // True for the second to arrive.
  bool is_second() { return arrived_.exchange(true); }
  // For another round; only while nobody else can arrive.
  void reset() { arrived_ = false; }

 private:
  std::atomic<bool> arrived_ = false;
};

}  // namespace flin::store
