// The host as one plugin sees it.
#include "fixture.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

// Remembers what it was asked to run; the test runs it, or drops it as an ended scheduler would.
class RecordingLoops final : public Loops {
 public:
  struct Post {
    std::uint32_t loop;
    LoopFn fn;
    IPlugin* self;
    void* data;
  };
  struct Completion {
    std::uint64_t ticket;
    CompleteFn fn;
    IPlugin* self;
    void* data;
  };
  std::vector<Post> posts;
  std::vector<Completion> completions;

  void post(std::uint32_t loop, LoopFn fn, IPlugin& self, void* data, DropFn) noexcept override {
    posts.push_back({loop, fn, &self, data});
  }
  void complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data,
                DropFn) noexcept override {
    completions.push_back({ticket, fn, &self, data});
  }
};

struct Counts {
  int ran = 0, dropped = 0;
};
void run_it(IPlugin&, void* data) noexcept { ++static_cast<Counts*>(data)->ran; }
Status complete_it(IPlugin&, ICall&, void* data, Value&) noexcept {
  ++static_cast<Counts*>(data)->ran;
  return {};
}
void drop_it(void* data) noexcept { ++static_cast<Counts*>(data)->dropped; }

TEST(HostApi, LogsUnderTheIdOfThePlugin) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  f.lines.clear();
  f.seen_by("alpha").log(2, "disk is nearly full\nreally");
  f.seen_by("alpha").log(99, "over the top");
  EXPECT_EQ(f.lines, (Lines{"alpha: disk is nearly full really", "alpha: over the top"}));
}

TEST(HostApi, GivesServicesThatAreDeclaredInNeeds) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  EXPECT_EQ(f.seen_by("beta").service("flin.test.IAlpha/1", {}),
            f.host->offered("flin.test.IAlpha/1"));
  EXPECT_EQ(f.seen_by("beta").service("flin.test.IAlpha/1", "other"), nullptr);
}

TEST(HostApi, GivesNoServiceThatIsNotDeclared) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  ASSERT_NE(f.host->offered("flin.test.IProbe/1", "alpha"), nullptr);
  EXPECT_EQ(f.seen_by("beta").service("flin.test.IProbe/1", "alpha"), nullptr);
}

TEST(HostApi, GivesServicesOfTheKernelLikeAnyOther) {
  HostFixture f;
  int kernel_service = 0, undeclared = 0;
  f.host->services().add("flin.test.IKernel/1", &kernel_service);
  f.host->services().add("flin.test.IUndeclared/1", &undeclared);
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  EXPECT_EQ(f.seen_by("alpha").service("flin.test.IKernel/1", {}), &kernel_service);
  EXPECT_EQ(f.seen_by("alpha").service("flin.test.IUndeclared/1", {}), nullptr);
}

TEST(HostApi, GivesSettingsInTheirNormalForm) {
  HostFixture f(
      Arguments{{"alpha.limit", "10MB"}, {"alpha.patience", "2m"}, {"alpha.first", "yes"}});
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  IHost& host = f.seen_by("alpha");
  EXPECT_EQ(std::string_view(host.setting("limit")), "10000000");
  EXPECT_EQ(std::string_view(host.setting("patience")), "120000");
  EXPECT_EQ(std::string_view(host.setting("first")), "true");
  EXPECT_EQ(std::string_view(host.setting("path")), "app.db");
  EXPECT_EQ(std::string_view(host.setting("secret")), "");
  EXPECT_EQ(std::string_view(host.setting("nothing")), "");
}

TEST(HostApi, MakesErrorsThatOutliveThePlugin) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const Status status = f.seen_by("alpha").fail(code('R', 101), "gone");
  f.host.reset();
  EXPECT_EQ(code_text(status.code()), "R0101");
  EXPECT_EQ(status.message(), "gone");
}

TEST(HostApi, HandsPostsAndCompletionsToTheLoops) {
  HostFixture f;
  RecordingLoops loops;
  f.host->attach_loops(loops);
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  Counts counts;
  f.seen_by("alpha").post(3, run_it, &counts, drop_it);
  f.seen_by("alpha").complete(17, complete_it, &counts, drop_it);
  ASSERT_EQ(loops.posts.size(), 1u);
  EXPECT_EQ(loops.posts[0].loop, 3u);
  ASSERT_EQ(loops.completions.size(), 1u);
  EXPECT_EQ(loops.completions[0].ticket, 17u);
  EXPECT_EQ(loops.posts[0].self, loops.completions[0].self);
  loops.posts[0].fn(*loops.posts[0].self, loops.posts[0].data);
  EXPECT_EQ(counts.ran, 1);
  EXPECT_EQ(counts.dropped, 0);
}

TEST(HostApi, DropsOnceWhatIsPostedOrCompletedAfterStop) {
  HostFixture f;
  RecordingLoops loops;
  f.host->attach_loops(loops);
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  ASSERT_EQ(told(f.host->start()), "ok");
  f.host->stop();
  Counts counts;
  f.seen_by("alpha").post(kAnyLoop, run_it, &counts, drop_it);
  f.seen_by("alpha").complete(17, complete_it, &counts, drop_it);
  f.seen_by("alpha").post(kAnyLoop, run_it, &counts, nullptr);
  EXPECT_EQ(counts.dropped, 2);
  EXPECT_EQ(counts.ran, 0);
  EXPECT_TRUE(loops.posts.empty());
  EXPECT_TRUE(loops.completions.empty());
}

std::string status_told(const Status& status) {
  return status.ok() ? "ok" : code_text(status.code()) + " " + std::string(status.message());
}

struct Sale {
  std::uint32_t size;
  std::int64_t amount;
};

TEST(HostApi, RaisesEventsOfThePluginForAllWhoListen) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "beta", "gamma"})), "ok");
  f.lines.clear();
  const Sale sale{sizeof(Sale), 12};
  EXPECT_EQ(status_told(f.seen_by("alpha").emit("alpha.sold", &sale)), "ok");
  EXPECT_EQ(f.lines,
            (Lines{"alpha: alpha.sold 12", "beta: alpha.sold 12", "gamma: alpha.sold 12"}));
}

TEST(HostApi, RaisesNoEventOfAnotherPlugin) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  f.lines.clear();
  for (const char* name : {"alpha.sold", "program.loaded", "beta.", "beta", "beta_x.y"})
    EXPECT_EQ(status_told(f.seen_by("beta").emit(name, nullptr)),
              "P108 event '" + std::string(name) + "' does not start with the plugin's id 'beta.'");
  EXPECT_TRUE(f.lines.empty());
}

TEST(HostApi, GivesTheErrorOfAHandlerToWhoRaisedABeforeEventOnly) {
  HostFixture f(Arguments{{"beta.fails", "true"}});
  ASSERT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  const Sale sale{sizeof(Sale), 12};
  EXPECT_EQ(status_told(f.seen_by("alpha").emit("alpha.before_sale", &sale)), "R0014 not today");
  EXPECT_EQ(status_told(f.seen_by("alpha").emit("alpha.sold", &sale)), "ok");
}

TEST(HostApi, RaisesNoEventWhilePluginsLoad) {
  HostFixture f(Arguments{{"alpha.raises_in_load", "true"}});
  EXPECT_EQ(
      told(f.host->load({"alpha"})),
      "P109 plugin 'alpha' refused to load: emit() is not allowed inside load(): plugins that "
      "load later still subscribe. Call it from start() on");
}

TEST(HostApi, PassesOverPluginsThatHaveStopped) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha", "beta"})), "ok");
  ASSERT_EQ(told(f.host->start()), "ok");
  f.host->stop();
  f.lines.clear();
  const Sale sale{sizeof(Sale), 1};
  EXPECT_EQ(status_told(f.seen_by("alpha").emit("alpha.sold", &sale)), "ok");
  EXPECT_TRUE(f.lines.empty());
}

TEST(HostApi, DropsPostsWithoutLoops) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  Counts counts;
  f.seen_by("alpha").post(0, run_it, &counts, drop_it);
  EXPECT_EQ(counts.dropped, 1);
}

}  // namespace
}  // namespace flin::test
