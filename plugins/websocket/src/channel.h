// A connection that http handed over: its descriptor, and a bounded queue out. What is queued
// during a turn goes out by one sendmsg at its end. What the bytes mean is the derived class's to
// know. [loop-thread]
#pragma once

#include "shared_context.h"
#include "subscriber.h"

#include "flin/http/upgrades.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::ws {

class Channel : public Subscriber, public IReady {
 public:
  Channel(Shard& shard, const http::Handover& handover);
  ~Channel() override;

  // Watches the descriptor and sends `head`, behind what http has not written yet.
  void open(const http::Handover& handover, std::string_view head);
  void ready(std::uint32_t events) noexcept final;
  void flush() override;
  void leave() override;
  void tick(std::int64_t now) override;  // slow readers, late ends

 protected:
  // Bytes to send, the host's or ours; `last` of its message.
  struct Part {
    IBytes* host = nullptr;
    SharedBytes own;
    bool last = true;
    std::string_view bytes() const {
      return host  ? std::string_view(host->text())
             : own ? std::string_view(*own)
                   : std::string_view();
    }
    std::size_t size() const { return bytes().size(); }
  };

  virtual void opened() {}  // the head is queued, nothing was read
  virtual void received(char* bytes, std::size_t size) = 0;
  virtual void drained() = 0;  // all is written, and owe_drained() was called since the last time
  virtual void ended() = 0;    // once, when the descriptor is closed

  // True when one more message may be queued. A message is taken whole or not at all: what is
  // judged is what still waits before it. Beyond four times queue_bytes the reader is given up.
  bool admit();
  void queue_part(Part part);
  void queue(SharedBytes bytes) { queue_part({nullptr, std::move(bytes), true}); }
  void queue(std::string bytes) { queue(std::make_shared<const std::string>(std::move(bytes))); }
  bool is_over_limit() const;
  bool make_room() override;
  std::size_t queued() const { return queued_; }
  void owe_drained() override { owes_drained_ = true; }
  // Nothing more is queued from now on; what waits is written. The end comes when the other side
  // closes too, or two seconds later.
  void stop_sending();
  void hang_up() { hangs_up_ = true; }  // once all is written, our side is closed
  bool is_closing() const { return closing_since_ != 0; }
  bool is_gone() const { return gone_; }
  void end();  // the descriptor is closed; the object ends after the turn

  std::string sid_, address_;
  std::shared_ptr<SharedContext> context_;

 private:
  void read();
  void give_up();
  bool write_some();  // false: the connection broke
  void drop_parts(std::size_t bytes);
  void watch(std::uint32_t events);

  int handle_;
  std::uint32_t interest_ = 0;
  std::vector<Part> parts_;             // to send, from first_ on
  std::size_t first_ = 0, offset_ = 0;  // offset_: bytes of the first one that are sent
  std::size_t queued_ = 0;              // bytes that are not sent
  std::int64_t above_since_ = 0, closing_since_ = 0;  // ms; 0: not
  bool blocked_ = false;                              // the system takes no more at the moment
  bool at_message_start_ = true;                      // the first part begins a message
  bool owes_drained_ = false, in_turn_ = false;       // in_turn_: inside ready(), which flushes
  bool hangs_up_ = false, shut_ = false, gone_ = false;
};

}  // namespace flin::ws
