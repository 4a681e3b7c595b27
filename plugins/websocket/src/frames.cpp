#include "frames.h"

#include <algorithm>
#include <cstring>

namespace flin::ws {
namespace {

constexpr std::size_t kMaxControl = 125;
constexpr unsigned kPackedBit = 0x40;  // RSV1

void unmask(char* bytes, std::size_t size, const unsigned char* mask, unsigned at) {
  unsigned char turned[8];
  for (unsigned i = 0; i < 8; ++i) turned[i] = mask[(at + i) & 3];
  std::uint64_t wide = 0;
  std::memcpy(&wide, turned, 8);
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + i, 8);
    word ^= wide;
    std::memcpy(bytes + i, &word, 8);
  }
  for (; i < size; ++i) bytes[i] = static_cast<char>(bytes[i] ^ turned[i & 7]);
}

FrameError check_close(std::string_view payload) {
  if (payload.empty()) return {};
  if (payload.size() == 1) return {kProtocolError, "a close frame has half a code"};
  const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                               static_cast<unsigned char>(payload[1]));
  if (!is_close_code(code))
    return {kProtocolError, "a close frame has a code that may not be sent"};
  if (!http::is_utf8(payload.substr(2)))
    return {kInvalidText, "the reason of a close frame is not UTF-8"};
  return {};
}

}  // namespace

// Bytes that this frame's head has, as far as they can be told.
std::size_t FrameReader::head_size() const {
  if (head_filled_ < 2) return 2;
  const unsigned length = head_[1] & 0x7F;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + (head_[1] & 0x80 ? 4u : 0u);
}

// RSV1 says that a message is compressed, on its first frame alone (RFC 7692 6).
FrameError FrameReader::check_reserved() {
  const unsigned reserved = head_[0] & 0x70;
  const bool begins = opcode_ == kTextFrame || opcode_ == kBinaryFrame;
  if (begins) packed_ = inflater_ && reserved == kPackedBit;
  if (reserved && !(begins && packed_))
    return {kProtocolError, "a reserved bit is set and no extension was agreed for it"};
  return {};
}

FrameError FrameReader::check_data(std::uint64_t length) {
  if (opcode_ > kBinaryFrame) return {kProtocolError, "the opcode of a frame is not known"};
  if (opcode_ == kContinuation && !in_message_)
    return {kProtocolError, "a continuation has no beginning"};
  if (opcode_ != kContinuation && in_message_)
    return {kProtocolError, "a message begins inside another"};
  if (const FrameError error = check_reserved(); error.code) return error;
  if (opcode_ == kBinaryFrame) return {kUnsupported, "messages are text here"};
  // What does not get smaller grows by its block heads when it is compressed.
  const std::size_t most = limits_.message_bytes + (packed_ ? limits_.message_bytes / 64 + 64 : 0);
  if (length > most || message_.size() > most - length)
    return {kTooBig, "the message is too large"};
  if (++fragment_count_ > limits_.fragments) return {kTooBig, "the message is in too many pieces"};
  return {};
}

FrameError FrameReader::read_head() {
  final_ = head_[0] & 0x80;
  opcode_ = head_[0] & 0x0F;
  if (!(head_[1] & 0x80)) return {kProtocolError, "a frame of a client has to be masked"};
  std::uint64_t length = head_[1] & 0x7F;
  if (length >= 126) {
    const unsigned count = length == 126 ? 2 : 8;
    length = 0;
    for (unsigned i = 0; i < count; ++i) length = length << 8 | head_[2 + i];
    const bool minimal = count == 2 ? length >= 126 : length > 0xFFFF;
    if (!minimal || length >> 63)
      return {kProtocolError, "the length of a frame is not written in its shortest form"};
  }
  FrameError error;
  if (opcode_ < kCloseFrame)
    error = check_data(length);
  else if (opcode_ > kPong)
    error = {kProtocolError, "the opcode of a frame is not known"};
  else if (!final_ || length > kMaxControl)
    error = {kProtocolError, "a control frame is too long or in pieces"};
  else
    error = check_reserved();
  left_ = length;
  mask_at_ = 0;
  in_payload_ = true;
  return error;
}

FrameError FrameReader::add_text(std::string_view piece) {
  if (!packed_ && !utf8_.feed(piece)) return {kInvalidText, "the message is not UTF-8"};
  message_.append(piece);
  return {};
}

// `message` as it came; UTF-8 was checked on the way when it is not compressed.
FrameReader::Step FrameReader::whole_message(std::string_view message, FrameHandler& handler,
                                             FrameError& error) {
  if (!packed_) return handler.text(message) ? Step::kMore : Step::kStop;
  std::string text;
  const Inflater::Outcome outcome = inflater_->inflate(message, limits_.message_bytes, text);
  if (outcome == Inflater::Outcome::kTooLarge)
    error = {kTooBig, "the message is too large"};
  else if (outcome == Inflater::Outcome::kBad)
    error = {kInvalidText, "the message is not compressed as it says"};
  else if (!http::is_utf8(text))
    error = {kInvalidText, "the message is not UTF-8"};
  else
    return handler.text(text) ? Step::kMore : Step::kStop;
  return Step::kFailed;
}

FrameReader::Step FrameReader::frame_end(FrameHandler& handler, FrameError& error) {
  in_payload_ = false;
  head_filled_ = 0;
  if (opcode_ >= kCloseFrame) {
    const std::string payload = std::move(control_);
    control_.clear();
    if (opcode_ == kCloseFrame) error = check_close(payload);
    if (error.code) return Step::kFailed;
    return handler.control(static_cast<Opcode>(opcode_), payload) ? Step::kMore : Step::kStop;
  }
  in_message_ = !final_;
  if (!final_) return Step::kMore;
  if (!packed_ && !utf8_.complete()) {
    error = {kInvalidText, "the message is not UTF-8"};
    return Step::kFailed;
  }
  utf8_.reset();
  fragment_count_ = 0;
  const std::string message = std::move(message_);
  message_ = std::string();
  return whole_message(message, handler, error);
}

FrameReader::Step FrameReader::payload(char*& bytes, std::size_t& size, FrameHandler& handler,
                                       FrameError& error) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, size));
  unmask(bytes, count, head_ + head_size() - 4, mask_at_);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + count) & 3);
  const std::string_view piece(bytes, count);
  bytes += count;
  size -= count;
  const bool whole = left_ == count && opcode_ == kTextFrame && final_ && message_.empty();
  left_ -= count;
  if (opcode_ >= kCloseFrame) {
    control_.append(piece);
  } else if (whole) {  // a message in one piece is handed on where it lies
    in_payload_ = false;
    head_filled_ = 0;
    fragment_count_ = 0;
    if (!packed_ && !http::is_utf8(piece)) {
      error = {kInvalidText, "the message is not UTF-8"};
      return Step::kFailed;
    }
    return whole_message(piece, handler, error);
  } else {
    error = add_text(piece);
    if (error.code) return Step::kFailed;
  }
  return left_ > 0 ? Step::kMore : frame_end(handler, error);
}

FrameError FrameReader::feed(char* bytes, std::size_t size, FrameHandler& handler) {
  while (size > 0 || (in_payload_ && left_ == 0)) {
    FrameError error;
    if (!in_payload_) {
      while (size > 0 && head_filled_ < head_size()) {
        head_[head_filled_++] = static_cast<unsigned char>(*bytes++);
        --size;
      }
      if (head_filled_ < head_size()) return {};
      error = read_head();
      if (error.code) return error;
      continue;
    }
    const Step step = payload(bytes, size, handler, error);
    if (step == Step::kFailed) return error;
    if (step == Step::kStop) return {};
  }
  return {};
}

void append_frame_head(std::string& out, Opcode opcode, std::uint64_t size, bool packed) {
  out.push_back(static_cast<char>(0x80u | (packed ? kPackedBit : 0u) | opcode));
  if (size < 126) {
    out.push_back(static_cast<char>(size));
    return;
  }
  const int bytes = size <= 0xFFFF ? 2 : 8;
  out.push_back(static_cast<char>(bytes == 2 ? 126 : 127));
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(size >> (8 * i)));
}

std::string make_frame(Opcode opcode, std::string_view payload, bool packed) {
  std::string out;
  out.reserve(payload.size() + 10);
  append_frame_head(out, opcode, payload.size(), packed);
  return out.append(payload);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == 0) return {};
  std::string out = {static_cast<char>(code >> 8), static_cast<char>(code)};
  std::size_t size = std::min(reason.size(), kMaxControl - 2);
  while (size < reason.size() && size > 0 &&
         (static_cast<unsigned char>(reason[size]) & 0xC0) == 0x80)
    --size;
  return out.append(reason.substr(0, size));
}

bool is_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace flin::ws
