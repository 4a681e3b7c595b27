// flin/testing.h, by which others test their plugins.
#include "flin/testing.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

struct Nobody final : IPlugin {
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override {}
};

int counted = 0;
void count(void*) noexcept { ++counted; }
void count_post(IPlugin&, void*) noexcept { ++counted; }
Status give_seven(IPlugin&, ICall& call, void*, Value& result) noexcept {
  result = call.make(integer(7));
  return {};
}
Status give_returned(IPlugin&, ICall&, Value returned, void*, Value& result) noexcept {
  result = returned;
  return {};
}

TEST(TestingCall, HoldsArgumentsAndPlainValues) {
  Call call({text("hé"), integer(3), number(0.5), boolean(true), none()});
  ASSERT_EQ(call.count(), 5u);
  Plain out[5];
  ASSERT_TRUE(call.args_plain(out).ok());
  EXPECT_EQ(std::string_view(out[0].text), "hé");
  EXPECT_EQ(call.size(call.args()[0]), 2u);
  EXPECT_EQ(out[1].i, 3);
  EXPECT_EQ(out[2].n, 0.5);
  EXPECT_EQ(call.kind(call.args()[3]), Kind::kBool);
  EXPECT_EQ(call.kind(call.args()[4]), Kind::kNone);
}

TEST(TestingCall, HoldsListsAndMaps) {
  Call call;
  const Value items[] = {call.make(text("a")), call.make(integer(1)), call.make(text("b")),
                         call.make(integer(2))};
  const Value list = call.make_list(items, 4), map = call.make_map(items, 2);
  EXPECT_EQ(call.size(list), 4u);
  EXPECT_EQ(call.text_of(call.item(list, 2)), "b");
  EXPECT_EQ(call.size(map), 2u);
  EXPECT_EQ(call.text_of(call.key(map, 1)), "b");
  EXPECT_EQ(call.int_of(call.item(map, 1)), 2);
  EXPECT_EQ(call.kind(call.item(list, 9)), Kind::kNone);
}

TEST(TestingCall, EndsForeignObjectsAndLocalsWithItself) {
  counted = 0;
  static const ForeignType type{"thing", count}, other{"other", nullptr};
  int thing = 0;
  {
    Call call;
    const Value v = call.make_foreign(type, &thing);
    EXPECT_EQ(call.foreign(v, type), &thing);
    EXPECT_EQ(call.foreign(v, other), nullptr);
    *call.local(count) = &thing;
  }
  EXPECT_EQ(counted, 2);
}

TEST(TestingCall, RunsWhatFollowsACall) {
  Nobody nobody;
  Call call;
  Value result;
  ASSERT_TRUE(call.call_then({}, nullptr, 0, give_returned, nullptr, nullptr).ok());
  EXPECT_TRUE(call.calls());
  ASSERT_TRUE(call.return_from_call(nobody, call.make(integer(5)), result).ok());
  EXPECT_EQ(call.int_of(result), 5);
  EXPECT_FALSE(call.calls());
}

TEST(TestingHost, FinishesSuspendedCalls) {
  Nobody nobody;
  Host host;
  Call call;
  Value result;
  const std::uint64_t ticket = call.suspend();
  EXPECT_EQ(host.finish(nobody, call, ticket, result).code(), code('R', 201));
  host.complete(ticket, give_seven, nullptr, nullptr);
  EXPECT_TRUE(host.is_completed(ticket));
  ASSERT_TRUE(host.finish(nobody, call, ticket, result).ok());
  EXPECT_EQ(call.int_of(result), 7);
}

TEST(TestingHost, RunsPostsOnceAndDropsTheRest) {
  Nobody nobody;
  counted = 0;
  {
    Host host;
    host.post(0, count_post, nullptr, count);
    EXPECT_EQ(host.run_posts(nobody), 1u);
    EXPECT_EQ(host.run_posts(nobody), 0u);
    EXPECT_EQ(counted, 1);
    host.post(0, count_post, nullptr, count);
    host.complete(1, give_seven, nullptr, count);
  }
  EXPECT_EQ(counted, 3);
}

struct Sale {
  std::uint32_t size;
  std::int64_t amount;
};

TEST(TestingHost, KeepsTheEventsThatWereRaised) {
  Host host;
  host.id = "shop";
  const Sale sale{sizeof(Sale), 12};
  ASSERT_TRUE(host.emit("shop.sold", &sale).ok());
  ASSERT_TRUE(host.emit("shop.closed", nullptr).ok());
  ASSERT_EQ(host.raised.size(), 2u);
  EXPECT_EQ(host.raised[0].event, "shop.sold");
  EXPECT_EQ(host.raised[0].as<Sale>().amount, 12);
  EXPECT_EQ(host.raised[1].payload, "");
  const Status refused = host.emit("store.saved", nullptr);
  EXPECT_EQ(refused.code(), code('P', 108));
  EXPECT_EQ(refused.message(), "event 'store.saved' does not start with the plugin's id 'shop.'");
}

double give_three(IPlugin&, void*) noexcept { return 3; }

TEST(TestingMetrics, KeepNumbersByNameAndLabels) {
  Nobody nobody;
  Metrics metrics;
  const MetricLabel north[] = {{"shop", "north"}};
  const double bounds[] = {1, 10};
  Counter sales;
  Gauge open;
  Histogram sizes;
  ASSERT_TRUE(add_counter(metrics, {"sales_total", "Sales.", north}, sales).ok());
  ASSERT_TRUE(add_gauge(metrics, {"open", "Open."}, open).ok());
  ASSERT_TRUE(add_histogram(metrics, {"size", "Sizes.", {}, bounds}, sizes).ok());
  ASSERT_TRUE(metrics.compute(kGaugeMetric, {"depth", "Depth."}, give_three, nobody, nullptr).ok());
  sales.add(2);
  open.set(1.5);
  sizes.observe(100);
  EXPECT_EQ(metrics.counter("sales_total{shop=\"north\"}"), 2u);
  EXPECT_EQ(metrics.gauge("open"), 1.5);
  EXPECT_EQ(metrics.observations("size"), 1u);
  EXPECT_EQ(metrics.computed("depth"), 3);
  EXPECT_EQ(metrics.counter("nothing"), 0u);
}

std::uint32_t is_short(IPlugin&, const Plain& value, List<Plain> arguments) noexcept {
  return value.text.size <= static_cast<std::uint64_t>(arguments[0].i) ? 1 : 0;
}

TEST(TestingValidators, AreThoseOfTheManifest) {
  Nobody nobody;
  const ValidatorDecl rows[] = {
      {"short", "text", "(n: int)", is_short, "must be at most {0} bytes", "Short texts."}};
  Manifest manifest{"shop", "1", "A shop."};
  manifest.validators = rows;
  Validators validators(nobody, manifest);
  Validator found;
  ASSERT_EQ(validators.find("short", found), 1u);
  const Plain limit = integer(3);
  const List<Plain> three(&limit, 1);
  EXPECT_EQ(found.check(*found.self, text("milk"), three), 0u);
  struct Sink final : ITextSink {
    std::string all;
    void text(Text t) noexcept override { all += std::string_view(t); }
  } sink;
  validators.message(found, three, sink);
  EXPECT_EQ(sink.all, "must be at most 3 bytes");
  EXPECT_EQ(validators.find("long", found), 0u);
}

TEST(TestingHost, GivesWhatTheTestPutsIn) {
  Host host;
  host.settings["path"] = "app.db";
  EXPECT_EQ(std::string_view(host.setting("path")), "app.db");
  EXPECT_EQ(host.service("flin.test.INothing/1", {}), nullptr);
  const Status status = host.fail(code('R', 101), "no");
  EXPECT_EQ(status.code(), code('R', 101));
  EXPECT_EQ(status.message(), "no");
}

}  // namespace
}  // namespace flin::testing
