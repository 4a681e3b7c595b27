#include "frame_mutations.h"

#include "../../../plugins/websocket/src/frames.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace flin::ws {
namespace {

struct Seen final : FrameHandler {
  bool text(std::string_view message) override {
    if (!http::is_utf8(message) || message.size() > 256) std::abort();
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

std::string read(std::string bytes, std::size_t step) {
  Seen seen;
  FrameReader reader({256, 8});
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const FrameError error =
        reader.feed(bytes.data() + at, std::min(step, bytes.size() - at), seen);
    if (error.code) return seen.all + "E" + std::to_string(error.code);
    if (seen.all.find("8") != std::string::npos)
      break;  // a close ends the reading (or an 8 that was said: as well)
  }
  return seen.all;
}

}  // namespace

void check_any_frames(std::string_view bytes) {
  const std::string whole = read(std::string(bytes), bytes.size() + 1);
  for (const std::size_t step : {1u, 3u}) {
    const std::string cut = read(std::string(bytes), step);
    // Cut, an error may show earlier than the end of what was said before it.
    if (cut.find('8') == std::string::npos && whole.find('8') == std::string::npos && cut != whole)
      std::abort();
  }
}

}  // namespace flin::ws
