// kernel/reactive alone: the graph knows no VM.
#include "reactive/graph.h"

int main() {
  flin::reactive::Graph graph;
  const auto source = graph.source();
  int runs = 0;
  graph.effect([](void* count) { ++*static_cast<int*>(count); }, &runs);
  graph.changed(source);
  return runs == 1 ? 0 : 1;
}
