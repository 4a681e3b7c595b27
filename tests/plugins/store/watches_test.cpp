// Which sources a commit touches.
#include "entity_store_fixture.h"

namespace flin::store::tests {
namespace {

class WatchTest : public StoreTest {
 protected:
  void SetUp() override {
    store.attach(host, backend, &sources, {});
    open(schema);
  }
  std::uint64_t watch(Query query) {
    return store.watches()->source(store.model()->entities, query.type, query.code,
                                   query.parameters);
  }
  static Query open_ones() { return Query().field(kDone).op(kOpNot); }
  static Query titled(const char* title) {
    return Query().field(kTitle).value(Scalar::of_text(title)).op(kOpEq);
  }
  testing::FakeSchema schema = todo_schema();
};

TEST_F(WatchTest, EqualQueriesShareASource) {
  EXPECT_EQ(watch(titled("a")), watch(titled("a")));
  EXPECT_NE(watch(titled("a")), watch(titled("b")));
  EXPECT_NE(watch(titled("a")), watch(Query(kUser)));
}

TEST_F(WatchTest, ARowThatEntersLeavesOrStaysTouches) {
  const auto source = watch(open_ones());
  const auto id = add_todo("a");
  EXPECT_TRUE(sources.is_touched(source)) << "enters";
  write({update(kTodo, id, 0, {{kTitle, Scalar::of_text("b")}})});
  EXPECT_TRUE(sources.is_touched(source)) << "stays";
  write({update(kTodo, id, 0, {{kDone, Scalar::of_bool(true)}})});
  EXPECT_TRUE(sources.is_touched(source)) << "leaves";
  write({update(kTodo, id, 0, {{kTitle, Scalar::of_text("c")}})});
  EXPECT_FALSE(sources.is_touched(source)) << "is outside";
}

TEST_F(WatchTest, DeleteRestoreAndDestroyTouch) {
  const auto source = watch(Query());
  const auto id = add_todo("a");
  for (const std::uint32_t kind : {kDelete, kRestore, kDestroy}) {
    write({change(kind, kTodo, id)});
    EXPECT_TRUE(sources.is_touched(source)) << kind;
  }
}

TEST_F(WatchTest, OtherTypesAndValuesDoNotTouch) {
  const auto all_users = watch(Query(kUser)), titled_b = watch(titled("b"));
  add_todo("a");
  EXPECT_FALSE(sources.is_touched(all_users));
  EXPECT_FALSE(sources.is_touched(titled_b));
}

TEST_F(WatchTest, ConditionsThroughReferencesAreTouchedByThoseTypes) {
  const auto source =
      watch(Query().field(FieldPath{kOwner, kName}).value(Scalar::of_text("Bo")).op(kOpEq));
  write({create(kUser, {{kName, Scalar::of_text("Bo")}})});
  EXPECT_TRUE(sources.is_touched(source));
  add_todo("a");
  EXPECT_TRUE(sources.is_touched(source));
  write({create(kComment, {{kBody, Scalar::of_text("x")}, {kOf, Scalar::of_record(kTodo, 1)}})});
  EXPECT_FALSE(sources.is_touched(source));
}

TEST_F(WatchTest, ASourceNobodyAsksForAgainIsReleased) {
  const auto source = watch(titled("a"));
  const auto shown = watch(titled("b"));
  add_todo("a");
  for (std::uint64_t at = 0; at < Watches::kIdleCommits; ++at) store.watches()->end_commit(at);
  EXPECT_EQ(sources.released(), std::vector<std::uint64_t>{source});
  EXPECT_NE(watch(titled("a")), source);
  EXPECT_EQ(watch(titled("b")), shown) << "never touched: it may still be shown";
}

TEST_F(WatchTest, ASourceThatIsAskedForAgainStays) {
  const auto source = watch(titled("a"));
  add_todo("a");
  watch(titled("a"));
  for (std::uint64_t at = 0; at < 2 * Watches::kIdleCommits; ++at) store.watches()->end_commit(at);
  EXPECT_EQ(watch(titled("a")), source);
}

TEST_F(WatchTest, AFullTableDropsTheOldestWhichIsTouchedOnceMore) {
  testing::FakeSources own;
  Watches watches(own, 2);
  const auto ask = [&](const char* title) {
    Query query = titled(title);
    return watches.source(store.model()->entities, kTodo, query.code, query.parameters);
  };
  const auto a = ask("a"), b = ask("b");
  EXPECT_EQ(ask("a"), a);
  ask("c");
  EXPECT_EQ(watches.size(), 2u);
  watches.end_commit(1);
  EXPECT_TRUE(own.is_touched(b));
  EXPECT_TRUE(own.released().empty());
  watches.end_commit(2);
  EXPECT_EQ(own.released(), std::vector<std::uint64_t>{b});
}

TEST_F(WatchTest, AReloadTouchesEverything) {
  const auto source = watch(titled("a"));
  open(schema);
  add_todo("b");
  EXPECT_TRUE(sources.is_touched(source));
}

TEST_F(WatchTest, ALogThatWasTrimmedTouchesEverything) {
  const auto source = watch(titled("a"));
  WriteResult out;
  with_changes({create(kTodo, {{kTitle, Scalar::of_text("z")}})},
               [&](const ChangeSet& set) { backend.commit(set, WriteResult::take, &out); });
  backend.trim(0);
  store.feed().drain();
  EXPECT_TRUE(sources.is_touched(source));
}

}  // namespace
}  // namespace flin::store::tests
