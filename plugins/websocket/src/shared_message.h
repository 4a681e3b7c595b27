// A message that goes byte for byte to many connections. Each form of it is made once, by the first
// loop that needs it, and shared from then on. [any-thread]
#pragma once

#include "deflate.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace flin::ws {

using SharedBytes = std::shared_ptr<const std::string>;

class SharedMessage {
 public:
  // `seq`: number of the commit it tells of, 0 for none.
  explicit SharedMessage(std::string_view json, std::uint64_t seq = 0);

  std::size_t size() const { return size_; }
  std::uint64_t seq() const { return seq_; }
  const SharedBytes& frame() const { return frame_; }  // a text frame
  // A compressed frame for that window; the plain one where that is not smaller.
  SharedBytes packed_frame(int window_bits, Deflater& deflater);
  // An event of a stream (WHATWG HTML 9.2.5); its `id` is `seq`.
  SharedBytes event();

 private:
  std::string_view json() const { return std::string_view(*frame_).substr(frame_->size() - size_); }

  const std::size_t size_;
  const std::uint64_t seq_;
  const SharedBytes frame_;
  std::mutex mutex_;       // guards both below
  SharedBytes packed_[7];  // by window bits, from 9
  SharedBytes event_;
};

using SharedMessageRef = std::shared_ptr<SharedMessage>;

// A compressed text frame of `parts`; null when it would not be smaller than `size`, their sum.
SharedBytes pack_frame(const std::vector<std::string_view>& parts, std::size_t size,
                       Deflater& deflater);
// An event with `id`, left out when that is 0.
std::string make_event(std::string_view json, std::uint64_t id);

}  // namespace flin::ws
