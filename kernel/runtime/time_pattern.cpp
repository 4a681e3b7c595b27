// Texts by pattern to instants (L 24.6 parse_time): the pieces of format_time, read.
#include "base/number_text.h"
#include "runtime/time_functions.h"

#include <cctype>

namespace flin::runtime {

namespace {

enum class Part { kYear, kYear2, kMonth, kDay, kHour, kMinute, kSecond, kMs, kHalf, kZone, kSkip };
struct Piece {
  std::string_view text;
  Part part;
  int digits;  // 0: one or two; -1: a name; -2: the first three letters of one
};
constexpr Piece kPieces[] = {
    {"YYYY", Part::kYear, 4},  {"YY", Part::kYear2, 2}, {"MMMM", Part::kMonth, -1},
    {"MMM", Part::kMonth, -2}, {"MM", Part::kMonth, 2}, {"M", Part::kMonth, 0},
    {"DD", Part::kDay, 2},     {"D", Part::kDay, 0},    {"dddd", Part::kSkip, -1},
    {"ddd", Part::kSkip, -2},  {"HH", Part::kHour, 2},  {"H", Part::kHour, 0},
    {"hh", Part::kHour, 2},    {"h", Part::kHour, 0},   {"mm", Part::kMinute, 2},
    {"m", Part::kMinute, 0},   {"SSS", Part::kMs, 3},   {"ss", Part::kSecond, 2},
    {"s", Part::kSecond, 0},   {"A", Part::kHalf, -1},  {"a", Part::kHalf, -1},
    {"Z", Part::kZone, 0}};
constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
constexpr std::string_view kDays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                      "friday", "saturday", "sunday"};
constexpr std::string_view kHalves[] = {"am", "pm"};

class Reader {
 public:
  Reader(std::string_view text, std::string_view pattern) : text_(text), pattern_(pattern) {}

  std::optional<std::int64_t> run() {
    while (!pattern_.empty())
      if (!step()) return {};
    return text_.empty() ? instant() : std::nullopt;
  }

 private:
  bool step() {
    if (pattern_[0] == '[') {
      const std::size_t end = std::min(pattern_.find(']'), pattern_.size());
      const std::string_view literal = pattern_.substr(1, end - 1);
      pattern_.remove_prefix(std::min(end + 1, pattern_.size()));
      return skip(literal);
    }
    for (const Piece& piece : kPieces) {
      if (!pattern_.starts_with(piece.text)) continue;
      pattern_.remove_prefix(piece.text.size());
      return piece.part == Part::kZone ? zone() : read(piece);
    }
    const std::string_view literal = pattern_.substr(0, 1);
    pattern_.remove_prefix(1);
    return skip(literal);
  }

  bool skip(std::string_view literal) {
    if (!text_.starts_with(literal)) return false;
    text_.remove_prefix(literal.size());
    return true;
  }

  template <std::size_t N>
  bool name(const std::string_view (&names)[N], bool three_letters, int& out) {
    for (std::size_t i = 0; i < N; ++i) {
      const std::string_view wanted = three_letters ? names[i].substr(0, 3) : names[i];
      bool same = text_.size() >= wanted.size();
      for (std::size_t at = 0; same && at < wanted.size(); ++at)
        same = std::tolower(static_cast<unsigned char>(text_[at])) == wanted[at];
      if (!same) continue;
      text_.remove_prefix(wanted.size());
      out = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool digits(std::size_t least, std::size_t most, int& out) {
    std::size_t size = 0;
    for (out = 0; size < most && size < text_.size() && text_[size] >= '0' && text_[size] <= '9';
         ++size)
      out = out * 10 + (text_[size] - '0');
    text_.remove_prefix(size);
    return size >= least;
  }

  bool read(const Piece& piece) {
    int n = 0;
    if (piece.digits < 0) {
      const bool three = piece.digits == -2;
      if (piece.part == Part::kHalf) return name(kHalves, false, half_);
      if (piece.part == Part::kSkip) return name(kDays, three, n);
      if (!name(kMonths, three, n)) return false;
      c_.month = n + 1;
      return true;
    }
    const auto exact = static_cast<std::size_t>(piece.digits);
    if (!digits(exact == 0 ? 1 : exact, exact == 0 ? 2 : exact, n)) return false;
    switch (piece.part) {
      case Part::kYear: c_.year = n; break;
      case Part::kYear2: c_.year = n < 70 ? 2000 + n : 1900 + n; break;
      case Part::kMonth: c_.month = n; break;
      case Part::kDay: c_.day = n; break;
      case Part::kHour: c_.hour = n; break;
      case Part::kMinute: c_.minute = n; break;
      case Part::kSecond: c_.second = n; break;
      default: c_.ms = n;
    }
    return true;
  }

  // Z or +hh:mm, also without the colon.
  bool zone() {
    if (skip("Z")) return true;
    const bool negative = skip("-");
    if (!negative && !skip("+")) return false;
    int hours = 0, minutes = 0;
    if (!digits(2, 2, hours)) return false;
    skip(":");
    if (!digits(2, 2, minutes)) return false;
    offset_ = (negative ? -1 : 1) * (hours * 60 + minutes);
    return true;
  }

  std::optional<std::int64_t> instant() {
    if (half_ >= 0) {
      if (c_.hour < 1 || c_.hour > 12) return {};
      c_.hour = c_.hour % 12 + 12 * half_;
    }
    const bool inside = c_.month >= 1 && c_.month <= 12 && c_.day >= 1 &&
                        c_.day <= text::days_in_month(c_.year, c_.month) && c_.hour < 24 &&
                        c_.minute < 60 && c_.second < 60;
    if (!inside) return {};
    return text::ms_from_civil(c_) - std::int64_t{offset_} * 60000;
  }

  std::string_view text_, pattern_;
  text::Civil c_;
  int half_ = -1, offset_ = 0;
};

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text, std::string_view pattern) {
  return Reader(text, pattern).run();
}

}  // namespace flin::runtime
