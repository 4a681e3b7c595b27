// WebSocket frames (RFC 6455 5, RFC 7692 6): reading what a browser sends, as it comes, and writing
// frame heads. Every rule whose breach closes the connection is held here, with its close code.
#pragma once

#include "deflate.h"

#include "flin/http/utf8.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::ws {

enum Opcode : std::uint8_t {
  kContinuation = 0,
  kTextFrame = 1,
  kBinaryFrame = 2,
  kCloseFrame = 8,
  kPing = 9,
  kPong = 10
};

enum CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupported = 1003,
  kInvalidText = 1007,
  kPolicy = 1008,
  kTooBig = 1009,
  kInternalError = 1011,
  kTooSlow = 1013
};

struct FrameLimits {
  std::size_t message_bytes = 1 << 20;
  std::size_t fragments = 1024;
};

// What a reader finds. A function that gives false ends the reading: nothing behind is looked at.
class FrameHandler {
 public:
  virtual bool text(std::string_view message) = 0;  // a whole message, valid UTF-8
  virtual bool control(Opcode opcode, std::string_view payload) = 0;  // ping, pong, close; checked

 protected:
  ~FrameHandler() = default;
};

// How a connection has to be closed: code 0 when all is well.
struct FrameError {
  std::uint16_t code = 0;
  std::string_view reason;
};

class FrameReader {
 public:
  // With `inflater`, which may be shared, permessage-deflate is agreed. A compressed message is
  // kept as it came until it is whole, so many half ones cost no more than what was sent.
  explicit FrameReader(FrameLimits limits, Inflater* inflater = nullptr)
      : limits_(limits), inflater_(inflater) {}
  // Unmasks in place, so the bytes are changed. After an error it must not be called again.
  FrameError feed(char* bytes, std::size_t size, FrameHandler& handler);
  // Inside FrameHandler::text(): the message came compressed.
  bool is_packed() const { return packed_; }

 private:
  enum class Step { kMore, kStop, kFailed };
  FrameError read_head();
  Step payload(char*& bytes, std::size_t& size, FrameHandler& handler, FrameError& error);
  FrameError check_reserved();
  FrameError check_data(std::uint64_t length);
  FrameError add_text(std::string_view piece);
  Step whole_message(std::string_view message, FrameHandler& handler, FrameError& error);
  Step frame_end(FrameHandler& handler, FrameError& error);
  std::size_t head_size() const;

  FrameLimits limits_;
  Inflater* inflater_;
  std::string message_;  // fragments so far, and a frame that is not complete yet
  std::string control_;  // payload of a control frame that is not complete yet
  http::Utf8Checker utf8_;
  std::uint64_t left_ = 0;  // payload bytes of this frame still to come
  std::size_t fragment_count_ = 0;
  unsigned char head_[14] = {};
  std::uint8_t head_filled_ = 0;
  std::uint8_t mask_at_ = 0;  // index of the next mask byte
  std::uint8_t opcode_ = 0;   // of this frame
  bool final_ = false;
  bool in_payload_ = false;
  bool in_message_ = false;  // a fragmented message has begun
  bool packed_ = false;      // the message is compressed
};

// Head of an unmasked final frame; `packed`: its payload is a compressed message.
void append_frame_head(std::string& out, Opcode opcode, std::uint64_t size, bool packed = false);
std::string make_frame(Opcode opcode, std::string_view payload, bool packed = false);
// Payload of a close frame; a reason that is too long is cut at a code point. Code 0: empty.
std::string close_payload(std::uint16_t code, std::string_view reason);
// What may stand in a close frame (RFC 6455 7.4).
bool is_close_code(std::uint16_t code);

}  // namespace flin::ws
