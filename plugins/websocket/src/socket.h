// One WebSocket: frames in, messages to its page and its subscriptions, frames out, pings. It
// serves at most one page view. [loop-thread]
#pragma once

#include "channel.h"
#include "extensions.h"
#include "frames.h"
#include "messages.h"

#include <string>

namespace flin::ws {

class Socket final : public Channel, public IFrameSink, private FrameHandler {
 public:
  Socket(Shard& shard, const http::Handover& handover, const Compression& compression);
  ~Socket() override;

  // IFrameSink: frames of the page.
  std::uint64_t send(const Frame& frame) noexcept override;
  void close(std::uint32_t code, Text reason) noexcept override;

  void close_with(std::uint16_t code, std::string_view reason) override;
  void tick(std::int64_t now) override;
  void send_message(std::string_view json) override;
  void send_shared(SharedMessage& message) override;

 private:
  bool text(std::string_view message) override;
  bool control(Opcode opcode, std::string_view payload) override;
  void received(char* bytes, std::size_t size) override;
  void drained() override;
  void ended() override;
  void send_numbered(std::string_view json, std::uint64_t) override { send_message(json); }

  void handle(const Message& message, std::string_view json);
  void handle_page(std::string_view message);
  void subscribe(const Message& message);
  void unsubscribe(const Message& message);
  void note_ping(std::string_view payload);
  void queue_control(Opcode opcode, std::string_view payload);
  void queue_parts(const Frame& frame, std::uint64_t size);
  bool packs(std::size_t size) const;

  const Compression compression_;
  FrameReader reader_;
  std::uint64_t page_ = 0;
  std::int64_t heard_ = 0, pinged_ = 0;  // ms; 0: not
  std::int64_t ping_second_ = 0;
  std::uint32_t pings_in_second_ = 0;
  bool close_seen_ = false;  // nothing of the other side's is read any more
};

}  // namespace flin::ws
