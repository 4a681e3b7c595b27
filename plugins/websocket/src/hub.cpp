#include "hub.h"

#include "entities.h"
#include "handshake.h"

#include <algorithm>

namespace flin::ws {
namespace {

template <class Fn>
struct Posted {
  Shard* shard;
  Fn fn;
};

}  // namespace

Status Hub::load(IHost& host) {
  host_ = &host;
  pages_ = service<IPages>(host);
  program_ = service<IProgram>(host);
  store_ = service<store::IEntityStore>(host);
  if (Status status = read_settings(host, settings_); !status.ok()) return status;
  if (store_) {
    if (Status status = store_->on_commit(*this); !status.ok()) return status;
  }
  return service<http::IUpgrades>(host)->offer("websocket", "/_ws", *this);
}

template <class Fn>
void Hub::post_to(std::uint32_t loop, Fn fn) {
  host_->post(
      loop,
      [](IPlugin&, void* data) noexcept {
        const std::unique_ptr<Posted<Fn>> posted(static_cast<Posted<Fn>*>(data));
        posted->fn(*posted->shard);
      },
      new Posted<Fn>{shards_[loop].get(), std::move(fn)},
      [](void* data) noexcept { delete static_cast<Posted<Fn>*>(data); });
}

template <class Fn>
void Hub::post_each(Fn fn) {
  const std::lock_guard lock(mutex_);
  for (std::uint32_t loop = 0; loop < shards_.size(); ++loop) {
    if (shards_[loop]) post_to(loop, fn);
  }
}

Shard& Hub::shard(std::uint32_t loop) {
  const std::lock_guard lock(mutex_);
  if (shards_.size() <= loop) shards_.resize(loop + 1);
  if (!shards_[loop]) shards_[loop] = std::make_unique<Shard>(*this, loop);
  return *shards_[loop];
}

std::uint32_t Hub::take(const http::Handover& handover, Text& reason) noexcept {
  if (stopping_) {
    reason = "the server stops";
    return 503;
  }
  if (const std::uint32_t status = check_handshake(handover, settings_.origins, reason))
    return status;
  shard(handover.loop).take(handover, ++next_id_, accept_head(handover));
  return 0;
}

std::uint64_t Hub::broadcast(Text room, Text json) noexcept {
  if (room.size > 0) return 0;  // rooms have no members yet but the one of all connections
  const SharedFrame frame = std::make_shared<const std::string>(make_frame(kTextFrame, json));
  post_each([frame](Shard& target) { target.broadcast(frame); });
  return open_;
}

std::uint64_t Hub::watch(std::uint32_t loop, std::uint32_t type) {
  {
    const std::lock_guard lock(mutex_);
    if (watchers_.size() <= type) watchers_.resize(type + 1);
    if (watchers_[type].size() <= loop) watchers_[type].resize(loop + 1);
    ++watchers_[type][loop];
  }
  return newest();
}

std::uint64_t Hub::newest() {
  std::uint64_t seen = 0;
  {
    const std::lock_guard lock(mutex_);
    seen = newest_;
  }
  // Not under the lock: the store may be inside changed() and wait for it.
  const store::Snapshot now = store_->snapshot();
  store_->release(now);
  return std::max(seen, now.seq);
}

void Hub::unwatch(std::uint32_t loop, std::uint32_t type) {
  const std::lock_guard lock(mutex_);
  if (type < watchers_.size() && loop < watchers_[type].size() && watchers_[type][loop] > 0)
    --watchers_[type][loop];
}

// The message is written once, here, and shared by all sockets of all loops; only where rules
// decide who may read is every socket asked for by itself.
std::uint32_t Hub::changed(std::uint64_t seq, const store::Change& change, const Row* before,
                           const Row* after) noexcept {
  const std::lock_guard lock(mutex_);
  newest_ = std::max(newest_, seq);
  if (change.type >= watchers_.size()) return 1;
  const List<EntityRow> entities = program_->entities();
  if (change.type >= entities.size) return 1;
  SharedFrame frame;
  const bool ruled = has_read_rules(entities[change.type]);
  for (std::uint32_t loop = 0; loop < watchers_[change.type].size(); ++loop) {
    if (watchers_[change.type][loop] == 0) continue;
    if (!frame && !ruled) {
      const std::string message = change_message(entities[change.type], seq, change, before, after);
      if (message.empty()) return 1;
      frame = std::make_shared<const std::string>(make_frame(kTextFrame, message));
    }
    post_to(loop,
            [frame, seq, type = change.type](Shard& target) { target.change(type, seq, frame); });
  }
  return 1;
}

void Hub::program_loaded() {
  post_each([](Shard& target) { target.renumber_types(); });
}

void Hub::shut_down() {
  stopping_ = true;
  post_each([](Shard& target) { target.close_all(kGoingAway, "the server stops"); });
}

void Hub::stop() {
  const std::lock_guard lock(mutex_);
  for (const auto& shard : shards_) {
    if (shard) shard->end();
  }
}

}  // namespace flin::ws
