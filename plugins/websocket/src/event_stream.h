// Entity subscriptions as Server-Sent Events (WHATWG HTML 9.2): GET /_flin/events. Each event is a
// message of W 3. Its id is the number up to which everything was told, as "58" (the first change
// of commit 58 and all before) or "58.2" (its second), so that a stream cut inside a commit goes on
// there. [loop-thread]
#pragma once

#include "subscriber.h"

#include "flin/http/paths.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flin::ws {

// What a stream asks for.
struct EventRequest {
  std::vector<std::string> names;  // of entities, without doubles
  std::optional<Since> since;
  bool is_resumed = false;     // `since` comes from Last-Event-ID
  std::string allowed_origin;  // a foreign page that may read it; "": none
};

// Reads the query and Last-Event-ID, which goes before `since`. "" or what is wrong, as a sentence.
// A Last-Event-ID that is none of ours asks for everything since number 0.
std::string read_event_request(std::string_view query, std::string_view last_event_id,
                               EventRequest& out);
class EventStream final : public Subscriber {
 public:
  EventStream(Shard& shard, http::IPathAnswer& answer, EventRequest request);
  ~EventStream() override;

  void open();
  void drained();  // nothing waits to be sent any more
  void gone();     // the answer is no more; the object ends after the turn

  void close_with(std::uint16_t code, std::string_view reason) override;
  void tick(std::int64_t now) override;
  void flush() override;
  void leave() override {}  // http writes what it was given
  void send_message(std::string_view json) override;
  void send_shared(SharedMessage& message) override;

 private:
  void send_numbered(std::string_view json, std::uint64_t seq) override;
  bool make_room() override;
  void owe_drained() override { owes_drained_ = true; }
  void queue(std::string_view event);
  void told(std::uint64_t seq);
  void end();

  http::IPathAnswer* answer_;  // null: it has ended
  EventRequest request_;
  Since at_;                 // what the ids say
  std::string out_;          // of this turn
  std::size_t waiting_ = 0;  // bytes given to http and not sent yet
  std::int64_t sent_ = 0;    // ms
  bool owes_drained_ = false;
};

}  // namespace flin::ws
