#include "chunked.h"

#include <algorithm>

namespace flin::http {
namespace {

constexpr std::uint32_t kMaxLine = 4096;  // a size line with its extensions; all trailers together

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

// One byte outside of data. Only CRLF ends a line.
ChunkedDecoder::State ChunkedDecoder::step(char c) {
  if (place_ != kDataReturn && place_ != kDataEnd && ++line_ > kMaxLine) return kBad;
  switch (place_) {
    case kSize: {
      const int value = hex_value(c);
      if (value >= 0) {
        if (++digits_ > 15) return kBad;
        left_ = left_ * 16 + static_cast<unsigned>(value);
        return kMore;
      }
      if (digits_ == 0) return kBad;
      if (c != '\r' && c != ';') return kBad;
      place_ = c == '\r' ? kSizeEnd : kExtension;
      return kMore;
    }
    case kExtension:
      if (c == '\r')
        place_ = kSizeEnd;
      else if (is_control(c))
        return kBad;
      return kMore;
    case kSizeEnd:
      if (c != '\n') return kBad;
      line_ = 0;
      place_ = left_ > 0 ? kData : kTrailer;
      return kMore;
    case kDataReturn: place_ = kDataEnd; return c == '\r' ? kMore : kBad;
    case kDataEnd:
      if (c != '\n') return kBad;
      digits_ = 0;
      line_ = 0;
      place_ = kSize;
      return kMore;
    case kTrailer:
      if (c == '\r') {
        place_ = trailer_empty_ ? kLast : kTrailerEnd;
        return kMore;
      }
      if (is_control(c) || (trailer_empty_ && (c == ' ' || c == '\t' || c == ':'))) return kBad;
      trailer_empty_ = false;
      return kMore;
    case kTrailerEnd:
      if (c != '\n') return kBad;
      trailer_empty_ = true;
      place_ = kTrailer;
      return kMore;
    case kLast: return c == '\n' ? kDone : kBad;
    case kData: break;
  }
  return kBad;
}

ChunkedDecoder::State ChunkedDecoder::feed(std::string_view input, std::size_t limit,
                                           std::string& body, std::size_t& used) {
  used = 0;
  while (used < input.size()) {
    if (place_ == kData) {
      const std::size_t count =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - used));
      if (left_ > limit || body.size() > limit - static_cast<std::size_t>(left_)) return kTooLarge;
      body.append(input, used, count);
      used += count;
      left_ -= count;
      if (left_ == 0) place_ = kDataReturn;
      continue;
    }
    const State state = step(input[used++]);
    if (state != kMore) return state;
  }
  return kMore;
}

}  // namespace flin::http
