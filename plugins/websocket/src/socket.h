// One WebSocket on its loop: frames in, messages to page and subscriptions, a bounded queue out.
// What is sent during a turn goes out by one writev at its end. [loop-thread]
#pragma once

#include "frames.h"
#include "messages.h"

#include "flin/http/upgrades.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::ws {

class Shard;

// The context http gave with the connection, counted: every adoption on the socket takes it anew,
// and IPages owns what it is given.
class SharedContext {
 public:
  explicit SharedContext(IContext* context) : context_(context) {}
  ~SharedContext() {
    if (context_) context_->destroy();
  }
  SharedContext(const SharedContext&) = delete;
  SharedContext& operator=(const SharedContext&) = delete;
  static IContext* lend(std::shared_ptr<SharedContext> shared);

 private:
  friend class LentContext;
  IContext* context_;
};

// Bytes of a frame that many sockets send.
using SharedFrame = std::shared_ptr<const std::string>;

class Socket final : public IReady, public IFrameSink, private FrameHandler {
 public:
  Socket(Shard& shard, const http::Handover& handover, std::uint64_t id);
  ~Socket();

  bool open(std::string_view head,
            std::string_view input);  // false: the descriptor cannot be watched
  void ready(std::uint32_t events) noexcept override;
  std::uint64_t send(const Frame& frame) noexcept override;
  void close(std::uint32_t code, Text reason) noexcept override;

  void send_message(std::string_view json);
  void send_shared(const SharedFrame& frame);
  void send_change(std::uint32_t type, std::uint64_t seq,
                   const SharedFrame& frame);                        // if subscribed, and newer
  void send_changes_as_read(std::uint32_t type, std::uint64_t seq);  // the same where rules decide
  void renumber_types();        // after another program was loaded
  void flush();                 // at the end of a turn
  void tick(std::int64_t now);  // pings, slow sockets, late close frames
  void leave();                 // at stop(): one attempt to write what is there
  std::uint64_t id() const { return id_; }
  std::size_t index = 0;  // in the shard's list
  bool dirty = false;     // in its list of sockets to flush

 private:
  // Bytes to send, the host's or ours; `last` of its message.
  struct Part {
    IBytes* host = nullptr;
    SharedFrame own;
    bool last = true;
    std::string_view bytes() const {
      return host  ? std::string_view(host->text())
             : own ? std::string_view(*own)
                   : std::string_view();
    }
    std::size_t size() const { return bytes().size(); }
  };
  // Commits above `seq` are sent. Where rules decide it moves on with them. `dropped`: some were
  // left out.
  struct Subscription {
    std::uint32_t type;
    std::uint64_t seq;
    bool dropped;
    std::string name;
  };

  bool text(std::string_view message) override;
  bool control(Opcode opcode, std::string_view payload) override;
  void read();
  bool feed(char* bytes, std::size_t size);
  void handle_page(std::string_view message);
  void subscribe(const Message& message);
  void resume(Subscription& subscription, const Message& message);
  void unsubscribe(const Message& message);
  Subscription* find(std::uint32_t type);
  bool may_queue(Subscription& subscription);
  void give_up();
  bool admit();
  void queue(Part part);
  void queue_frame(Opcode opcode, std::string_view payload);
  bool write_some();  // false: the connection broke
  void drop_parts(std::size_t bytes);
  void drained();
  void fail(const FrameError& error);
  void end();  // the descriptor is closed; the object ends after the turn
  void watch(std::uint32_t events);

  Shard& shard_;
  const std::uint64_t id_;
  int handle_;
  std::uint32_t interest_ = 0;
  std::string sid_, address_;
  std::shared_ptr<SharedContext> context_;
  FrameReader reader_;
  std::vector<Part> parts_;             // to send, from first_ on
  std::size_t first_ = 0, offset_ = 0;  // offset_: bytes of the first one that are sent
  std::size_t queued_ = 0;              // bytes that are not sent
  std::vector<Subscription> subscriptions_;
  std::uint64_t page_ = 0;
  std::int64_t heard_ = 0, pinged_ = 0, above_since_ = 0, closing_since_ = 0;  // ms; 0: not
  std::int64_t ping_second_ = 0;
  std::uint32_t pings_in_second_ = 0;
  bool blocked_ = false;          // the system takes no more at the moment
  bool at_message_start_ = true;  // the first part begins a message
  bool owes_drained_ = false;  // a page sent, or a change was left out, since the queue was empty
  bool in_turn_ = false;       // inside ready(), which flushes at its end
  bool close_sent_ = false, close_seen_ = false, shut_ = false, gone_ = false;
};

}  // namespace flin::ws
