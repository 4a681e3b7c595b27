// Conditional requests and ranges (RFC 9110 13, 14), as pure functions over the head of a request.
#pragma once

#include "parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flin::http {

// IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7); `seconds` since 1970.
std::string http_date(std::int64_t seconds);
// Any of the three forms of RFC 9110 5.6.7; nothing for other texts.
std::optional<std::int64_t> read_http_date(std::string_view text);

struct Validators {
  std::string_view etag;       // with its quotes, W/ in front of a weak one; "": none
  std::int64_t modified = -1;  // seconds since 1970; -1: not known
};

enum class Precondition { kHolds, kNotModified, kFailed };
// In the order of RFC 9110 13.2.2. `reads`: the method is GET or HEAD; kNotModified is for those
// alone, others get kFailed.
Precondition check_preconditions(const RequestHead& head, bool reads, const Validators& current);

struct ByteRange {
  std::uint64_t from = 0, count = 0;
};
enum class RangeAnswer { kWhole, kPart, kImpossible };
// What a Range header means for `size` bytes, with If-Range looked at. Ranges that overlap or touch
// are one; several that are not get the whole (a server may ignore Range, RFC 9110 14.2), as does
// anything not understood. kImpossible: none lies within, 416.
RangeAnswer read_range(const RequestHead& head, const Validators& current, std::uint64_t size,
                       ByteRange& out);

}  // namespace flin::http
