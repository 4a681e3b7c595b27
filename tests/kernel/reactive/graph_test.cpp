// What the shared cases cannot say: deferred effects, indices used again, endless updates.
#include "reactive/graph.h"

#include <gtest/gtest.h>

#include <functional>

namespace flin::reactive {
namespace {

void call(void* context) { (*static_cast<std::function<void()>*>(context))(); }
bool call_bool(void* context) { return (*static_cast<std::function<bool()>*>(context))(); }

TEST(Graph, DeferredEffectIsNotRunWhenMadeAndKeepsItsLinksWhileItsWorkGoesOn) {
  Graph graph;
  const Graph::Id a = graph.source(), b = graph.source();
  int notes = 0;
  std::function<void()> note = [&] { ++notes; };
  const Graph::Id live = graph.deferred(call, &note);
  EXPECT_EQ(notes, 0);
  graph.depends_on(live, &a, 1);
  graph.changed(a);
  EXPECT_EQ(notes, 1);
  graph.changed(a);  // while the work goes on
  EXPECT_EQ(notes, 2);
  graph.depends_on(live, &b, 1);
  graph.changed(a);
  EXPECT_EQ(notes, 2);
  graph.changed(b);
  EXPECT_EQ(notes, 3);
}

TEST(Graph, OneBatchTellsADeferredEffectOnce) {
  Graph graph;
  const Graph::Id sources[] = {graph.source(), graph.source(), graph.source()};
  int notes = 0;
  std::function<void()> note = [&] { ++notes; };
  graph.depends_on(graph.deferred(call, &note), sources, 3);
  graph.begin_batch();
  for (const Graph::Id s : sources) graph.changed(s);
  EXPECT_EQ(notes, 0);
  graph.end_batch();
  EXPECT_EQ(notes, 1);
}

TEST(Graph, DisposedNodesGiveTheirIndicesBack) {
  Graph graph;
  const Graph::Id a = graph.source();
  std::function<void()> body = [&] { graph.read(a); };
  const std::size_t before = graph.nodes();
  for (int i = 0; i < 10000; ++i) graph.dispose(graph.effect(call, &body));
  EXPECT_EQ(graph.nodes(), before);
  int notes = 0;
  std::function<void()> counting = [&] { graph.read(a), ++notes; };
  graph.effect(call, &counting);
  graph.changed(a);
  EXPECT_EQ(notes, 2);
}

TEST(Graph, ADisposedComputedThatIsStillReadKeepsItsIndexUntilItsReaderGoes) {
  Graph graph;
  const Graph::Id a = graph.source();
  std::function<bool()> value = [&] {
    graph.read(a);
    return true;
  };
  const Graph::Id c = graph.computed(call_bool, &value);
  std::function<void()> body = [&] { graph.read(c); };
  const Graph::Id e = graph.effect(call, &body);
  graph.dispose(c);
  EXPECT_NE(graph.source(), c);
  graph.dispose(e);
  EXPECT_EQ(graph.nodes(), 2u);  // a and the new source
}

TEST(Graph, EndlessUpdatesStopAfterAHundredWaves) {
  Graph graph;
  const Graph::Id a = graph.source();
  int runs = 0;
  std::function<void()> body = [&] { graph.read(a), ++runs, graph.changed(a); };
  graph.effect(call, &body);
  EXPECT_TRUE(graph.take_endless());
  EXPECT_FALSE(graph.take_endless());
  EXPECT_LE(runs, 102);
}

TEST(Graph, AStableGraphUsesItsLinksAgain) {
  Graph graph;
  const Graph::Id a = graph.source();
  std::function<bool()> value = [&] {
    graph.read(a);
    return true;
  };
  const Graph::Id c = graph.computed(call_bool, &value);
  int runs = 0;
  std::function<void()> body = [&] { graph.read(c), ++runs; };
  graph.effect(call, &body);
  for (int i = 0; i < 1000; ++i) graph.changed(a);
  EXPECT_EQ(runs, 1001);
  EXPECT_EQ(graph.nodes(), 3u);
}

}  // namespace
}  // namespace flin::reactive
