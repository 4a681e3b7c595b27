// When a changed file may be read, for each way in which editors write.
#include "settle.h"

#include <gtest/gtest.h>

namespace flin::async::tests {
namespace {

using Kind = FileEvent::Kind;
using Paths = std::vector<std::string>;

TEST(Settle, GivesAFileSoonAfterItsWriterHasClosedIt) {
  Settle settle;
  settle.note({"/a", Kind::kBeingWritten}, false, 0);
  settle.note({"/a", Kind::kWritten}, false, 10);
  EXPECT_EQ(settle.take(10), Paths{});
  EXPECT_EQ(settle.wait_ms(10), 2);
  EXPECT_EQ(settle.take(12), Paths{"/a"});
  EXPECT_EQ(settle.wait_ms(12), -1);
}

TEST(Settle, WaitsForAWriterThatHasNotClosedAFileButNotForEver) {
  Settle settle;
  settle.note({"/a", Kind::kBeingWritten}, false, 0);
  EXPECT_EQ(settle.take(100), Paths{});
  settle.note({"/a", Kind::kBeingWritten}, false, 100);
  EXPECT_EQ(settle.take(200), Paths{});
  EXPECT_EQ(settle.take(250), Paths{"/a"});
}

TEST(Settle, WaitsLongerForAFileThatWasEmptied) {
  Settle settle;
  settle.note({"/a", Kind::kWritten}, true, 0);
  EXPECT_EQ(settle.take(30), Paths{});
  settle.note({"/a", Kind::kWritten}, false, 30);
  EXPECT_EQ(settle.take(32), Paths{"/a"});
}

TEST(Settle, GivesAFileThatStaysEmptyOrGoneInTheEnd) {
  Settle settle;
  settle.note({"/a", Kind::kWritten}, true, 0);
  settle.note({"/b", Kind::kGone}, false, 0);
  EXPECT_EQ(settle.take(60), Paths{"/a"});
  EXPECT_EQ(settle.take(120), Paths{"/b"});
}

TEST(Settle, WaitsForTheFileThatComesInPlaceOfOneThatWent) {
  Settle settle;
  settle.note({"/a", Kind::kGone}, false, 0);
  settle.note({"/a", Kind::kBeingWritten}, true, 50);
  settle.note({"/a", Kind::kWritten}, false, 51);
  EXPECT_EQ(settle.take(53), Paths{"/a"});
}

TEST(Settle, MakesOneOfSeveralQuickSaves) {
  Settle settle;
  for (std::int64_t now = 0; now < 10; ++now) {
    settle.note({"/a", Kind::kWritten}, false, now);
    EXPECT_EQ(settle.take(now), Paths{});
  }
  EXPECT_EQ(settle.take(11), Paths{"/a"});
}

}  // namespace
}  // namespace flin::async::tests
