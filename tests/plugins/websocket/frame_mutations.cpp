#include "frame_mutations.h"

#include "../../../plugins/websocket/src/frames.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace flin::ws {
namespace {

constexpr std::size_t kMost = 256;

struct Seen final : FrameHandler {
  bool text(std::string_view message) override {
    if (!http::is_utf8(message) || message.size() > kMost) std::abort();
    all.append("T").append(message).append("\n");
    return true;
  }
  bool control(Opcode opcode, std::string_view payload) override {
    if (payload.size() > 125) std::abort();
    all.append(1, static_cast<char>('0' + opcode)).append(payload).append("\n");
    return opcode != kCloseFrame;
  }
  std::string all;
};

std::string read(std::string bytes, std::size_t step, Inflater* inflater) {
  Seen seen;
  FrameReader reader({kMost, 8}, inflater);
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const FrameError error =
        reader.feed(bytes.data() + at, std::min(step, bytes.size() - at), seen);
    if (error.code) return seen.all + "E" + std::to_string(error.code);
    if (seen.all.find("8") != std::string::npos)
      break;  // a close ends the reading (or an 8 that was said: as well)
  }
  return seen.all;
}

void check(std::string_view bytes, Inflater* inflater) {
  const std::string whole = read(std::string(bytes), bytes.size() + 1, inflater);
  for (const std::size_t step : {1u, 3u}) {
    const std::string cut = read(std::string(bytes), step, inflater);
    // Cut, an error may show earlier than the end of what was said before it.
    if (cut.find('8') == std::string::npos && whole.find('8') == std::string::npos && cut != whole)
      std::abort();
  }
}

// Whatever inflates at all, to no more than was allowed, comes back from the deflater.
void check_payload(std::string_view bytes, Inflater& inflater) {
  std::string text;
  const Inflater::Outcome outcome = inflater.inflate(bytes, kMost, text);
  if (outcome == Inflater::Outcome::kTooLarge ? text.size() <= kMost : text.size() > kMost)
    std::abort();
  if (outcome != Inflater::Outcome::kDone) return;
  Deflater deflater(9 + static_cast<int>(bytes.size() % 7));
  std::string packed, again;
  const bool is_same = deflater.deflate({text}, packed) &&
                       inflater.inflate(packed, kMost, again) == Inflater::Outcome::kDone &&
                       again == text;
  if (!is_same) std::abort();
}

}  // namespace

void check_any_frames(std::string_view bytes) {
  Inflater inflater;
  check(bytes, nullptr);
  check(bytes, &inflater);
  check_payload(bytes, inflater);
}

}  // namespace flin::ws
