#include "socket.h"

#include "hub.h"
#include "shard.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace flin::ws {
namespace {

constexpr std::int64_t kCloseMs = 2000;  // for the other side's close frame
constexpr int kPartsPerWrite = 64;

}  // namespace

class LentContext final : public IContext {
 public:
  explicit LentContext(std::shared_ptr<SharedContext> shared) : shared_(std::move(shared)) {}
  Status load(ICall& call, std::uint32_t what, Value& out) noexcept override {
    return shared_->context_->load(call, what, out);
  }
  void done(ICall&, Status, Value) noexcept override {}
  void destroy() noexcept override { delete this; }

 private:
  std::shared_ptr<SharedContext> shared_;
};

IContext* SharedContext::lend(std::shared_ptr<SharedContext> shared) {
  return shared->context_ ? new LentContext(std::move(shared)) : nullptr;
}

Socket::Socket(Shard& shard, const http::Handover& handover, std::uint64_t id)
    : shard_(shard),
      id_(id),
      handle_(static_cast<int>(handover.handle)),
      sid_(handover.sid),
      address_(handover.address),
      context_(std::make_shared<SharedContext>(handover.context)),
      reader_({shard.hub().settings().message_bytes, shard.hub().settings().fragments}),
      heard_(now_ms()) {
  if (handover.output.size > 0) send_shared(std::make_shared<const std::string>(handover.output));
}

Socket::~Socket() {
  if (handle_ >= 0) ::close(handle_);
  for (const Part& part : parts_) {
    if (part.host) part.host->release();
  }
}

bool Socket::open(std::string_view head, std::string_view input) {
  interest_ = kReadable;
  if (!shard_.poller()->add(handle_, interest_, *this).ok()) {
    end();
    return false;
  }
  send_shared(std::make_shared<const std::string>(head));
  if (!input.empty()) {
    std::string bytes(input);
    feed(bytes.data(), bytes.size());
  }
  flush();
  return true;
}

// ---- In

void Socket::ready(std::uint32_t events) noexcept {
  if (gone_) return;
  in_turn_ = true;
  if (events & kReadable) {
    read();
  } else if (events & (kHangup | kPollError)) {
    end();
  }
  in_turn_ = false;
  if (gone_) return;
  if (events & kWritable) blocked_ = false;
  flush();
}

void Socket::read() {
  char* buffer = shard_.read_buffer();
  const ssize_t count = ::recv(handle_, buffer, Shard::kReadBytes, 0);
  if (count > 0) {
    heard_ = now_ms();
    pinged_ = 0;
    if (!close_seen_) feed(buffer, static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    end();
  }
}

bool Socket::feed(char* bytes, std::size_t size) {
  const FrameError error = reader_.feed(bytes, size, *this);
  if (error.code) fail(error);
  return error.code == 0;
}

// Nothing of the other side's is read any more: its frames can no longer be told apart.
void Socket::fail(const FrameError& error) {
  close(error.code, Text(error.reason));
  close_seen_ = true;
}

bool Socket::control(Opcode opcode, std::string_view payload) {
  if (opcode == kPing) {
    const std::int64_t second = now_ms() / 1000;
    if (second != ping_second_) pings_in_second_ = 0;
    ping_second_ = second;
    if (++pings_in_second_ > shard_.hub().settings().pings) {
      close(kPolicy, "too many pings");
      return false;
    }
    if (!close_sent_) queue_frame(kPong, payload);
  }
  if (opcode != kCloseFrame) return true;
  close_seen_ = true;
  if (!close_sent_) {
    const auto code = payload.size() < 2
                          ? 0u
                          : static_cast<unsigned>(static_cast<unsigned char>(payload[0]) << 8 |
                                                  static_cast<unsigned char>(payload[1]));
    close(code, "");
  }
  return false;
}

bool Socket::text(std::string_view message) {
  if (close_sent_) return true;
  Message parsed;
  const std::string problem = read_message(message, shard_.hub().settings().json_depth, parsed);
  if (!problem.empty()) {
    send_message(error_message("bad_message", problem));
  } else if (parsed.action == "subscribe") {
    subscribe(parsed);
  } else if (parsed.action == "unsubscribe") {
    unsubscribe(parsed);
  } else if (parsed.action == "page") {
    handle_page(message);
  } else if (parsed.action == "cells" || parsed.action == "call" || parsed.action == "async" ||
             parsed.action == "ping") {
    if (page_)
      shard_.hub().pages().receive(page_, Text(message));
    else if (parsed.action == "ping")
      send_message("{\"type\":\"pong\"}");
    else
      send_message(page_error("R0403", "action not allowed: no page is open on this connection",
                              parsed.action));
  } else {
    send_message(
        error_message("bad_message", "There is no action '" + parsed.action.substr(0, 64) + "'."));
  }
  return !gone_ && !close_sent_;
}

void Socket::handle_page(std::string_view message) {
  IPages& pages = shard_.hub().pages();
  if (page_) pages.close(std::exchange(page_, 0));
  const Peer peer{Text(std::string_view(sid_)), Text(std::string_view(address_)),
                  SharedContext::lend(context_)};
  std::uint64_t page = 0;
  const Status status = pages.adopt(peer, Text(message), *this, page);
  if (status.ok()) page_ = page;
}

// ---- Out

// A message is taken whole or not at all: what is judged is what still waits before it.
bool Socket::admit() {
  if (gone_ || close_sent_) return false;
  const std::size_t most = 4 * shard_.hub().settings().queue_bytes;
  if (queued_ > most && !blocked_) [[maybe_unused]]
    const bool written = write_some();
  if (queued_ > most) give_up();
  return !close_sent_;
}

void Socket::queue(Part part) {
  queued_ += part.size();
  parts_.push_back(std::move(part));
  if (queued_ > shard_.hub().settings().queue_bytes && above_since_ == 0) above_since_ = now_ms();
  if (!in_turn_) shard_.flush_later(*this);
}

// Of the queue only the message that is half sent is kept, then the client is told.
void Socket::give_up() {
  std::size_t keep = first_;
  if (offset_ > 0 || !at_message_start_) {
    while (keep < parts_.size() && !parts_[keep].last) ++keep;
    ++keep;
  }
  for (std::size_t i = keep; i < parts_.size(); ++i) {
    queued_ -= parts_[i].size();
    if (parts_[i].host) parts_[i].host->release();
  }
  parts_.resize(std::min(keep, parts_.size()));
  close(kTooSlow, "too slow");
}

std::uint64_t Socket::send(const Frame& frame) noexcept {
  if (!admit()) return queued_;
  std::uint64_t size = 0;
  for (IBytes* part : frame.parts) size += part->text().size;
  std::string head;
  append_frame_head(head, kTextFrame, size);
  queue({nullptr, std::make_shared<const std::string>(std::move(head)), frame.parts.empty()});
  for (std::uint64_t i = 0; i < frame.parts.size; ++i) {
    frame.parts[i]->retain();
    queue({frame.parts[i], nullptr, i + 1 == frame.parts.size});
  }
  owes_drained_ = true;
  return queued_;
}

void Socket::send_shared(const SharedFrame& frame) {
  if (admit()) queue({nullptr, frame, true});
}

void Socket::queue_frame(Opcode opcode, std::string_view payload) {
  send_shared(std::make_shared<const std::string>(make_frame(opcode, payload)));
}

void Socket::send_message(std::string_view json) { queue_frame(kTextFrame, json); }

void Socket::close(std::uint32_t code, Text reason) noexcept {
  if (close_sent_ || gone_) return;
  const std::string payload = close_payload(static_cast<std::uint16_t>(code), reason);
  queue({nullptr, std::make_shared<const std::string>(make_frame(kCloseFrame, payload)), true});
  close_sent_ = true;
  closing_since_ = now_ms();
}

void Socket::drop_parts(std::size_t bytes) {
  queued_ -= bytes;
  offset_ += bytes;
  while (first_ < parts_.size() && offset_ >= parts_[first_].size()) {
    Part& part = parts_[first_++];
    offset_ -= part.size();
    at_message_start_ = part.last;
    if (part.host) part.host->release();
    part = Part();
  }
  if (first_ == parts_.size()) {
    parts_.clear();
    first_ = offset_ = 0;
    if (parts_.capacity() > 64) parts_.shrink_to_fit();
  }
  if (queued_ <= shard_.hub().settings().queue_bytes) above_since_ = 0;
}

bool Socket::write_some() {
  while (first_ < parts_.size()) {
    iovec pieces[kPartsPerWrite];
    int count = 0;
    for (std::size_t i = first_; i < parts_.size() && count < kPartsPerWrite; ++i) {
      std::string_view bytes = parts_[i].bytes();
      if (i == first_) bytes.remove_prefix(offset_);
      pieces[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = static_cast<std::size_t>(count);
    const ssize_t sent = ::sendmsg(handle_, &message, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      blocked_ = true;
      return true;
    }
    if (sent < 0) return false;
    drop_parts(static_cast<std::size_t>(sent));
  }
  return true;
}

void Socket::flush() {
  if (gone_ || blocked_) return;
  if (!write_some()) return end();
  watch(kReadable | (blocked_ ? std::uint32_t{kWritable} : 0u));
  if (gone_ || blocked_) return;
  if (std::exchange(owes_drained_, false) && !close_sent_) drained();
  if (close_sent_ && close_seen_ && !shut_) {
    shut_ = true;
    ::shutdown(handle_, SHUT_WR);
  }
}

void Socket::watch(std::uint32_t events) {
  if (events == interest_) return;
  interest_ = events;
  if (!shard_.poller()->modify(handle_, events, *this).ok()) end();
}

void Socket::tick(std::int64_t now) {
  const Settings& settings = shard_.hub().settings();
  if (closing_since_ && now - closing_since_ >= kCloseMs) return end();
  if (close_sent_) return;
  if (above_since_ && now - above_since_ >= settings.slow_time) {
    give_up();
  } else if (pinged_ && now - pinged_ >= settings.ping_time) {
    return end();
  } else if (!pinged_ && now - heard_ >= settings.ping_time) {
    pinged_ = now;
    queue_frame(kPing, "");
  }
}

void Socket::leave() {
  if (gone_) return;
  blocked_ = false;
  [[maybe_unused]] const bool written = write_some();
}

void Socket::end() {
  if (gone_) return;
  gone_ = true;
  [[maybe_unused]] const Status status = shard_.poller()->remove(handle_);
  ::close(handle_);
  handle_ = -1;
  for (const Subscription& subscription : subscriptions_)
    shard_.hub().unwatch(shard_.loop(), subscription.type);
  subscriptions_.clear();
  if (page_) shard_.hub().pages().close(std::exchange(page_, 0));
  shard_.retire(*this);
}

}  // namespace flin::ws
