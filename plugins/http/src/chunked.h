// The chunked transfer coding of a request body (RFC 9112 7.1), decoded as the bytes come.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::http {

class ChunkedDecoder {
 public:
  enum State { kMore, kDone, kBad, kTooLarge };

  // Decodes from `input`, appends data to `body` and tells in `used` how many bytes it took; behind
  // kDone the rest of the input is the next request. Data beyond `limit` bytes in all: kTooLarge.
  State feed(std::string_view input, std::size_t limit, std::string& body, std::size_t& used);
  void reset() { *this = ChunkedDecoder(); }

 private:
  enum Place : std::uint8_t {
    kSize,
    kExtension,
    kSizeEnd,
    kData,
    kDataReturn,
    kDataEnd,
    kTrailer,
    kTrailerEnd,
    kLast
  };
  State step(char c);

  std::uint64_t left_ = 0;  // data bytes of this chunk still to come
  std::uint32_t line_ = 0;  // bytes of this size line, and of all trailers
  std::uint8_t digits_ = 0;
  Place place_ = kSize;
  bool trailer_empty_ = true;  // nothing on this trailer line yet
};

}  // namespace flin::http
