#include "base/edit_distance.h"

#include <algorithm>
#include <vector>

namespace flin {

namespace {

constexpr std::size_t kFarthest = 2;

// Characters as slices of their bytes: two are equal when their bytes are.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    const bool inside = i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    if (inside) continue;
    out.push_back(text.substr(begin, i - begin));
    begin = i;
  }
  return out;
}

template <class Name>
std::string_view nearest(std::string_view wanted, std::span<const Name> names) {
  const std::size_t length = characters(wanted).size();
  std::size_t best = std::min(kFarthest, (length + 2) / 3) + 1;
  std::string_view found;
  for (const Name& name : names) {
    const std::size_t distance = edit_distance(wanted, name);
    if (distance >= best) continue;
    best = distance;
    found = name;
  }
  return found;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto from = characters(a);
  const auto to = characters(b);
  std::vector<std::size_t> before_last(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replace = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[to.size()];
}

std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names) {
  return nearest(wanted, names);
}

std::string_view nearest_name(std::string_view wanted, std::span<const std::string> names) {
  return nearest(wanted, names);
}

}  // namespace flin
