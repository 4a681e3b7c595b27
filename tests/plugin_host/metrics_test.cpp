// Counters, gauges and histograms, and their text form.
#include "host/metrics.h"

#include "base/result.h"
#include "flin/testing.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace flin::test {
namespace {

std::string told(const Status& status) {
  return status.ok() ? "ok" : code_text(status.code()) + " " + std::string(status.message());
}

struct Nobody final : IPlugin {
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override {}
};

TEST(Metrics, CountersAndGaugesAreWrittenInOrderOfName) {
  Metrics metrics;
  Counter frames;
  Gauge open;
  ASSERT_TRUE(add_counter(metrics, {"ws_frames_total", "Frames sent."}, frames).ok());
  ASSERT_TRUE(add_gauge(metrics, {"ws_open", "Sockets that are open."}, open).ok());
  metrics.compute(kGaugeMetric, "agents_live", "Agents.", [] { return 7.0; });
  frames.add();
  frames.add(41);
  open.set(3);
  open.add(-0.5);
  EXPECT_EQ(metrics.text(),
            "# HELP agents_live Agents.\n# TYPE agents_live gauge\nagents_live 7\n"
            "# HELP ws_frames_total Frames sent.\n# TYPE ws_frames_total counter\n"
            "ws_frames_total 42\n"
            "# HELP ws_open Sockets that are open.\n# TYPE ws_open gauge\nws_open 2.5\n");
}

TEST(Metrics, OneNameHasASeriesPerSetOfLabels) {
  Metrics metrics;
  const MetricLabel ok[] = {{"code", "200"}}, gone[] = {{"code", "404"}};
  Counter first, second, again;
  ASSERT_TRUE(add_counter(metrics, {"answers_total", "Answers.", ok}, first).ok());
  ASSERT_TRUE(add_counter(metrics, {"answers_total", "Answers.", gone}, second).ok());
  ASSERT_TRUE(add_counter(metrics, {"answers_total", "Answers.", ok}, again).ok());
  first.add(2);
  again.add(3);
  second.add();
  EXPECT_EQ(metrics.text(),
            "# HELP answers_total Answers.\n# TYPE answers_total counter\n"
            "answers_total{code=\"200\"} 5\nanswers_total{code=\"404\"} 1\n");
}

TEST(Metrics, BucketsOfAHistogramCountEverythingUpToTheirBound) {
  Metrics metrics;
  const double bounds[] = {0.005, 0.1, 2.5};
  const MetricLabel labels[] = {{"method", "GET"}};
  Histogram seconds;
  ASSERT_TRUE(add_histogram(metrics, {"seconds", "Time.", labels, bounds}, seconds).ok());
  for (const double v : {0.001, 0.005, 0.05, 3.0, 4.0}) seconds.observe(v);
  EXPECT_EQ(seconds.count(), 5u);
  EXPECT_EQ(metrics.text(),
            "# HELP seconds Time.\n# TYPE seconds histogram\n"
            "seconds_bucket{method=\"GET\",le=\"0.005\"} 2\n"
            "seconds_bucket{method=\"GET\",le=\"0.1\"} 3\n"
            "seconds_bucket{method=\"GET\",le=\"2.5\"} 3\n"
            "seconds_bucket{method=\"GET\",le=\"+Inf\"} 5\n"
            "seconds_sum{method=\"GET\"} 7.056\nseconds_count{method=\"GET\"} 5\n");
}

TEST(Metrics, TextIsEscaped) {
  Metrics metrics;
  const MetricLabel labels[] = {{"path", "a\"b\\c\nd"}};
  Gauge gauge;
  ASSERT_TRUE(add_gauge(metrics, {"g", "one\ntwo\\ \"three\"", labels}, gauge).ok());
  gauge.set(std::numeric_limits<double>::infinity());
  EXPECT_EQ(metrics.text(),
            "# HELP g one\\ntwo\\\\ \"three\"\n# TYPE g gauge\n"
            "g{path=\"a\\\"b\\\\c\\nd\"} +Inf\n");
}

TEST(Metrics, RefuseWhatPrometheusCannotRead) {
  Metrics metrics;
  MetricCells cells;
  const auto add = [&](std::uint32_t kind, MetricDecl decl) {
    return told(metrics.add(kind, decl, cells));
  };
  const std::string name =
      "cannot be registered: a name has letters, digits, '_' and ':', and no digit first";
  EXPECT_EQ(add(kCounterMetric, {"a b", ""}), "P114 metric 'a b' " + name);
  EXPECT_EQ(add(kCounterMetric, {"9a", ""}), "P114 metric '9a' " + name);
  EXPECT_EQ(add(kCounterMetric, {"", ""}), "P114 metric '' " + name);
  const MetricLabel le[] = {{"le", "1"}};
  EXPECT_EQ(add(kCounterMetric, {"a", "", le}),
            "P114 metric 'a' cannot be registered: 'le' is no name of a label (letters, digits and "
            "'_', not 'le')");
  const double falling[] = {2, 1};
  EXPECT_EQ(add(kHistogramMetric, {"a", "", {}, falling}),
            "P114 metric 'a' cannot be registered: bounds are finite and rise");
  EXPECT_EQ(add(kHistogramMetric, {"a", ""}),
            "P114 metric 'a' cannot be registered: a histogram has 1 to 64 bounds");
  EXPECT_EQ(add(kGaugeMetric, {"a", "", {}, falling}),
            "P114 metric 'a' cannot be registered: only histograms have bounds");
  EXPECT_EQ(metrics.text(), "");
  ASSERT_EQ(add(kCounterMetric, {"a", ""}), "ok");
  EXPECT_EQ(add(kGaugeMetric, {"a", ""}),
            "P114 metric 'a' cannot be registered: it is a counter already");
}

TEST(Metrics, RefuseLabelsThatGrowWithoutEnd) {
  Metrics metrics;
  MetricCells cells;
  std::string last;
  for (int i = 0; i <= 1000; ++i) {
    const std::string id = std::to_string(i);
    const MetricLabel labels[] = {{"user", Text(std::string_view(id))}};
    last = told(metrics.add(kCounterMetric, {"a", "", labels}, cells));
    if (i < 1000) { ASSERT_EQ(last, "ok"); }
  }
  EXPECT_EQ(
      last,
      "P114 metric 'a' cannot be registered: it has 1000 sets of labels already; labels are no "
      "place for ids");
}

TEST(Metrics, AFunctionOfAPluginIsAskedEachTime) {
  Metrics metrics;
  Nobody plugin;
  int value = 1;
  const MetricFn fn = [](IPlugin&, void* data) noexcept -> double {
    return *static_cast<int*>(data);
  };
  ASSERT_TRUE(metrics.compute(kGaugeMetric, {"a", "A."}, fn, plugin, &value).ok());
  value = 5;
  EXPECT_EQ(metrics.text(), "# HELP a A.\n# TYPE a gauge\na 5\n");
  EXPECT_EQ(told(metrics.compute(kGaugeMetric, {"a", "A."}, fn, plugin, &value)),
            "P114 metric 'a' cannot be registered: it is there already");
  MetricCells cells;
  EXPECT_EQ(told(metrics.add(kGaugeMetric, {"a", "A."}, cells)),
            "P114 metric 'a' cannot be registered: it is computed by a function already");
}

TEST(Metrics, HandlesThatWereNeverRegisteredKeepNothing) {
  Counter().add();
  Gauge().set(3);
  Histogram().observe(1);
  EXPECT_EQ(Counter().value() + Histogram().count(), 0u);
}

TEST(Metrics, CountExactlyFromManyThreads) {
  Metrics metrics;
  Counter counter;
  Gauge gauge;
  ASSERT_TRUE(add_counter(metrics, {"a_total", ""}, counter).ok());
  ASSERT_TRUE(add_gauge(metrics, {"b", ""}, gauge).ok());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        counter.add();
        gauge.add(1);
        if (i % 1000 == 0) static_cast<void>(metrics.text());
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 40000u);
  EXPECT_EQ(gauge.value(), 40000);
}

}  // namespace
}  // namespace flin::test
