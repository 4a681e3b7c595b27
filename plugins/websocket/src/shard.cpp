#include "shard.h"

#include "handshake.h"
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

void Shard::add(Subscriber* subscriber) {
  subscriber->index = connections_.size();
  connections_.push_back(subscriber);
  hub_.opened();
}

void Shard::take_socket(const http::Handover& handover, const Compression& compression) {
  if (!read_buffer_) read_buffer_ = std::make_unique<char[]>(kReadBytes);
  start_timer(handover.poller);
  auto* socket = new Socket(*this, handover, compression);
  add(socket);
  socket->open(handover, accept_head(handover, compression));
}

EventStream* Shard::take_stream(const http::PathRequest& path, http::IPathAnswer& answer,
                                EventRequest request) {
  start_timer(path.poller);
  auto* stream = new EventStream(*this, answer, std::move(request));
  add(stream);
  stream->open();
  return stream;
}

// One timer for all connections of the loop, as fine as the shortest of their times asks for.
void Shard::start_timer(IPoller* poller) {
  if (poller_) return;
  poller_ = poller;
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
  for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->tick(now);
}

void Shard::change(std::uint32_t type, std::uint64_t seq, const SharedMessageRef& message) {
  for (std::size_t i = connections_.size(); i-- > 0;)
    connections_[i]->send_change(type, seq, message.get());
}

void Shard::broadcast(const SharedMessageRef& message) {
  for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->send_shared(*message);
}

void Shard::close_all(std::uint16_t code, std::string_view reason) {
  for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->close_with(code, reason);
}

void Shard::renumber_types() {
  for (Subscriber* connection : connections_) connection->renumber_types();
}

// ---- Compression

Deflater& Shard::deflater(int window_bits) {
  auto& deflater = deflaters_[static_cast<std::size_t>(window_bits - 9)];
  if (!deflater) deflater = std::make_unique<Deflater>(window_bits);
  return *deflater;
}

void Shard::count_packed(std::size_t from, std::size_t to) {
  counters_.packed_out.add();
  if (to < from) counters_.saved_bytes.add(from - to);
}

SharedBytes Shard::pack(const Frame& frame, std::size_t size, int window_bits) {
  const auto found = std::find_if(packed_.begin(), packed_.end(), [&](const Packed& packed) {
    return frame.same != 0 && packed.same == frame.same && packed.window_bits == window_bits;
  });
  SharedBytes bytes;
  if (found != packed_.end()) {
    bytes = found->bytes;
  } else {
    std::vector<std::string_view> parts;
    for (IBytes* part : frame.parts) parts.push_back(part->text());
    bytes = pack_frame(parts, size, deflater(window_bits));
    if (frame.same != 0) {
      frame.parts[0]->retain();
      packed_.push_back({frame.same, window_bits, frame.parts[0], bytes});
      post_turn_end();
    }
  }
  if (bytes) count_packed(size, bytes->size());
  return bytes;
}

void Shard::forget_packed() {
  for (const Packed& packed : packed_) packed.kept->release();
  packed_.clear();
}

SharedBytes Shard::text_head(std::uint64_t size) {
  if (!last_head_ || last_head_size_ != size) {
    std::string head;
    append_frame_head(head, kTextFrame, size);
    last_head_ = std::make_shared<const std::string>(std::move(head));
    last_head_size_ = size;
  }
  return last_head_;
}

// ---- The end of a turn

void Shard::flush_later(Subscriber& connection) {
  if (connection.dirty) return;
  connection.dirty = true;
  dirty_.push_back(&connection);
  post_turn_end();
}

void Shard::retire(Subscriber& connection) {
  connections_[connection.index] = connections_.back();
  connections_[connection.index]->index = connection.index;
  connections_.pop_back();
  dead_.push_back(&connection);
  hub_.closed();
  post_turn_end();
}

void Shard::post_turn_end() {
  if (turn_posted_) return;
  turn_posted_ = true;
  hub_.post(
      loop_, [](IPlugin&, void* data) noexcept { static_cast<Shard*>(data)->turn_end(); }, this,
      [](void*) noexcept {});
}

void Shard::turn_end() {
  turn_posted_ = false;
  std::vector<Subscriber*> dirty, dead;
  dirty.swap(dirty_);
  dead.swap(dead_);
  for (Subscriber* connection : dirty) {
    connection->dirty = false;
    connection->flush();
  }
  for (Subscriber* connection : dead) delete connection;
  forget_packed();
}

void Shard::end() {
  dirty_.clear();
  for (Subscriber* connection : connections_) {
    connection->leave();
    delete connection;
  }
  for (Subscriber* connection : dead_) delete connection;
  connections_.clear();
  dead_.clear();
  forget_packed();
  if (timer_ >= 0) ::close(timer_);
  timer_ = -1;
}

}  // namespace flin::ws
