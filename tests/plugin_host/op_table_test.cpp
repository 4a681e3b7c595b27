#include "fixture.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

TEST(OpTable, GivesNumbersFrom256InOrderOfRegistration) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"older", "alpha"})), "ok");
  const OpTable& ops = f.host->ops();
  EXPECT_EQ(ops.at(256)->name, "older.x");
  EXPECT_EQ(ops.at(257)->name, "alpha.throw");
  EXPECT_EQ(ops.at(255), nullptr);
  EXPECT_EQ(ops.at(300), nullptr);
}

TEST(OpTable, NeverGivesANumberToAnotherName) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"older"})), "ok");
  f.host->unload();
  EXPECT_EQ(f.host->ops().at(256), nullptr);
  ASSERT_EQ(told(f.host->load({"alpha", "older"})), "ok");
  EXPECT_EQ(f.host->ops().at(256)->name, "older.x");
  EXPECT_EQ(f.host->ops().at(257)->name, "alpha.throw");
}

TEST(OpTable, HoldsWhatTheManifestSays) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const OpEntry* op = f.host->ops().find("alpha.any");
  ASSERT_NE(op, nullptr);
  EXPECT_EQ(op->owner, "alpha");
  EXPECT_EQ(op->args, kCounted);
  EXPECT_EQ(op->results, 0u);
  EXPECT_EQ(op->flags, kMaySuspend | kWrites);
  EXPECT_EQ(op->timeout_ms, kNoTimeout);
  EXPECT_EQ(op->help, "Takes what it is given.");
}

TEST(OpTable, LinksByNameAndNumberOfArguments) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const OpTable& ops = f.host->ops();
  EXPECT_NE(ops.link("alpha.add", 2), nullptr);
  EXPECT_EQ(ops.link("alpha.add", 3), nullptr);
  EXPECT_NE(ops.link("alpha.any", 0), nullptr);
  EXPECT_NE(ops.link("alpha.any", 7), nullptr);
  EXPECT_EQ(ops.link("alpha.gone", 0), nullptr);
}

}  // namespace
}  // namespace flin::test
