// A connection of a loop with its entity subscriptions (W 3), whatever it is told them by.
// [loop-thread]
#pragma once

#include "shared_message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flin::ws {

class Shard;

// Since when changes are wanted: those of commits above `seq`, and of the next commit all but the
// first `known` changes.
struct Since {
  std::uint64_t seq = 0;
  std::uint64_t known = 0;
};

class Subscriber {
 public:
  explicit Subscriber(Shard& shard) : shard_(shard) {}
  virtual ~Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // Ends the connection with that code and reason, where the protocol can tell them.
  virtual void close_with(std::uint16_t code, std::string_view reason) = 0;
  virtual void tick(std::int64_t now) = 0;  // every quarter of the shortest time that is watched
  virtual void flush() = 0;                 // at the end of a turn
  virtual void leave() = 0;                 // at stop(): one attempt to write what is there
  // One message to this client alone, and one that many get.
  virtual void send_message(std::string_view json) = 0;
  virtual void send_shared(SharedMessage& message) = 0;

  void renumber_types();  // after another program was loaded
  // A change of a type; null: rules decide who may read it.
  void send_change(std::uint32_t type, std::uint64_t seq, SharedMessage* message);

  std::size_t index = 0;  // in the shard's list
  bool dirty = false;     // in its list of those to flush

 protected:
  struct Told {
    std::uint64_t seq;
    std::string json;
  };

  // A message of a commit, for this client alone.
  virtual void send_numbered(std::string_view json, std::uint64_t seq) = 0;
  // Less than queue_bytes wait to be sent, if need be after an attempt to send what waits: a burst
  // of one turn is no slow reader.
  virtual bool make_room() = 0;
  virtual void owe_drained() = 0;  // tell_dropped() is wanted once nothing waits

  void tell_dropped();
  void forget_all();
  std::size_t subscription_count() const { return subscriptions_.size(); }
  // Makes the subscriptions, which must not be there, and gives what was missed in order of seq;
  // none when the log does not hold all of it, or it is more than a queue takes. In force first,
  // then told: a commit is in what is given, in what the client reads afresh, or it is carried here
  // later. `seq`: up to where.
  std::optional<std::vector<Told>> subscribe_to(const std::vector<std::uint32_t>& types,
                                                std::optional<Since> since, std::uint64_t& seq);
  void forget(std::uint32_t type);

  Shard& shard_;

 private:
  // Commits above `seq` are sent. Where rules decide it moves on with them. `dropped`: some were
  // left out.
  struct Subscription {
    std::uint32_t type;
    std::uint64_t seq;
    bool dropped;
    std::string name;
  };
  Subscription* find(std::uint32_t type);
  bool may_queue(Subscription& subscription);
  void send_as_read(Subscription& subscription, std::uint64_t seq);
  bool replay(const std::vector<std::uint32_t>& types, Since since, std::uint64_t from,
              std::uint64_t& newest, std::vector<Told>& out);

  std::vector<Subscription> subscriptions_;
};

}  // namespace flin::ws
