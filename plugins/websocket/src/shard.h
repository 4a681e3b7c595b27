// The sockets of one loop, and what they share: memory to read into, the list of sockets to flush,
// one timer. [loop-thread]
#pragma once

#include "socket.h"

#include "flin/poller.h"

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

  // True: taken.
  bool take(const http::Handover& handover, std::uint64_t id, std::string_view head);
  void change(std::uint32_t type, std::uint64_t seq,
              const SharedFrame& frame);  // null frame: rules decide
  void broadcast(const SharedFrame& frame);
  void close_all(std::uint16_t code, std::string_view reason);
  void renumber_types();  // another program: numbers of types mean something else
  void end();             // [stop] the loops are gone

  void flush_later(Socket& socket);
  void retire(Socket& socket);  // ends it after the turn
  Hub& hub() { return hub_; }
  std::uint32_t loop() const { return loop_; }
  IPoller* poller() { return poller_; }
  char* read_buffer() { return read_buffer_.get(); }

 private:
  void ready(std::uint32_t events) noexcept override;  // the timer
  void start_timer();
  void turn_end();

  Hub& hub_;
  const std::uint32_t loop_;
  IPoller* poller_ = nullptr;
  std::unique_ptr<char[]> read_buffer_;
  std::vector<Socket*> sockets_, dirty_, dead_;
  int timer_ = -1;
  bool turn_posted_ = false;
};

// Milliseconds on the monotonic clock.
std::int64_t now_ms();

}  // namespace flin::ws
