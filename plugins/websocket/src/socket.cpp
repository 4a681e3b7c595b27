#include "socket.h"

#include "entities.h"
#include "hub.h"
#include "shard.h"

#include <utility>

namespace flin::ws {
namespace {

// What IFrameSink::send tells pages when it should merge: more than it ever lets wait.
constexpr std::uint64_t kOverLimit = ~std::uint64_t{0};

}  // namespace

Socket::Socket(Shard& shard, const http::Handover& handover, const Compression& compression)
    : Channel(shard, handover),
      compression_(compression),
      reader_({shard.hub().settings().message_bytes, shard.hub().settings().fragments},
              compression.agreed ? &shard.inflater() : nullptr),
      heard_(now_ms()) {
  shard_.counters().sockets.add();
}

Socket::~Socket() { shard_.counters().sockets.take(); }

// ---- In

void Socket::received(char* bytes, std::size_t size) {
  heard_ = now_ms();
  pinged_ = 0;
  if (close_seen_) return;
  const FrameError error = reader_.feed(bytes, size, *this);
  if (!error.code) return;
  close_with(error.code, error.reason);
  close_seen_ = true;  // frames can no longer be told apart
  hang_up();
}

bool Socket::control(Opcode opcode, std::string_view payload) {
  if (opcode == kPing) note_ping(payload);
  if (opcode != kCloseFrame) return !is_gone();
  close_seen_ = true;
  if (!is_closing()) {
    const auto code = payload.size() < 2
                          ? 0u
                          : static_cast<unsigned>(static_cast<unsigned char>(payload[0]) << 8 |
                                                  static_cast<unsigned char>(payload[1]));
    close_with(static_cast<std::uint16_t>(code), "");
  }
  hang_up();
  return false;
}

void Socket::note_ping(std::string_view payload) {
  if (is_closing()) return;
  const std::int64_t second = now_ms() / 1000;
  if (second != ping_second_) pings_in_second_ = 0;
  ping_second_ = second;
  if (++pings_in_second_ > shard_.hub().settings().pings)
    close_with(kPolicy, "too many pings");
  else if (admit())
    queue_control(kPong, payload);
}

bool Socket::text(std::string_view json) {
  shard_.counters().messages_in.add();
  if (reader_.is_packed()) shard_.counters().packed_in.add();
  if (is_closing()) return true;
  Message message;
  const std::string problem = read_message(json, shard_.hub().settings().json_depth, message);
  if (problem.empty())
    handle(message, json);
  else
    send_message(error_message("bad_message", problem));
  return !is_gone();
}

void Socket::handle(const Message& message, std::string_view json) {
  const std::string& action = message.action;
  if (action == "subscribe") return subscribe(message);
  if (action == "unsubscribe") return unsubscribe(message);
  if (action == "page") return handle_page(json);
  const bool is_of_page =
      action == "cells" || action == "call" || action == "async" || action == "ping";
  if (!is_of_page) {
    send_message(
        error_message("bad_message", "There is no action '" + action.substr(0, 64) + "'."));
  } else if (page_) {
    shard_.hub().pages().receive(page_, Text(json));
  } else if (action == "ping") {
    send_message("{\"type\":\"pong\"}");
  } else {
    send_message(
        page_error("R0403", "action not allowed: no page is open on this connection", action));
  }
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

void Socket::subscribe(const Message& message) {
  Hub& hub = shard_.hub();
  const List<EntityRow> entities = hub.program().entities();
  if (!message.has_type)
    return send_message(error_message("bad_message", "'subscribe' needs a 'type'."));
  const auto type = find_type(entities, message.type);
  if (!type || !hub.store())
    return send_message(error_message("unknown_type", unknown_type(entities, message.type)));
  forget(*type);  // subscribed anew
  const std::size_t most = hub.settings().subscriptions;
  if (subscription_count() >= most) {
    return send_message(error_message(
        "too_many", "A connection has at most " + std::to_string(most) + " subscriptions."));
  }
  std::optional<Since> since;
  if (message.has_since) since = Since{message.since, 0};
  std::uint64_t seq = 0;
  const auto missed = subscribe_to({*type}, since, seq);
  send_message(subscribed_message(entities[*type].name, seq, missed.has_value()));
  if (!missed) return;
  for (const Told& told : *missed) send_message(told.json);
}

void Socket::unsubscribe(const Message& message) {
  const List<EntityRow> entities = shard_.hub().program().entities();
  if (!message.has_type)
    return send_message(error_message("bad_message", "'unsubscribe' needs a 'type'."));
  const auto type = find_type(entities, message.type);
  if (!type)
    return send_message(error_message("unknown_type", unknown_type(entities, message.type)));
  forget(*type);
  send_message(unsubscribed_message(entities[*type].name));
}

// ---- Out

bool Socket::packs(std::size_t size) const {
  return compression_.agreed && size >= shard_.hub().settings().compress_from;
}

std::uint64_t Socket::send(const Frame& frame) noexcept {
  if (!admit()) return queued();
  std::uint64_t size = 0;
  for (IBytes* part : frame.parts) size += part->text().size;
  const SharedBytes packed =
      packs(size) ? shard_.pack(frame, size, compression_.window_bits) : nullptr;
  if (packed)
    queue(packed);
  else
    queue_parts(frame, size);
  shard_.counters().messages_out.add();
  owe_drained();
  if (make_room()) return queued();
  shard_.counters().merges.add();
  return kOverLimit;
}

void Socket::queue_parts(const Frame& frame, std::uint64_t size) {
  queue_part({nullptr, shard_.text_head(size), frame.parts.empty()});
  for (std::uint64_t i = 0; i < frame.parts.size; ++i) {
    frame.parts[i]->retain();
    queue_part({frame.parts[i], nullptr, i + 1 == frame.parts.size});
  }
}

void Socket::send_shared(SharedMessage& message) {
  if (!admit()) return;
  shard_.counters().messages_out.add();
  if (!packs(message.size())) return queue(message.frame());
  SharedBytes bytes =
      message.packed_frame(compression_.window_bits, shard_.deflater(compression_.window_bits));
  if (bytes != message.frame()) shard_.count_packed(message.size(), bytes->size());
  queue(std::move(bytes));
}

void Socket::send_message(std::string_view json) {
  if (!admit()) return;
  shard_.counters().messages_out.add();
  SharedBytes packed;
  if (packs(json.size()))
    packed = pack_frame({json}, json.size(), shard_.deflater(compression_.window_bits));
  if (!packed) return queue(make_frame(kTextFrame, json));
  shard_.count_packed(json.size(), packed->size());
  queue(std::move(packed));
}

void Socket::queue_control(Opcode opcode, std::string_view payload) {
  queue(make_frame(opcode, payload));
}

void Socket::close(std::uint32_t code, Text reason) noexcept {
  close_with(static_cast<std::uint16_t>(code), reason);
}

void Socket::close_with(std::uint16_t code, std::string_view reason) {
  if (is_closing() || is_gone()) return;
  queue_control(kCloseFrame, close_payload(code, reason));
  shard_.hub().metrics().count_close(code == 0 ? 1005 : code);
  stop_sending();
}

void Socket::drained() {
  tell_dropped();
  if (page_) shard_.hub().pages().drained(page_);
}

void Socket::ended() {
  if (!is_closing()) shard_.hub().metrics().count_close(1006);
  forget_all();
  if (page_) shard_.hub().pages().close(std::exchange(page_, 0));
}

void Socket::tick(std::int64_t now) {
  Channel::tick(now);
  if (is_gone() || is_closing()) return;
  const std::int64_t patience = shard_.hub().settings().ping_time;
  if (pinged_ && now - pinged_ >= patience) {
    end();
  } else if (!pinged_ && now - heard_ >= patience) {
    pinged_ = now;
    queue_control(kPing, "");
  }
}

}  // namespace flin::ws
