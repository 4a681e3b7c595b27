// Order up, order down, and what is left after a failure.
#include "fixture.h"

#include "flin/guard.h"
#include "flin/testing.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

TEST(PluginHost, StartsProvidersFirstAndStopsThemLast) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  EXPECT_EQ(f.host->order(), (Lines{"alpha", "beta"}));
  ASSERT_EQ(told(f.host->start()), "ok");
  f.host->request_shutdown(5000);
  f.host->stop();
  f.host->unload();
  EXPECT_EQ(f.lines, (Lines{"alpha: load", "beta: load", "alpha: start", "beta: start",
                            "alpha: shutdown.requested", "beta: shutdown.requested", "beta: stop",
                            "alpha: stop", "beta: destroy", "alpha: destroy"}));
}

TEST(PluginHost, KeepsTheOrderOfTheCommandLineWhereNothingElseDecides) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"older", "alpha"})), "ok");
  EXPECT_EQ(f.host->order(), (Lines{"older", "alpha"}));
}

TEST(PluginHost, LoadsAProviderBeforeAnOptionalUserOfIt) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"gamma", "alpha"})), "ok");
  EXPECT_EQ(f.host->order(), (Lines{"alpha", "gamma"}));
}

TEST(PluginHost, LoadsAnOptionalUserWithoutItsProvider) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"gamma"})), "ok");
  EXPECT_EQ(f.seen_by("gamma").service("flin.test.IAlpha/1", {}), nullptr);
}

TEST(PluginHost, LoadsAPluginBuiltWithAShorterManifest) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"older"})), "ok");
  EXPECT_NE(f.host->ops().find("older.x"), nullptr);
  EXPECT_EQ(f.config.find("older", "port"), nullptr);
}

TEST(PluginHost, TakesTwoOffersOfOneInterfaceUnderDifferentNames) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "named_offer"})), "ok");
  void* plain = f.host->offered("flin.test.IAlpha/1");
  void* named = f.host->offered("flin.test.IAlpha/1", "other");
  EXPECT_NE(plain, nullptr);
  EXPECT_NE(named, nullptr);
  EXPECT_NE(plain, named);
}

TEST(PluginHost, StopsWhatHadStartedWhenAStartFails) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "late"})), "ok");
  EXPECT_EQ(told(f.host->start()), "P113 plugin 'late' did not start: port 80 is taken");
  EXPECT_EQ(f.lines, (Lines{"alpha: load", "alpha: start", "alpha: stop"}));
}

TEST(PluginHost, DestroysWhatHadLoadedWhenALoadFails) {
  HostFixture f;
  EXPECT_EQ(told(f.host->load({"alpha", "refuses"})),
            "P109 plugin 'refuses' refused to load: port 80 is taken");
  EXPECT_EQ(f.lines, (Lines{"alpha: load", "alpha: destroy"}));
}

TEST(PluginHost, LoadsAgainAfterAFailure) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "refuses"})),
            "P109 plugin 'refuses' refused to load: port 80 is taken");
  EXPECT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  EXPECT_EQ(f.host->order(), (Lines{"alpha", "beta"}));
}

TEST(PluginHost, StopsAndUnloadsByItselfAtItsEnd) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  ASSERT_EQ(told(f.host->start()), "ok");
  f.host.reset();
  EXPECT_EQ(f.lines, (Lines{"alpha: load", "alpha: start", "alpha: stop", "alpha: destroy"}));
}

TEST(PluginHost, LivesBesideAnotherInOneProcess) {
  HostFixture one(Arguments{{"alpha.port", "1"}}), two(Arguments{{"alpha.port", "2"}});
  ASSERT_EQ(told(one.host->load({"alpha"})), "ok");
  ASSERT_EQ(told(two.host->load({"alpha", "beta"})), "ok");
  EXPECT_EQ(std::string_view(one.seen_by("alpha").setting("port")), "1");
  EXPECT_EQ(std::string_view(two.seen_by("alpha").setting("port")), "2");
  one.host.reset();
  EXPECT_EQ(std::string_view(two.seen_by("alpha").setting("port")), "2");
  EXPECT_NE(two.host->ops().find("alpha.add"), nullptr);
}

TEST(PluginHost, NamesThePluginOfAnOpcodeThatCannotBeLinked) {
  HostFixture f;
  const PluginFolder folder({"alpha", "older"});
  ASSERT_TRUE(write_catalogue(folder.path()).ok());
  PluginHost host({{folder.path()}}, f.config, f.log);
  ASSERT_EQ(told(host.load({"older"})), "ok");
  EXPECT_EQ(host.link_error("alpha.add").message,
            "missing alpha.add: plugin alpha has it; run with --plugins=older,alpha");
  EXPECT_EQ(host.link_error("nobody.does").message, "missing nobody.does");
  EXPECT_EQ(code_text(host.link_error("nobody.does").code), "E1105");
}

TEST(PluginOp, ThatThrowsFailsWithR0501InsteadOfThrowing) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  flin::testing::Call call;
  Value result;
  const OpEntry* op = f.host->ops().find("alpha.throw");
  const Status status = op->run(*op->self, call, nullptr, 0, result);
  EXPECT_EQ(code_text(status.code()), "R0501");
  EXPECT_EQ(status.message(), "the disk is full");
  const OpEntry* other = f.host->ops().find("alpha.throw_int");
  EXPECT_EQ(other->run(*other->self, call, nullptr, 0, result).message(),
            "an exception of unknown type");
}

TEST(PluginOp, GetsItsArgumentsAndGivesItsResult) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  flin::testing::Call call({flin::testing::integer(40), flin::testing::integer(2)});
  Value result;
  const OpEntry* op = f.host->ops().link("alpha.add", 2);
  ASSERT_NE(op, nullptr);
  ASSERT_TRUE(op->run(*op->self, call, call.args(), call.count(), result).ok());
  EXPECT_EQ(call.int_of(result), 42);
}

}  // namespace
}  // namespace flin::test
