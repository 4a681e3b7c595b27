#include "subscriber.h"

#include "entities.h"
#include "hub.h"
#include "messages.h"
#include "shard.h"

#include <algorithm>

namespace flin::ws {
namespace {

// Changes of some types out of the log.
struct Replay final : store::ICommitSink {
  Replay(List<EntityRow> rows, bool with_rules) : entities(rows), ruled(with_rules) {}
  std::uint32_t changed(std::uint64_t seq, const store::Change& change, const Row* before,
                        const Row* after) noexcept override {
    if (seq > most) return 0;
    newest = std::max(newest, seq);
    const bool wanted = std::find(types.begin(), types.end(), change.type) != types.end() &&
                        has_read_rules(entities[change.type]) == ruled;
    if (!wanted) return 1;
    std::string message = change_message(entities[change.type], seq, change, before, after);
    if (message.empty()) return 1;
    bytes += message.size();
    messages.emplace_back(seq, std::move(message));
    return bytes <= most_bytes;
  }
  // More than a queue takes is not worth sending: reading afresh costs less.
  bool is_too_much() const { return bytes > most_bytes; }

  List<EntityRow> entities;
  bool ruled;  // the types whose rules are asked, or the others
  std::vector<std::uint32_t> types;
  std::uint64_t most = ~std::uint64_t{0}, newest = 0;
  std::size_t bytes = 0, most_bytes = 0;
  std::vector<std::pair<std::uint64_t, std::string>> messages;
};

store::Ctx reader_context(bool ruled) { return {Text(), ruled ? 0u : 1u}; }

}  // namespace

Subscriber::Subscription* Subscriber::find(std::uint32_t type) {
  for (Subscription& subscription : subscriptions_) {
    if (subscription.type == type) return &subscription;
  }
  return nullptr;
}

// Both logs are read up to the same number, since the second may have grown meanwhile. False: the
// log does not reach back, or a commit that was announced is not in it yet.
bool Subscriber::replay(const std::vector<std::uint32_t>& types, Since since, std::uint64_t from,
                        std::uint64_t& newest, std::vector<Told>& out) {
  Hub& hub = shard_.hub();
  const List<EntityRow> entities = hub.program().entities();
  Replay open(entities, false), ruled(entities, true);
  open.types = ruled.types = types;
  open.most_bytes = ruled.most_bytes = hub.settings().queue_bytes;
  std::uint64_t begin = since.known > 0 && since.seq > 0 ? since.seq - 1 : since.seq;
  // A commit that was told in part may have left the log since: then the rest is what counts.
  if (hub.store()->log(begin, 0, reader_context(false), open) != 1 &&
      (begin == since.seq ||
       hub.store()->log(begin = since.seq, 0, reader_context(false), open) != 1))
    return false;
  newest = std::max(open.newest, since.seq);
  if (newest < from || open.is_too_much()) return false;
  ruled.most = newest;
  const bool asks = std::any_of(types.begin(), types.end(),
                                [&](std::uint32_t type) { return has_read_rules(entities[type]); });
  if (asks && hub.store()->log(begin, 0, reader_context(true), ruled) != 1) return false;
  if (ruled.is_too_much()) return false;
  for (auto* part : {&open, &ruled}) {
    for (auto& [seq, json] : part->messages) out.push_back({seq, std::move(json)});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Told& a, const Told& b) { return a.seq < b.seq; });
  const auto known =
      std::find_if(out.begin(), out.end(), [&](const Told& told) { return told.seq > since.seq; });
  const auto count =
      std::min<std::ptrdiff_t>(known - out.begin(), static_cast<std::ptrdiff_t>(since.known));
  out.erase(out.begin(), out.begin() + count);
  return true;
}

std::optional<std::vector<Subscriber::Told>> Subscriber::subscribe_to(
    const std::vector<std::uint32_t>& types, std::optional<Since> since, std::uint64_t& seq) {
  Hub& hub = shard_.hub();
  const List<EntityRow> entities = hub.program().entities();
  for (const std::uint32_t type : types) hub.watch(shard_.loop(), type);
  std::vector<Told> missed;
  std::uint64_t newest = 0;
  const std::uint64_t from = hub.newest();
  const bool recovered = !since || replay(types, *since, from, newest, missed);
  seq = std::max(from, newest);
  for (const std::uint32_t type : types)
    subscriptions_.push_back({type, seq, false, std::string(entities[type].name)});
  if (!recovered) return std::nullopt;
  return missed;
}

void Subscriber::forget(std::uint32_t type) {
  Subscription* subscription = find(type);
  if (!subscription) return;
  shard_.hub().unwatch(shard_.loop(), type);
  subscriptions_.erase(subscriptions_.begin() + (subscription - subscriptions_.data()));
}

// Another program is served: the subscriptions go on under its numbers, by the names of their
// types.
void Subscriber::renumber_types() {
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
bool Subscriber::may_queue(Subscription& subscription) {
  if (!subscription.dropped && make_room()) return true;
  shard_.counters().left_out.add();
  subscription.dropped = true;
  owe_drained();
  return false;
}

void Subscriber::send_change(std::uint32_t type, std::uint64_t seq, SharedMessage* message) {
  Subscription* subscription = find(type);
  if (!subscription || seq <= subscription->seq || !may_queue(*subscription)) return;
  if (message)
    send_shared(*message);
  else
    send_as_read(*subscription, seq);
}

// Up to `seq` and no further: changes of other types that are on their way stand in between.
void Subscriber::send_as_read(Subscription& subscription, std::uint64_t seq) {
  Hub& hub = shard_.hub();
  Replay replay(hub.program().entities(), true);
  replay.types = {subscription.type};
  replay.most = seq;
  replay.most_bytes = hub.settings().queue_bytes;
  const bool complete = hub.store()->log(subscription.seq, 0, reader_context(true), replay) == 1 &&
                        !replay.is_too_much();
  subscription.seq = seq;
  if (!complete) return send_numbered(subscribed_message(subscription.name, seq, false), seq);
  for (const auto& [number, json] : replay.messages) send_numbered(json, number);
}

void Subscriber::tell_dropped() {
  for (Subscription& subscription : subscriptions_) {
    if (!subscription.dropped) continue;
    subscription.dropped = false;
    subscription.seq = shard_.hub().newest();
    send_numbered(subscribed_message(subscription.name, subscription.seq, false), subscription.seq);
  }
}

void Subscriber::forget_all() {
  for (const Subscription& subscription : subscriptions_)
    shard_.hub().unwatch(shard_.loop(), subscription.type);
  subscriptions_.clear();
}

}  // namespace flin::ws
