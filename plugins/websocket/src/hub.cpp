#include "hub.h"

#include "entities.h"
#include "handshake.h"

#include "flin/http/json_out.h"

#include <algorithm>

namespace flin::ws {
namespace {

template <class Fn>
struct Posted {
  Shard* shard;
  Fn fn;
};

}  // namespace

Status Hub::load(IHost& host, IPlugin& self) {
  host_ = &host;
  pages_ = service<IPages>(host);
  program_ = service<IProgram>(host);
  store_ = service<store::IEntityStore>(host);
  if (Status status = read_settings(host, settings_); !status.ok()) return status;
  if (store_) {
    if (Status status = store_->on_commit(*this); !status.ok()) return status;
  }
  if (Status status = metrics_.load(host, self); !status.ok()) return status;
  Status status = service<http::IUpgrades>(host)->offer("websocket", "/_ws", *this);
  if (!status.ok()) return status;
  return service<http::IPaths>(host)->offer("/_flin/events", "GET", *this);
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
  if (!shards_[loop]) {
    shards_[loop] = std::make_unique<Shard>(*this, loop);
    metrics_.add(shards_[loop]->counters());
  }
  return *shards_[loop];
}

std::uint32_t Hub::take(const http::Handover& handover, Text& reason) noexcept {
  if (stopping_) {
    reason = "the server stops";
    return 503;
  }
  Compression compression;
  const std::uint32_t status = check_handshake(handover, settings_.origins, compression, reason);
  if (status != 0) return status;
  if (!settings_.compression) compression = Compression();
  shard(handover.loop).take_socket(handover, compression);
  return 0;
}

// ---- Event streams

// 0, or the HTTP status and what is wrong.
std::uint32_t Hub::check_events(const http::PathRequest& request, EventRequest& out,
                                std::string& problem) {
  std::string_view allowed;
  Text reason;
  if (const auto status = check_event_origin(request.headers, settings_.origins, allowed, reason)) {
    problem = std::string(reason);
    return status;
  }
  problem = read_event_request(request.query, header(request.headers, "last-event-id"), out);
  if (!problem.empty()) return 400;
  if (out.names.size() > settings_.subscriptions) {
    problem =
        "A connection has at most " + std::to_string(settings_.subscriptions) + " subscriptions.";
    return 400;
  }
  const List<EntityRow> entities = program_->entities();
  for (const std::string& name : out.names) {
    if (store_ && find_type(entities, name)) continue;
    problem = unknown_type(entities, name);
    return 404;
  }
  out.allowed_origin = allowed;
  return 0;
}

void Hub::take(const http::PathRequest& request, http::IPathAnswer& answer) noexcept {
  EventRequest wanted;
  std::string problem;
  std::uint32_t status = check_events(request, wanted, problem);
  if (stopping_) {
    status = 503;
    problem = "the server stops";
  }
  if (status == 0) {
    EventStream* stream = shard(request.loop).take_stream(request, answer, std::move(wanted));
    const std::lock_guard lock(mutex_);
    streams_.emplace(&answer, stream);
    return;
  }
  std::string body = "{\"error\":";
  http::append_json_text(body, problem);
  body.append(",\"status\":").append(std::to_string(status)).append("}");
  const Pair headers[] = {{"Content-Type", "application/json; charset=utf-8"},
                          {"Cache-Control", "no-store"}};
  answer.begin(status, headers, static_cast<std::int64_t>(body.size()));
  answer.write(Text(std::string_view(body)));
  answer.end();
}

EventStream* Hub::stream(http::IPathAnswer& answer) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(&answer);
  return found == streams_.end() ? nullptr : found->second;
}

void Hub::drained(http::IPathAnswer& answer) noexcept {
  if (EventStream* found = stream(answer)) found->drained();
}

void Hub::gone(http::IPathAnswer& answer) noexcept {
  EventStream* found = stream(answer);
  stream_ended(answer);
  if (found) found->gone();
}

void Hub::stream_ended(http::IPathAnswer& answer) {
  const std::lock_guard lock(mutex_);
  streams_.erase(&answer);
}

// ---- To all connections

std::uint64_t Hub::broadcast(Text room, Text json) noexcept {
  if (room.size > 0) return 0;  // rooms have no members yet but the one of all connections
  const auto message = std::make_shared<SharedMessage>(std::string_view(json));
  post_each([message](Shard& target) { target.broadcast(message); });
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
  SharedMessageRef message;
  const bool ruled = has_read_rules(entities[change.type]);
  for (std::uint32_t loop = 0; loop < watchers_[change.type].size(); ++loop) {
    if (watchers_[change.type][loop] == 0) continue;
    if (!message && !ruled) {
      const std::string json = change_message(entities[change.type], seq, change, before, after);
      if (json.empty()) return 1;
      message = std::make_shared<SharedMessage>(json, seq);
    }
    post_to(loop, [message, seq, type = change.type](Shard& target) {
      target.change(type, seq, message);
    });
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
  streams_.clear();
}

}  // namespace flin::ws
