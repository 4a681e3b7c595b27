// Compression of single messages (RFC 7692 7.2), on zlib's raw DEFLATE streams. No context is taken
// over between messages, so one stream of a kind serves all sockets of a loop. [loop-thread]
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace flin::ws {

class Inflater {
 public:
  enum class Outcome { kDone, kBad, kTooLarge };

  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends the message whose payload is `packed` to `out` (RFC 7692 7.2.2). Stops as soon as more
  // than `most` bytes have come out, whatever is still packed. kBad: no DEFLATE data, or it ends
  // inside a block.
  Outcome inflate(std::string_view packed, std::size_t most, std::string& out);

 private:
  Outcome run(std::string_view piece, std::size_t most, std::string& out);

  std::unique_ptr<z_stream_s> stream_;  // null before the first message
};

class Deflater {
 public:
  // `window_bits` as agreed, 9 to 15.
  explicit Deflater(int window_bits);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // Appends the payload of the message that consists of `parts` (RFC 7692 7.2.1). False: there is
  // no memory for it, and `out` is as it was.
  bool deflate(const std::vector<std::string_view>& parts, std::string& out);

 private:
  bool run(std::string_view part, int flush, std::string& out);

  const int window_bits_;
  std::unique_ptr<z_stream_s> stream_;  // null before the first message
};

}  // namespace flin::ws
