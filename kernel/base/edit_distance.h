// "Did you mean": how far two names are apart, and the one suggestion worth making (L 19.2).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace flin {

// Steps that turn `a` into `b`: insert, remove or replace one character, or swap two neighbours
// (optimal string alignment). Counts characters of UTF-8, not bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The name nearest to `wanted`: at most 2 steps away, and at most a third of the length of
// `wanted`, rounded up. Of several equally near ones the first. Empty when none is near enough. The
// result points into `names`.
std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names);
std::string_view nearest_name(std::string_view wanted, std::span<const std::string> names);

}  // namespace flin
