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

bool is_token(char c) {
  const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return alnum || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) < 15);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

}  // namespace

// chunk-ext (RFC 9112 7.1.1): ";" name [ "=" value ], each a token or the value a quoted string,
// with blanks around the marks.
ChunkedDecoder::State ChunkedDecoder::extension(char c) {
  if (place_ == kQuoted || place_ == kQuotedPair) {
    if (is_control(c)) return kBad;
    if (place_ == kQuotedPair || c == '\\')
      place_ = place_ == kQuotedPair ? kQuoted : kQuotedPair;
    else if (c == '"')
      place_ = kExtensionEnd;
    return kMore;
  }
  const bool complete = place_ == kExtensionEnd || (!part_empty_ && place_ != kBlank);
  if (c == '\r') {
    if (!complete) return kBad;
    place_ = kSizeEnd;
  } else if (c == ';') {
    if (!complete && place_ != kBlank) return kBad;
    begin_part(kName);
  } else if (c == '=') {
    if (place_ != kName || part_empty_) return kBad;
    begin_part(kValue);
  } else if (is_blank(c)) {
    part_blank_ = part_blank_ || !part_empty_;
  } else if (c == '"') {
    if (place_ != kValue || !part_empty_) return kBad;
    place_ = kQuoted;
  } else {
    if ((place_ != kName && place_ != kValue) || part_blank_ || !is_token(c)) return kBad;
    part_empty_ = false;
  }
  return kMore;
}

void ChunkedDecoder::begin_part(Place place) {
  place_ = place;
  part_empty_ = true;
  part_blank_ = false;
}

// Trailer fields have the syntax of headers (RFC 9112 7.1.2); nothing of them is kept.
ChunkedDecoder::State ChunkedDecoder::trailer(char c) {
  switch (place_) {
    case kTrailer:
      if (c == '\r' && part_empty_) {
        place_ = kLast;
        return kMore;
      }
      if (c == ':' && !part_empty_) {
        place_ = kTrailerValue;
        return kMore;
      }
      part_empty_ = false;
      return is_token(c) ? kMore : kBad;
    case kTrailerValue:
      if (c == '\r') place_ = kTrailerEnd;
      return c != '\r' && is_control(c) ? kBad : kMore;
    default:
      if (c != '\n') return kBad;
      begin_part(kTrailer);
      return kMore;
  }
}

ChunkedDecoder::State ChunkedDecoder::size_digit(char c) {
  const int value = hex_value(c);
  if (value >= 0) {
    if (++digits_ > 15) return kBad;
    left_ = left_ * 16 + static_cast<unsigned>(value);
    return kMore;
  }
  if (digits_ == 0) return kBad;
  if (c == '\r')
    place_ = kSizeEnd;
  else if (c == ';')
    begin_part(kName);
  else if (is_blank(c))
    begin_part(kBlank);
  else
    return kBad;
  return kMore;
}

// One byte outside of data. Only CRLF ends a line.
ChunkedDecoder::State ChunkedDecoder::step(char c) {
  if (place_ != kDataReturn && place_ != kDataEnd && ++line_ > kMaxLine) return kBad;
  switch (place_) {
    case kSize: return size_digit(c);
    case kBlank:
    case kName:
    case kValue:
    case kQuoted:
    case kQuotedPair:
    case kExtensionEnd: return extension(c);
    case kSizeEnd:
      if (c != '\n') return kBad;
      line_ = 0;
      begin_part(left_ > 0 ? kData : kTrailer);
      return kMore;
    case kDataReturn: place_ = kDataEnd; return c == '\r' ? kMore : kBad;
    case kDataEnd:
      if (c != '\n') return kBad;
      digits_ = 0;
      line_ = 0;
      place_ = kSize;
      return kMore;
    case kTrailer:
    case kTrailerValue:
    case kTrailerEnd: return trailer(c);
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
      if (left_ > limit || total_ > limit - left_) return kTooLarge;
      body.append(input, used, count);
      used += count;
      total_ += count;
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
