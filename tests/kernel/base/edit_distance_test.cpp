#include "base/edit_distance.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flin {
namespace {

std::string near(const std::string& wanted, const std::vector<std::string>& names) {
  return std::string(nearest_name(wanted, names));
}

TEST(EditDistance, CountsInsertedRemovedReplacedAndSwapped) {
  EXPECT_EQ(edit_distance("count", "count"), 0u);
  EXPECT_EQ(edit_distance("coun", "count"), 1u);
  EXPECT_EQ(edit_distance("countt", "count"), 1u);
  EXPECT_EQ(edit_distance("cousx", "count"), 2u);
  EXPECT_EQ(edit_distance("cuont", "count"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
}

TEST(EditDistance, CountsCharactersNotBytes) {
  EXPECT_EQ(edit_distance("größe", "grosse"), 3u);
  EXPECT_EQ(edit_distance("für", "fur"), 1u);
  EXPECT_EQ(edit_distance("üf", "fü"), 1u);
}

TEST(NearestName, IsTheOneWithTheLeastDistance) {
  EXPECT_EQ(near("count", {"cost", "counts", "amount"}), "counts");
}

TEST(NearestName, IsTheFirstOfEquallyNearOnes) {
  EXPECT_EQ(near("cost", {"cast", "lost"}), "cast");
  EXPECT_EQ(near("cost", {"lost", "cast"}), "lost");
}

TEST(NearestName, IsAtMostAThirdOfTheLengthAway) {
  EXPECT_EQ(near("ab", {"ax"}), "ax");        // a third of 2, rounded up: 1
  EXPECT_EQ(near("abc", {"axy"}), "");        // 2 steps, 1 allowed
  EXPECT_EQ(near("abcd", {"axyd"}), "axyd");  // 2 steps, 2 allowed
}

TEST(NearestName, IsAtMostTwoAway) {
  EXPECT_EQ(near("abcdefghijkl", {"abcdefghixyz"}), "");
  EXPECT_EQ(near("abcdefghijkl", {"abcdefghijyz"}), "abcdefghijyz");
}

TEST(NearestName, IsEmptyWithoutNames) { EXPECT_EQ(near("count", {}), ""); }

}  // namespace
}  // namespace flin
