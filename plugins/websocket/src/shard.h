// The connections of one loop, and what they share: memory to read into, zlib's streams, the list
// of those to flush, one timer. [loop-thread]
#pragma once

#include "counters.h"
#include "event_stream.h"
#include "socket.h"

#include "flin/poller.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace flin::ws {

class Hub;

class Shard final : private IReady {
 public:
  static constexpr std::size_t kReadBytes = 64 * 1024;

  Shard(Hub& hub, std::uint32_t loop) : hub_(hub), loop_(loop) {}
  ~Shard();

  void take_socket(const http::Handover& handover, const Compression& compression);
  // Gives the stream, which ends by itself or by EventStream::gone().
  EventStream* take_stream(const http::PathRequest& path, http::IPathAnswer& answer,
                           EventRequest request);
  // `message` null: rules decide who may read it.
  void change(std::uint32_t type, std::uint64_t seq, const SharedMessageRef& message);
  void broadcast(const SharedMessageRef& message);
  void close_all(std::uint16_t code, std::string_view reason);
  void renumber_types();  // another program: numbers of types mean something else
  void end();             // [stop] the loops are gone

  void flush_later(Subscriber& subscriber);
  void retire(Subscriber& subscriber);  // deletes it after the turn

  // The frame of a page, compressed; null when it would not get smaller. Frames of equal `same` are
  // compressed once in a turn.
  SharedBytes pack(const Frame& frame, std::size_t size, int window_bits);
  void count_packed(std::size_t from, std::size_t to);
  SharedBytes text_head(std::uint64_t size);  // of a frame that is not compressed
  Inflater& inflater() { return inflater_; }
  Deflater& deflater(int window_bits);
  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }

  Hub& hub() { return hub_; }
  std::uint32_t loop() const { return loop_; }
  IPoller* poller() { return poller_; }
  char* read_buffer() { return read_buffer_.get(); }

 private:
  // A frame that was compressed in this turn; its bytes are kept, so that `same` stays its own.
  struct Packed {
    std::uint64_t same;
    int window_bits;
    IBytes* kept;
    SharedBytes bytes;
  };
  void ready(std::uint32_t events) noexcept override;  // the timer
  void add(Subscriber* subscriber);
  void start_timer(IPoller* poller);
  void post_turn_end();
  void turn_end();
  void forget_packed();

  Hub& hub_;
  const std::uint32_t loop_;
  IPoller* poller_ = nullptr;
  std::unique_ptr<char[]> read_buffer_;
  Inflater inflater_;
  std::array<std::unique_ptr<Deflater>, 7> deflaters_;  // by window bits, from 9
  std::vector<Packed> packed_;
  SharedBytes last_head_;
  std::uint64_t last_head_size_ = 0;
  Counters counters_;
  std::vector<Subscriber*> connections_, dirty_, dead_;
  int timer_ = -1;
  bool turn_posted_ = false;
};

// Milliseconds on the monotonic clock.
std::int64_t now_ms();

}  // namespace flin::ws
