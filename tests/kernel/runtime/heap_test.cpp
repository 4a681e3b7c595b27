#include "machine_fixture.h"
#include "runtime/list.h"
#include "runtime/map.h"
#include "runtime/roots.h"
#include "runtime/text.h"

namespace flin::test {
namespace {

struct NoRoots : RootSource {
  void mark_roots(Heap&) override {}
};

class HeapTest : public ::testing::Test {
 protected:
  NoRoots none;
  Heap heap{none, 64u << 20, false};
};

TEST_F(HeapTest, KeepsWhatIsRootedAndFreesTheRest) {
  Rooted kept(heap, make_text(heap, "kept"));
  for (int i = 0; i < 1000; ++i) make_text(heap, "dropped");
  const auto before = heap.bytes();
  heap.collect();
  EXPECT_LT(heap.bytes(), before / 100);
  EXPECT_EQ(as_text(kept.get())->view(), "kept");
}

TEST_F(HeapTest, UsesFreedCellsAgain) {
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 10000; ++i) make_text(heap, "some text");
    heap.collect();
  }
  EXPECT_LT(heap.blocks(), 40u);
}

TEST_F(HeapTest, FreesCycles) {
  Map* a = new_map(heap);
  Map* b = new_map(heap);
  map_put(heap, a, from_small(Tagged::kInt, 1), from_object(b));
  map_put(heap, b, from_small(Tagged::kInt, 1), from_object(a));
  heap.collect();
  EXPECT_EQ(heap.bytes(), 0u);
}

TEST_F(HeapTest, MarksAMillionLinksWithoutTheCallStack) {
  Rooted head(heap);
  for (int i = 0; i < 1'000'000; ++i) {
    const Value next = head;
    head = from_object(new_list(heap, &next, 1));
  }
  heap.collect();
  EXPECT_GT(heap.bytes(), 48'000'000u);
}

TEST_F(HeapTest, KeepsLargeObjectsWhileTheyAreReached) {
  Rooted kept(heap, make_text(heap, std::string(100'000, 'x')));
  make_text(heap, std::string(100'000, 'y'));
  heap.collect();
  EXPECT_EQ(as_text(kept.get())->size, 100'000u);
  EXPECT_LT(heap.bytes(), 150'000u);
}

TEST_F(HeapTest, HandlesKeepAValueUntilTheyAreForgotten) {
  const auto handle = heap.keep(make_text(heap, "kept"));
  heap.collect();
  EXPECT_EQ(as_text(heap.kept(handle))->view(), "kept");
  heap.forget(handle);
  heap.collect();
  EXPECT_EQ(heap.bytes(), 0u);
  EXPECT_TRUE(is_none(heap.kept(77)));
}

std::vector<int>* finalized = nullptr;
const ForeignType kNumbered{
    "numbered", [](void* data) noexcept {
      finalized->push_back(static_cast<int>(reinterpret_cast<std::intptr_t>(data)));
    }};

Foreign* make_numbered(Heap& heap, int n) {
  auto* foreign = heap.make<Foreign>(ObjectKind::kForeign);
  foreign->type = &kNumbered;
  foreign->data = reinterpret_cast<void*>(static_cast<std::intptr_t>(n));
  heap.needs_finalizer(foreign);
  return foreign;
}

TEST_F(HeapTest, FinalizesInOrderOfCreation) {
  std::vector<int> order;
  finalized = &order;
  make_numbered(heap, 1);
  Rooted kept(heap, from_object(make_numbered(heap, 2)));
  make_numbered(heap, 3);
  heap.collect();
  EXPECT_EQ(order, (std::vector<int>{1, 3}));
  kept = kNone;
  heap.drop();
  EXPECT_EQ(order, (std::vector<int>{1, 3, 2}));
}

TEST_F(HeapTest, DropsEverythingAtOnce) {
  for (int i = 0; i < 100'000; ++i) make_text(heap, "text");
  heap.drop();
  EXPECT_EQ(heap.bytes(), 0u);
  EXPECT_EQ(heap.blocks(), 0u);
}

TEST_F(HeapTest, AppendingToATextAgainAndAgainIsLinear) {
  Rooted text(heap, make_text(heap, "start"));
  TextObject* piece = new_text(heap, "piece ");
  const auto handle = heap.keep(from_object(piece));
  for (int i = 0; i < 100'000; ++i) {
    text = from_object(concat(heap, as_text(text.get()), piece));
    heap.safe_point();
  }
  heap.forget(handle);
  EXPECT_EQ(as_text(text.get())->size, 600'005u);
  EXPECT_TRUE(as_text(text.get())->is_ascii());
}

TEST_F(HeapTest, TwoTextsThatGrowFromOneDoNotMix) {
  TextObject* base = concat(heap, new_text(heap, std::string(80, 'a')), new_text(heap, "b"));
  TextObject* one = concat(heap, base, new_text(heap, "1"));
  TextObject* two = concat(heap, base, new_text(heap, "2"));
  EXPECT_EQ(one->view().back(), '1');
  EXPECT_EQ(two->view().back(), '2');
  EXPECT_EQ(base->view().back(), 'b');
}

TEST_F(HeapTest, MapsKeepOrderOverGrowthAndRemoval) {
  Map* map = new_map(heap);
  for (int i = 0; i < 100; ++i)
    map_put(heap, map, from_small(Tagged::kInt, i), from_small(Tagged::kInt, i * i));
  for (int i = 0; i < 100; i += 2) EXPECT_TRUE(map_remove(heap, map, from_small(Tagged::kInt, i)));
  for (int i = 0; i < 100; i += 2) map_put(heap, map, from_small(Tagged::kInt, i), kTrue);
  ASSERT_EQ(map->count, 100u);
  std::vector<std::int64_t> keys;
  for (const MapEntry& entry : *map)
    if (!is_empty(entry.key)) keys.push_back(small_payload(entry.key));
  EXPECT_EQ(keys.front(), 1);
  EXPECT_EQ(keys[50], 0);
  EXPECT_EQ(small_payload(map_find(map, from_small(Tagged::kInt, 7))->value), 49);
  EXPECT_EQ(map_find(map, from_double(7.0)), map_find(map, from_small(Tagged::kInt, 7)));
}

}  // namespace
}  // namespace flin::test
