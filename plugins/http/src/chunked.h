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
  // kDone the rest of the input is the next request. Data beyond `limit` bytes in all, also when
  // the caller has taken some of it out of `body`: kTooLarge.
  State feed(std::string_view input, std::size_t limit, std::string& body, std::size_t& used);
  void reset() { *this = ChunkedDecoder(); }

 private:
  enum Place : std::uint8_t {
    kSize,
    kBlank,  // between the size and a ';'
    kName,   // of an extension, and its value
    kValue,
    kQuoted,
    kQuotedPair,
    kExtensionEnd,
    kSizeEnd,
    kData,
    kDataReturn,
    kDataEnd,
    kTrailer,  // name of a field, or the empty line
    kTrailerValue,
    kTrailerEnd,
    kLast
  };
  State step(char c);
  State size_digit(char c);
  State extension(char c);
  State trailer(char c);
  void begin_part(Place place);

  std::uint64_t total_ = 0;  // data bytes decoded
  std::uint64_t left_ = 0;   // data bytes of this chunk still to come
  std::uint32_t line_ = 0;   // bytes of this size line, and of all trailers
  std::uint8_t digits_ = 0;
  Place place_ = kSize;
  bool part_empty_ = true;   // nothing of this name or value yet
  bool part_blank_ = false;  // a blank came behind it
};

}  // namespace flin::http
