#include "shared_message.h"

#include "frames.h"

namespace flin::ws {

SharedBytes pack_frame(const std::vector<std::string_view>& parts, std::size_t size,
                       Deflater& deflater) {
  std::string payload;
  if (!deflater.deflate(parts, payload) || payload.size() >= size) return nullptr;
  return std::make_shared<const std::string>(make_frame(kTextFrame, payload, true));
}

std::string make_event(std::string_view json, std::uint64_t id) {
  std::string out;
  if (id != 0) out.append("id: ").append(std::to_string(id)).append("\n");
  for (bool more = true; more;) {  // blanks between JSON tokens may be line breaks
    const std::size_t end = json.find_first_of("\r\n");
    more = end != std::string_view::npos;
    out.append("data: ").append(json.substr(0, end)).append("\n");
    if (more) json.remove_prefix(end + 1);
  }
  return out.append("\n");
}

SharedMessage::SharedMessage(std::string_view json, std::uint64_t seq)
    : size_(json.size()),
      seq_(seq),
      frame_(std::make_shared<const std::string>(make_frame(kTextFrame, json))) {}

SharedBytes SharedMessage::packed_frame(int window_bits, Deflater& deflater) {
  const std::lock_guard lock(mutex_);
  SharedBytes& packed = packed_[window_bits - 9];
  if (!packed) packed = pack_frame({json()}, size_, deflater);
  if (!packed) packed = frame_;
  return packed;
}

SharedBytes SharedMessage::event() {
  const std::lock_guard lock(mutex_);
  if (!event_) event_ = std::make_shared<const std::string>(make_event(json(), seq_));
  return event_;
}

}  // namespace flin::ws
