#include "conditional.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <vector>

namespace flin::http {
namespace {

constexpr std::size_t kMostRanges = 32;  // more are an attack on the server (RFC 9110 17.15)

bool is_weak(std::string_view tag) { return tag.substr(0, 2) == "W/"; }

// Members of an entity-tag list. A tag may hold commas, so it ends at its second quote. False: the
// text is no such list.
template <class Fn>
bool each_tag(std::string_view list, Fn fn) {
  while (!list.empty()) {
    const std::size_t at = list.find_first_not_of(" \t,");
    if (at == std::string_view::npos) return true;
    list.remove_prefix(at);
    const std::size_t open = is_weak(list) ? 2 : 0;
    if (list.size() <= open || list[open] != '"') return false;
    const std::size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    fn(list.substr(0, close + 1));
    list.remove_prefix(close + 1);
  }
  return true;
}

bool same_weakly(std::string_view a, std::string_view b) {
  if (is_weak(a)) a.remove_prefix(2);
  if (is_weak(b)) b.remove_prefix(2);
  return a == b;
}
bool same_strongly(std::string_view a, std::string_view b) {
  return !is_weak(a) && !is_weak(b) && a == b;
}

// The header's lines together: a list may stand on several (RFC 9110 5.3).
template <class Same>
bool names_tag(const RequestHead& head, std::string_view name, std::string_view tag, Same same) {
  bool found = false;
  for (const HeaderView& header : head.headers) {
    if (!equals_ignoring_case(header.name, name)) continue;
    if (header.value == "*") found = true;
    each_tag(header.value,
             [&](std::string_view given) { found = found || (!tag.empty() && same(given, tag)); });
  }
  return found;
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

enum class Spec { kRange, kOutside, kBad };
// "1-3", "5-", "-2".
Spec read_spec(std::string_view spec, std::uint64_t size, ByteRange& out) {
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return Spec::kBad;
  const std::string_view first = spec.substr(0, dash), last = spec.substr(dash + 1);
  if (first.empty()) {
    std::uint64_t count = 0;
    if (!read_number(last, count)) return Spec::kBad;
    if (count == 0 || size == 0) return Spec::kOutside;
    out.count = std::min(count, size);
    out.from = size - out.count;
    return Spec::kRange;
  }
  std::uint64_t end = UINT64_MAX;
  if (!read_number(first, out.from) || (!last.empty() && !read_number(last, end)) || end < out.from)
    return Spec::kBad;
  if (out.from >= size) return Spec::kOutside;
  out.count = std::min(end, size - 1) - out.from + 1;
  return Spec::kRange;
}

bool if_range_holds(const RequestHead& head, const Validators& current) {
  const std::string_view condition = head.header("if-range");
  if (condition.empty()) return true;
  if (condition.front() == '"' || is_weak(condition)) return same_strongly(condition, current.etag);
  return current.modified >= 0 && condition == http_date(current.modified);
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon],
                                 parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text, static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> read_http_date(std::string_view text) {
  const std::string whole(text);
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* end = ::strptime(whole.c_str(), form, &parts);
    if (end && *end == '\0') return static_cast<std::int64_t>(::timegm(&parts));
  }
  return std::nullopt;
}

Precondition check_preconditions(const RequestHead& head, bool reads, const Validators& current) {
  if (!head.header("if-match").empty()) {
    if (!names_tag(head, "if-match", current.etag, same_strongly)) return Precondition::kFailed;
  } else if (const auto since = read_http_date(head.header("if-unmodified-since"))) {
    if (current.modified > *since) return Precondition::kFailed;
  }
  if (!head.header("if-none-match").empty()) {
    if (names_tag(head, "if-none-match", current.etag, same_weakly))
      return reads ? Precondition::kNotModified : Precondition::kFailed;
  } else if (reads && current.modified >= 0) {
    const auto since = read_http_date(head.header("if-modified-since"));
    if (since && current.modified <= *since) return Precondition::kNotModified;
  }
  return Precondition::kHolds;
}

RangeAnswer read_range(const RequestHead& head, const Validators& current, std::uint64_t size,
                       ByteRange& out) {
  std::string_view value = head.header("range");
  if (head.method != "GET" || value.size() < 7 ||
      !equals_ignoring_case(value.substr(0, 6), "bytes=") || !if_range_holds(head, current))
    return RangeAnswer::kWhole;
  std::vector<ByteRange> ranges;
  std::size_t specs = 0;
  bool bad = false;
  for_each_token(value.substr(6), [&](std::string_view spec) {
    ByteRange range;
    const Spec kind = read_spec(spec, size, range);
    bad = bad || kind == Spec::kBad || ++specs > kMostRanges;
    if (kind == Spec::kRange) ranges.push_back(range);
  });
  if (bad || specs == 0) return RangeAnswer::kWhole;
  if (ranges.empty()) return RangeAnswer::kImpossible;
  std::sort(ranges.begin(), ranges.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.from < b.from; });
  out = ranges.front();
  for (const ByteRange& range : ranges) {
    if (range.from > out.from + out.count) return RangeAnswer::kWhole;
    out.count = std::max(out.count, range.from + range.count - out.from);
  }
  return RangeAnswer::kPart;
}

}  // namespace flin::http
