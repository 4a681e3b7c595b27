// What the connections of one loop have done since the start, for the metrics. Written on that loop
// alone, read on any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace flin::ws {

class Count {
 public:
  void add(std::uint64_t n = 1) { set(value() + n); }
  void take(std::uint64_t n = 1) { set(value() - n); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
  Count sockets, streams;           // open now: WebSockets, event streams
  Count messages_in, messages_out;  // texts and events; control frames are not counted
  Count bytes_in, bytes_out;        // as on the wire
  Count packed_in, packed_out;      // messages that came or went compressed
  Count saved_bytes;                // by compressing what was sent
  Count queue_bytes;                // waiting to be sent now
  Count left_out;                   // changes of entities dropped for slow readers
  Count merges;                     // messages after which a page had to merge its live values
};

}  // namespace flin::ws
