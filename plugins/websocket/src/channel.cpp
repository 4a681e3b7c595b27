#include "channel.h"

#include "frames.h"
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

constexpr std::int64_t kCloseMs = 2000;  // for the other side to close too
constexpr int kPartsPerWrite = 64;

}  // namespace

Channel::Channel(Shard& shard, const http::Handover& handover)
    : Subscriber(shard),
      sid_(handover.sid),
      address_(handover.address),
      context_(std::make_shared<SharedContext>(handover.context)),
      handle_(static_cast<int>(handover.handle)) {}

Channel::~Channel() {
  if (handle_ >= 0) ::close(handle_);
  for (const Part& part : parts_) {
    if (part.host) part.host->release();
  }
  shard_.counters().queue_bytes.take(queued_);
}

void Channel::open(const http::Handover& handover, std::string_view head) {
  interest_ = kReadable;
  if (!shard_.poller()->add(handle_, interest_, *this).ok()) return end();
  in_turn_ = true;
  if (handover.output.size > 0) queue(std::string(handover.output));
  queue(std::string(head));
  opened();
  if (handover.input.size > 0) {
    std::string bytes(handover.input);
    received(bytes.data(), bytes.size());
  }
  in_turn_ = false;
  flush();
}

void Channel::ready(std::uint32_t events) noexcept {
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

void Channel::read() {
  char* buffer = shard_.read_buffer();
  const ssize_t count = ::recv(handle_, buffer, Shard::kReadBytes, 0);
  if (count > 0) {
    shard_.counters().bytes_in.add(static_cast<std::uint64_t>(count));
    received(buffer, static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    end();
  }
}

bool Channel::is_over_limit() const { return queued_ > shard_.hub().settings().queue_bytes; }

// A connection that broke is found out at the end of the turn.
bool Channel::make_room() {
  if (is_over_limit() && !blocked_ && !gone_) [[maybe_unused]]
    const bool written = write_some();
  return !is_over_limit();
}

bool Channel::admit() {
  if (gone_ || closing_since_) return false;
  const std::size_t most = 4 * shard_.hub().settings().queue_bytes;
  if (queued_ > most && !make_room() && queued_ > most) give_up();
  return !closing_since_;
}

void Channel::queue_part(Part part) {
  const std::size_t size = part.size();
  queued_ += size;
  shard_.counters().queue_bytes.add(size);
  parts_.push_back(std::move(part));
  if (above_since_ == 0 && is_over_limit()) above_since_ = now_ms();
  if (!in_turn_) shard_.flush_later(*this);
}

// Of the queue only the message that is half sent is kept, then the client is told.
void Channel::give_up() {
  std::size_t keep = first_;
  if (offset_ > 0 || !at_message_start_) {
    while (keep < parts_.size() && !parts_[keep].last) ++keep;
    ++keep;
  }
  for (std::size_t i = keep; i < parts_.size(); ++i) {
    queued_ -= parts_[i].size();
    shard_.counters().queue_bytes.take(parts_[i].size());
    if (parts_[i].host) parts_[i].host->release();
  }
  parts_.resize(std::min(keep, parts_.size()));
  close_with(kTooSlow, "too slow");
}

void Channel::stop_sending() {
  if (!closing_since_) closing_since_ = now_ms();
  if (!in_turn_) shard_.flush_later(*this);
}

void Channel::drop_parts(std::size_t bytes) {
  queued_ -= bytes;
  offset_ += bytes;
  shard_.counters().queue_bytes.take(bytes);
  shard_.counters().bytes_out.add(bytes);
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
  } else if (first_ >= 64 && first_ * 2 >= parts_.size()) {  // a reader that never catches up
    parts_.erase(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  if (!is_over_limit()) above_since_ = 0;
}

bool Channel::write_some() {
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

// make_room() may have written before, up to where the system took no more.
void Channel::flush() {
  if (gone_) return;
  if (!blocked_ && !write_some()) return end();
  watch(kReadable | (blocked_ ? std::uint32_t{kWritable} : 0u));
  if (gone_ || blocked_) return;
  if (std::exchange(owes_drained_, false) && !closing_since_) drained();
  if (hangs_up_ && !shut_) {
    shut_ = true;
    ::shutdown(handle_, SHUT_WR);
  }
}

void Channel::watch(std::uint32_t events) {
  if (events == interest_) return;
  interest_ = events;
  if (!shard_.poller()->modify(handle_, events, *this).ok()) end();
}

void Channel::tick(std::int64_t now) {
  if (closing_since_ && now - closing_since_ >= kCloseMs) return end();
  if (!closing_since_ && above_since_ && now - above_since_ >= shard_.hub().settings().slow_time)
    give_up();
}

void Channel::leave() {
  if (gone_) return;
  blocked_ = false;
  [[maybe_unused]] const bool written = write_some();
}

void Channel::end() {
  if (gone_) return;
  gone_ = true;
  [[maybe_unused]] const Status status = shard_.poller()->remove(handle_);
  ::close(handle_);
  handle_ = -1;
  ended();
  shard_.retire(*this);
}

}  // namespace flin::ws
