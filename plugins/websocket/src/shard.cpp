#include "shard.h"

#include "hub.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace flin::ws {

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Shard::~Shard() { end(); }

bool Shard::take(const http::Handover& handover, std::uint64_t id, std::string_view head) {
  poller_ = handover.poller;
  if (!read_buffer_) read_buffer_ = std::make_unique<char[]>(kReadBytes);
  if (timer_ < 0) start_timer();
  auto* socket = new Socket(*this, handover, id);
  socket->index = sockets_.size();
  sockets_.push_back(socket);
  hub_.opened();
  return socket->open(head, handover.input);
}

// One timer for all sockets of the loop, as fine as the shortest of their times asks for.
void Shard::start_timer() {
  timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  const Settings& settings = hub_.settings();
  const std::int64_t ms =
      std::clamp<std::int64_t>(std::min(settings.ping_time, settings.slow_time) / 4, 10, 1000);
  itimerspec spec{};
  spec.it_interval = {static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000 * 1000000)};
  spec.it_value = spec.it_interval;
  const bool running = timer_ >= 0 && ::timerfd_settime(timer_, 0, &spec, nullptr) == 0 &&
                       poller_->add(timer_, kReadable, *this).ok();
  if (!running)
    hub_.log(2, "loop " + std::to_string(loop_) + " has no timer; silent sockets are not noticed");
}

void Shard::ready(std::uint32_t) noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto n = ::read(timer_, &count, sizeof count);
  const std::int64_t now = now_ms();
  for (std::size_t i = sockets_.size(); i-- > 0;) sockets_[i]->tick(now);
}

void Shard::change(std::uint32_t type, std::uint64_t seq, const SharedFrame& frame) {
  for (std::size_t i = sockets_.size(); i-- > 0;) {
    if (frame)
      sockets_[i]->send_change(type, seq, frame);
    else
      sockets_[i]->send_changes_as_read(type, seq);
  }
}

void Shard::broadcast(const SharedFrame& frame) {
  for (Socket* socket : sockets_) socket->send_shared(frame);
}

void Shard::close_all(std::uint16_t code, std::string_view reason) {
  for (std::size_t i = sockets_.size(); i-- > 0;) sockets_[i]->close(code, Text(reason));
}

void Shard::renumber_types() {
  for (Socket* socket : sockets_) socket->renumber_types();
}

void Shard::flush_later(Socket& socket) {
  if (socket.dirty) return;
  socket.dirty = true;
  dirty_.push_back(&socket);
  if (turn_posted_) return;
  turn_posted_ = true;
  hub_.post(
      loop_, [](IPlugin&, void* data) noexcept { static_cast<Shard*>(data)->turn_end(); }, this,
      [](void*) noexcept {});
}

void Shard::retire(Socket& socket) {
  sockets_[socket.index] = sockets_.back();
  sockets_[socket.index]->index = socket.index;
  sockets_.pop_back();
  dead_.push_back(&socket);
  hub_.closed();
  if (turn_posted_) return;
  turn_posted_ = true;
  hub_.post(
      loop_, [](IPlugin&, void* data) noexcept { static_cast<Shard*>(data)->turn_end(); }, this,
      [](void*) noexcept {});
}

void Shard::turn_end() {
  turn_posted_ = false;
  std::vector<Socket*> dirty, dead;
  dirty.swap(dirty_);
  dead.swap(dead_);
  for (Socket* socket : dirty) {
    socket->dirty = false;
    socket->flush();
  }
  for (Socket* socket : dead) delete socket;
}

void Shard::end() {
  dirty_.clear();
  for (Socket* socket : sockets_) {
    socket->leave();
    delete socket;
  }
  for (Socket* socket : dead_) delete socket;
  sockets_.clear();
  dead_.clear();
  if (timer_ >= 0) ::close(timer_);
  timer_ = -1;
}

}  // namespace flin::ws
