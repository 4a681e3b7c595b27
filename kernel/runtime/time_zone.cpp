#include "runtime/time_zone.h"

#include "base/number_text.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace flin::runtime {

namespace {

constexpr const char* kFolder = "/usr/share/zoneinfo/";
constexpr std::int64_t kDaySeconds = 86400;

// When summer time begins or ends: the n-th `weekday` of `month` (5: the last), or a day of the
// year; `seconds` after midnight.
struct RuleDay {
  char kind = 'M';  // M month.week.day, J day without 29 February, 0 day from 0
  int month = 0, week = 0, day = 0;
  std::int64_t seconds = 7200;
};
// The line at the end of a table (RFC 8536 3.3), for instants behind its last transition.
struct Footer {
  std::int64_t standard = 0, summer = 0;
  bool has_summer = false;
  RuleDay start, end;
};
struct Zone {
  std::vector<std::int64_t> at;       // instants of transitions, in seconds
  std::vector<std::int64_t> offsets;  // from each on
  std::int64_t first = 0;             // before the first
  std::optional<Footer> footer;
};

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) return ok_ = false, std::string_view();
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }
  std::int64_t number(std::size_t size) {
    const std::string_view bytes = take(size);
    std::uint64_t out = !bytes.empty() && (bytes[0] & 0x80) ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(out);
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// POSIX TZ: "CET-1CEST,M3.5.0,M10.5.0/3". Offsets there count west of UTC.
class FooterReader {
 public:
  explicit FooterReader(std::string_view text) : rest_(text) {}

  std::optional<Footer> read() {
    Footer out;
    if (!name() || !offset(out.standard)) return {};
    out.standard = -out.standard;
    if (rest_.empty()) return out;
    out.has_summer = true;
    out.summer = out.standard + 3600;
    if (!name()) return {};
    if (!rest_.empty() && rest_[0] != ',') {
      if (!offset(out.summer)) return {};
      out.summer = -out.summer;
    }
    if (!day(out.start) || !day(out.end) || !rest_.empty()) return {};
    return out;
  }

 private:
  bool skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool name() {
    std::size_t size = 0;
    if (!rest_.empty() && rest_[0] == '<') {
      size = rest_.find('>');
      if (size == rest_.npos) return false;
      ++size;
    } else {
      while (size < rest_.size() && std::isalpha(static_cast<unsigned char>(rest_[size]))) ++size;
    }
    rest_.remove_prefix(size);
    return size > 0;
  }
  bool integer(int& out) {
    std::size_t size = 0;
    for (out = 0; size < rest_.size() && size < 4 && rest_[size] >= '0' && rest_[size] <= '9';
         ++size)
      out = out * 10 + (rest_[size] - '0');
    rest_.remove_prefix(size);
    return size > 0;
  }
  bool offset(std::int64_t& out) {
    const bool negative = skip('-');
    if (!negative) skip('+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!integer(hours) || (skip(':') && !integer(minutes)) || (skip(':') && !integer(seconds)))
      return false;
    out = hours * 3600 + minutes * 60 + seconds;
    if (negative) out = -out;
    return true;
  }
  bool day(RuleDay& out) {
    if (!skip(',')) return false;
    if (skip('M')) {
      if (!integer(out.month) || !skip('.') || !integer(out.week) || !skip('.') ||
          !integer(out.day) || out.month < 1 || out.month > 12)
        return false;
    } else {
      out.kind = skip('J') ? 'J' : '0';
      if (!integer(out.day)) return false;
    }
    return !skip('/') || offset(out.seconds);
  }
  std::string_view rest_;
};

// Seconds since 1970 of the local midnight of a rule's day, and its time.
std::int64_t rule_seconds(const RuleDay& rule, std::int64_t year) {
  text::Civil c;
  c.year = year;
  const auto days = [](const text::Civil& of) { return text::ms_from_civil(of) / 1000; };
  if (rule.kind != 'M') {
    const bool leap = text::days_in_month(year, 2) == 29;
    const int skipped = rule.kind == 'J' ? (leap && rule.day >= 60 ? 0 : 1) : 0;
    return days(c) + (rule.day - skipped) * kDaySeconds + rule.seconds;
  }
  c.month = rule.month;
  const int first = text::weekday(text::ms_from_civil(c)) % 7;  // 0: Sunday
  c.day = 1 + (rule.day - first + 7) % 7 + (rule.week - 1) * 7;
  while (c.day > text::days_in_month(year, c.month)) c.day -= 7;
  return days(c) + rule.seconds;
}

std::int64_t footer_offset(const Footer& footer, std::int64_t seconds) {
  if (!footer.has_summer) return footer.standard;
  const std::int64_t year = text::civil_from_ms((seconds + footer.standard) * 1000).year;
  const std::int64_t start = rule_seconds(footer.start, year) - footer.standard;
  const std::int64_t end = rule_seconds(footer.end, year) - footer.summer;
  const bool summer = start < end ? seconds >= start && seconds < end
                                  : seconds >= start || seconds < end;  // the south
  return summer ? footer.summer : footer.standard;
}

struct Counts {
  std::int64_t utc, standard, leap, times, types, letters;
};

bool read_header(Bytes& in, Counts& counts) {
  if (in.take(4) != "TZif") return false;
  in.take(16);  // version, reserved
  for (std::int64_t* count : {&counts.utc, &counts.standard, &counts.leap, &counts.times,
                              &counts.types, &counts.letters}) {
    *count = in.number(4);
    if (*count < 0 || *count > 100000) return false;
  }
  return in.ok() && counts.types > 0;
}

// The second block of the file has times of 64 bits; the first one is passed over.
std::optional<Zone> read_zone(std::string_view file) {
  Bytes in(file);
  Counts n{};
  if (file.size() < 5 || file[4] < '2' || !read_header(in, n)) return {};
  in.take(static_cast<std::size_t>(n.times * 5 + n.types * 6 + n.letters + n.leap * 8 + n.standard +
                                   n.utc));
  if (!read_header(in, n)) return {};
  Zone zone;
  for (std::int64_t i = 0; i < n.times; ++i) zone.at.push_back(in.number(8));
  const std::string_view kinds = in.take(static_cast<std::size_t>(n.times));
  std::vector<std::int64_t> offsets;
  for (std::int64_t i = 0; i < n.types; ++i) {
    offsets.push_back(in.number(4));
    in.take(2);
  }
  in.take(static_cast<std::size_t>(n.letters + n.leap * 12 + n.standard + n.utc));
  if (!in.ok()) return {};
  zone.first = offsets[0];
  for (const char kind : kinds) {
    const auto at = static_cast<unsigned char>(kind);
    if (at >= offsets.size()) return {};
    zone.offsets.push_back(offsets[at]);
  }
  std::string_view footer = in.rest();
  if (footer.size() > 2 && footer.front() == '\n') {
    footer.remove_prefix(1);
    zone.footer = FooterReader(footer.substr(0, footer.find('\n'))).read();
  }
  return zone;
}

bool is_zone_name(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '+' ||
           c == '/';
  });
  return letters && !name.empty() && name.size() < 64 && name.front() != '/';
}

// Null: there is none of that name. Only names that exist are kept.
const Zone* find_zone(std::string_view name) {
  static std::mutex lock;  // guards the map; its entries never change
  static std::map<std::string, std::unique_ptr<const Zone>, std::less<>> zones;
  if (!is_zone_name(name)) return nullptr;
  std::lock_guard guard(lock);
  if (auto known = zones.find(name); known != zones.end()) return known->second.get();
  std::ifstream in(kFolder + std::string(name), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::optional<Zone> zone = read_zone(bytes);
  if (!zone) return nullptr;
  auto kept = std::make_unique<const Zone>(std::move(*zone));
  return zones.emplace(std::string(name), std::move(kept)).first->second.get();
}

}  // namespace

std::optional<int> zone_offset_minutes(std::string_view name, std::int64_t ms) {
  if (name == "UTC") return 0;
  const Zone* zone = find_zone(name);
  if (zone == nullptr) return {};
  const std::int64_t seconds = ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
  std::int64_t offset = zone->first;
  const auto after = std::upper_bound(zone->at.begin(), zone->at.end(), seconds);
  if (after == zone->at.end() && zone->footer)
    offset = footer_offset(*zone->footer, seconds);
  else if (after != zone->at.begin())
    offset = zone->offsets[static_cast<std::size_t>(after - zone->at.begin()) - 1];
  return static_cast<int>(offset >= 0 ? (offset + 30) / 60 : -((-offset + 30) / 60));
}

}  // namespace flin::runtime
