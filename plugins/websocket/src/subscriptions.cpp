// Entity subscriptions of a socket (W 3).
#include "entities.h"
#include "hub.h"
#include "shard.h"
#include "socket.h"

#include <algorithm>

namespace flin::ws {
namespace {

// Changes of one type out of the log.
struct Replay final : store::ICommitSink {
  std::uint32_t changed(std::uint64_t seq, const store::Change& change, const Row* before,
                        const Row* after) noexcept override {
    newest = std::max(newest, seq);
    if (change.type != type) return 1;
    const std::string message = change_message(entity, seq, change, before, after);
    if (!message.empty()) messages.push_back(message);
    return 1;
  }
  Replay(std::uint32_t number, const EntityRow& row) : type(number), entity(row) {}
  std::uint32_t type;
  const EntityRow& entity;
  std::uint64_t newest = 0;
  std::vector<std::string> messages;
};

store::Ctx reader_context(const EntityRow& entity) {
  return {Text(), has_read_rules(entity) ? 0u : 1u};
}

}  // namespace

Socket::Subscription* Socket::find(std::uint32_t type) {
  for (Subscription& subscription : subscriptions_) {
    if (subscription.type == type) return &subscription;
  }
  return nullptr;
}

void Socket::subscribe(const Message& message) {
  Hub& hub = shard_.hub();
  const List<EntityRow> entities = hub.program().entities();
  if (!message.has_type)
    return send_message(error_message("bad_message", "'subscribe' needs a 'type'."));
  const auto type = find_type(entities, message.type);
  if (!type || !hub.store())
    return send_message(error_message("unknown_type", unknown_type(entities, message.type)));
  Subscription* subscription = find(*type);
  if (!subscription) {
    if (subscriptions_.size() >= hub.settings().subscriptions) {
      return send_message(error_message(
          "too_many", "A connection has at most " + std::to_string(hub.settings().subscriptions) +
                          " subscriptions."));
    }
    subscriptions_.push_back({*type, 0, false, message.type});
    subscription = &subscriptions_.back();
  } else {
    hub.unwatch(shard_.loop(), *type);  // subscribed anew below
  }
  resume(*subscription, message);
}

// In force first, then told: commits up to `from` are in the replay or in what the client reads
// afresh, later ones are carried here, and send_change() drops those that were replayed already.
void Socket::resume(Subscription& subscription, const Message& message) {
  Hub& hub = shard_.hub();
  const EntityRow& entity = hub.program().entities()[subscription.type];
  const std::uint64_t from = hub.watch(shard_.loop(), subscription.type);
  Replay replay(subscription.type, entity);
  bool recovered = true;
  if (message.has_since) {
    recovered = hub.store()->log(message.since, 0, reader_context(entity), replay) == 1;
    // A commit that is on its way here but not yet in the log would be in neither.
    if (!has_read_rules(entity) && std::max(replay.newest, message.since) < from) recovered = false;
  }
  subscription.seq = std::max(from, replay.newest);
  subscription.dropped = false;
  send_message(subscribed_message(entity.name, subscription.seq, recovered));
  if (!recovered) return;
  for (const std::string& text : replay.messages) send_message(text);
}

void Socket::unsubscribe(const Message& message) {
  const List<EntityRow> entities = shard_.hub().program().entities();
  if (!message.has_type)
    return send_message(error_message("bad_message", "'unsubscribe' needs a 'type'."));
  const auto type = find_type(entities, message.type);
  if (!type)
    return send_message(error_message("unknown_type", unknown_type(entities, message.type)));
  if (Subscription* subscription = find(*type)) {
    shard_.hub().unwatch(shard_.loop(), *type);
    subscriptions_.erase(subscriptions_.begin() + (subscription - subscriptions_.data()));
  }
  send_message(unsubscribed_message(entities[*type].name));
}

// Another program is served: the subscriptions go on under its numbers, by the names of their
// types.
void Socket::renumber_types() {
  Hub& hub = shard_.hub();
  std::vector<Subscription> old;
  old.swap(subscriptions_);
  for (Subscription& subscription : old) {
    hub.unwatch(shard_.loop(), subscription.type);
    const auto type = find_type(hub.program().entities(), subscription.name);
    if (!type) {
      send_message(unsubscribed_message(subscription.name));
      continue;
    }
    subscription.type = *type;
    hub.watch(shard_.loop(), *type);
    subscriptions_.push_back(std::move(subscription));
  }
}

// Beyond the limit the changes of a type are left out; the client hears of it when the queue is
// empty.
bool Socket::may_queue(Subscription& subscription) {
  if (queued_ <= shard_.hub().settings().queue_bytes) return !subscription.dropped;
  subscription.dropped = true;
  owes_drained_ = true;
  return false;
}

void Socket::send_change(std::uint32_t type, std::uint64_t seq, const SharedFrame& frame) {
  Subscription* subscription = find(type);
  if (subscription && seq > subscription->seq && may_queue(*subscription)) send_shared(frame);
}

void Socket::send_changes_as_read(std::uint32_t type, std::uint64_t seq) {
  Subscription* subscription = find(type);
  if (!subscription || seq <= subscription->seq || !may_queue(*subscription)) return;
  const EntityRow& entity = shard_.hub().program().entities()[type];
  Replay replay(type, entity);
  const bool complete =
      shard_.hub().store()->log(subscription->seq, 0, reader_context(entity), replay) == 1;
  subscription->seq = std::max(seq, replay.newest);
  if (!complete) return send_message(subscribed_message(entity.name, subscription->seq, false));
  for (const std::string& text : replay.messages) send_message(text);
}

void Socket::drained() {
  for (Subscription& subscription : subscriptions_) {
    if (!subscription.dropped) continue;
    subscription.dropped = false;
    subscription.seq = shard_.hub().newest();
    send_message(subscribed_message(subscription.name, subscription.seq, false));
  }
  if (page_) shard_.hub().pages().drained(page_);
}

}  // namespace flin::ws
