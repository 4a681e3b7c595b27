// IEntityStore: validators, rules, limits, the feed; over a backend that answers at once or later.
#include "entity_store_fixture.h"

namespace flin::store::tests {
namespace {

Scalar text(const char* value) { return Scalar::of_text(value); }

class OpenStore : public StoreTest {
 protected:
  void SetUp() override {
    store.attach(host, backend, &sources, {});
    ASSERT_TRUE(store.on_commit(feed).ok());
    open(schema);
  }
  testing::FakeSchema schema = todo_schema();
  LogReader feed;
};

TEST_F(OpenStore, RefusesWhatDoesNotValidateAndWritesNothing) {
  const WriteResult out = write({create(kTodo, {{kTitle, text(" ")}})});
  EXPECT_EQ(out.code, code('R', 101));
  EXPECT_EQ(out.message, "validation failed: title is required");
  EXPECT_TRUE(read(Query()).rows.empty());
  EXPECT_TRUE(feed.changes.empty());
}

TEST_F(OpenStore, ChecksFieldsACreateLeavesOut) {
  EXPECT_EQ(write({create(kTodo, {})}).message, "validation failed: title is required");
}

TEST_F(OpenStore, ChecksOnlyTheFieldsOfAnUpdate) {
  const auto id = add_todo("a");
  EXPECT_EQ(write({update(kTodo, id, 1, {{kDone, Scalar::of_bool(true)}})}).code, 0u);
  EXPECT_EQ(write({update(kTodo, id, 1, {{kTitle, text("")}})}).message,
            "validation failed: title is required");
}

TEST_F(OpenStore, TellsAboutUniqueLikeAnyOtherValidator) {
  write({create(kUser, {{kName, text("Bo")}})});
  const WriteResult out = write({create(kUser, {{kName, text("Bo")}})});
  EXPECT_EQ(out.code, code('R', 101));
  EXPECT_EQ(out.message, "validation failed: name is already taken");
}

TEST_F(OpenStore, PassesConflictsOn) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  const WriteResult out = write({update(kTodo, id, 1, {{kTitle, text("c")}})});
  EXPECT_EQ(out.message, "conflict: Todo#1.title was changed meanwhile");
  EXPECT_TRUE(out.conflict);
}

TEST_F(OpenStore, RefusesAReferenceToAnUnsavedEntity) {
  const WriteResult out =
      write({create(kTodo, {{kTitle, text("a")}, {kOwner, Scalar::of_record(kUser, 0)}})});
  EXPECT_EQ(out.code, code('R', 105));
  EXPECT_EQ(out.message, "User is not saved or no longer exists");
}

TEST_F(OpenStore, StoresIntsOfANumberFieldAsNumbers) {
  write({create(kTodo, {{kTitle, text("a")}, {kScore, Scalar::of_int(3)}})});
  EXPECT_EQ(read(Query().only({kScore})).rows[0].fields[0].kind, Kind::kNumber);
}

TEST_F(OpenStore, FeedsCommitsInRisingOrderBeforeTheyAreDone) {
  const auto first = write({create(kTodo, {{kTitle, text("a")}})}).seq;
  EXPECT_EQ(feed.changes.size(), 1u);
  write({create(kTodo, {{kTitle, text("b")}}), create(kTodo, {{kTitle, text("c")}})});
  ASSERT_EQ(feed.changes.size(), 3u);
  EXPECT_EQ(feed.changes[0].seq, first);
  EXPECT_EQ(feed.changes[1].seq, first + 1);
  EXPECT_EQ(feed.changes[2].seq, first + 1);
}

TEST_F(OpenStore, LetsASinkOfTheFeedCommit) {
  feed.on_change = [&] {
    if (feed.changes.size() < 3) add_todo("more");
  };
  add_todo("a");
  ASSERT_EQ(feed.changes.size(), 3u);
  EXPECT_LT(feed.changes[1].seq, feed.changes[2].seq);
}

TEST_F(OpenStore, TakesSinksOnlyWhileLoading) {
  store.end_loading();
  EXPECT_EQ(store.on_commit(feed).code(), code('P', 110));
}

TEST_F(OpenStore, TouchesOncePerCommitAlsoWithNone) {
  const auto seq =
      write({create(kTodo, {{kTitle, text("a")}}), create(kTodo, {{kTitle, text("b")}})}).seq;
  ASSERT_EQ(sources.touches().size(), 2u);  // the first told where it stands when it was opened
  EXPECT_LT(sources.touches()[0].seq, seq);
  EXPECT_TRUE(sources.touches()[0].sources.empty());
  EXPECT_EQ(sources.touches()[1].seq, seq);
  EXPECT_TRUE(sources.touches()[1].sources.empty());
}

TEST_F(OpenStore, StaysOpenForTheProgramBeforeAfterARefusedReload) {
  add_todo("a");
  testing::FakeSchema other;
  other.entity("Other").field("x", "int", Kind::kInt);
  const Status refused = store.open("", other.rows());
  EXPECT_EQ(refused.code(), code('R', 106));
  EXPECT_NE(
      std::string(std::string_view(refused.message()))
          .find("the stored data does not fit the program: entity Todo has rows and is no longer "
                "declared"),
      std::string::npos);
  EXPECT_EQ(read(Query()).rows.size(), 1u);
}

TEST_F(OpenStore, KnowsWhichProgramsNumberTypesAsTheOpenOneDoes) {
  ASSERT_TRUE(store.open("", schema.rows(), 1).ok());
  ASSERT_TRUE(store.open("", schema.rows(), 2).ok());  // the same table
  EXPECT_TRUE(store.model(1));
  testing::FakeSchema more;
  more.entity("First").field("x", "int?", Kind::kInt);
  ASSERT_TRUE(store.open("", more.rows(), 3).ok());
  EXPECT_FALSE(store.model(2));
  EXPECT_TRUE(store.model(3));
  EXPECT_EQ(store.unavailable().message,
            "store is not available: the program was replaced by one with other entities while "
            "this ran");
}

TEST_F(OpenStore, KeepsImmutableFieldsAsTheyWere) {
  testing::FakeSchema fixed;
  fixed.entity("T").field("x", "int", Kind::kInt, kFieldImmutable);
  open(fixed);
  EXPECT_EQ(write({create(0, {{0, Scalar::of_int(1)}})}).code, 0u);
  EXPECT_EQ(write({update(0, 1, 1, {{0, Scalar::of_int(2)}})}).message,
            "validation failed: x cannot be changed");
}

TEST_F(StoreTest, TrimsTheLogToItsLimit) {
  store.attach(host, backend, &sources, {2, 10'000});
  auto schema = todo_schema();
  open(schema);
  const auto first = write({create(kTodo, {{kTitle, text("a")}})}).seq;
  for (int at = 0; at < 4; ++at) add_todo("b");
  LogReader out;
  EXPECT_EQ(store.log(first, 0, {}, out), 0u);
  EXPECT_EQ(store.log(first + 2, 0, {}, out), 1u);
}

TEST_F(StoreTest, LimitsTheRowsOfAQuery) {
  store.attach(host, backend, &sources, {100, 2});
  auto schema = todo_schema();
  open(schema);
  add_todo("a");
  add_todo("b");
  EXPECT_EQ(read(Query()).code, 0u);
  add_todo("c");
  const Reader out = read(Query());
  EXPECT_EQ(out.code, code('R', 3));
  EXPECT_EQ(out.message, "memory limit reached: a query gives more than 2 rows (store.max_rows)");
  EXPECT_EQ(read(Query().cut(2)).code, 0u);
}

// allow read when published or owner == session.user; allow update when owner == session.user; no
// create.
class RuledStore : public StoreTest {
 protected:
  void SetUp() override {
    store.attach(host, backend, &sources, {});
    Bytes published, owned;
    put_field(published, {0});
    put_constant(published, 0);
    put_op(published, kOpEq);
    put_field(owned, {1});
    owned.insert(owned.end(), {kOpParameter, 0, kOpEq});
    schema.entity("Note")
        .field("published", "bool", Kind::kBool)
        .field("owner", "text?", Kind::kText);
    schema.rule(kRuleRead, published, {}, {testing::boolean(true)});
    schema.rule(kRuleRead | kRuleUpdate, owned, {"user.name"});
    open(schema);
    for (const char* owner : {"Bo", "Al"}) {
      write({create(0, {{0, Scalar::of_bool(false)}, {1, text(owner)}})}, system);
    }
  }
  testing::FakeSchema schema;
  const Ctx system{"", 1};
  const Ctx bo{"{\"user\":{\"name\":\"Bo\"}}", 0};
  const Ctx nobody{"", 0};
};

TEST_F(RuledStore, LeavesHiddenRowsOut) {
  EXPECT_EQ(read(Query(0), system).rows.size(), 2u);
  EXPECT_EQ(read(Query(0), bo).ids(), std::vector<std::uint64_t>{1});
  EXPECT_TRUE(read(Query(0), nobody).rows.empty());
  EXPECT_EQ(read(Query(0).fold(store::kCount), bo).values[0].second.i, 1);
}

TEST_F(RuledStore, ForbidsWritesThatNoRuleAllows) {
  const WriteResult made = write({create(0, {{0, Scalar::of_bool(true)}})}, bo);
  EXPECT_EQ(made.code, code('R', 102));
  EXPECT_EQ(made.message, "access denied: create Note");
  EXPECT_EQ(write({change(kDelete, 0, 1)}, bo).message, "access denied: delete Note");
}

TEST_F(RuledStore, ChecksAnUpdateOnTheOldAndTheNewState) {
  EXPECT_EQ(write({update(0, 1, 0, {{0, Scalar::of_bool(true)}})}, bo).message, "");
  EXPECT_EQ(write({update(0, 2, 0, {{0, Scalar::of_bool(true)}})}, bo).message,
            "access denied: update Note")
      << "old";
  EXPECT_EQ(write({update(0, 1, 0, {{1, text("Al")}})}, bo).message, "access denied: update Note")
      << "new";
}

TEST_F(RuledStore, HidesRowsFromLogAndHistory) {
  const Snapshot now = store.snapshot();
  store.release(now);
  LogReader out;
  EXPECT_EQ(store.log(now.seq - 2, 0, bo, out), 1u);
  EXPECT_EQ(out.changes.size(), 1u);
  Reader past;
  store.history(0, 2, bo, past, Reader::done, &past);
  EXPECT_TRUE(past.pasts.empty());
  EXPECT_EQ(past.calls, 1);
}

TEST(Sessions, AreReadByPath) {
  testing::FakeSchema schema = todo_schema();
  const Entities entities = read_entities(schema.rows());
  const char* session =
      "{\"n\":3,\"user\":{\"$t\":\"User\",\"v\":{\"id\":7,\"name\":\"Bo\"}},"
      "\"m\":{\"$t\":\"map\",\"v\":[[\"k\",true]]},\"t\":{\"$t\":\"time\",\"v\":5},\"p\":{\"$t\":"
      "\"money\",\"v\":[1,\"EUR\"]}}";
  EXPECT_TRUE(equal(session_value(session, "n", entities), Scalar::of_int(3)));
  EXPECT_TRUE(equal(session_value(session, "user", entities), Scalar::of_record(kUser, 7)));
  EXPECT_TRUE(equal(session_value(session, "user.name", entities), text("Bo")));
  EXPECT_TRUE(equal(session_value(session, "m.k", entities), Scalar::of_bool(true)));
  EXPECT_TRUE(equal(session_value(session, "t", entities), Scalar::of_time(5)));
  EXPECT_TRUE(equal(session_value(session, "p", entities), money(1, "EUR")));
  EXPECT_TRUE(session_value(session, "user.x.y", entities).is_none());
  EXPECT_TRUE(session_value("broken", "a", entities).is_none());
}

class LateStore : public StoreTest {
 protected:
  void SetUp() override {
    store.attach(host, late, &sources, {});
    open(schema);
  }
  DelayingBackend late{backend};
  testing::FakeSchema schema = todo_schema();
};

TEST_F(LateStore, CompletesACommitWhenTheBackendDoes) {
  WriteResult out;
  with_changes({create(kTodo, {{kTitle, text("a")}})},
               [&](const ChangeSet& set) { store.commit(set, {}, WriteResult::take, &out); });
  EXPECT_EQ(out.calls, 0);
  late.run_all();
  EXPECT_EQ(out.calls, 1);
  EXPECT_EQ(out.code, 0u);
  EXPECT_EQ(sources.touches().size(), 2u);  // when it was opened, and now
}

TEST_F(LateStore, CompletesAQueryWhenTheBackendDoes) {
  Reader out;
  Query query = Query().field(kTitle).value(text("a")).op(kOpEq);
  store.query(query.plan(), {0, 0}, {}, out, Reader::done, &out);
  EXPECT_EQ(out.calls, 0);
  late.run_all();
  EXPECT_EQ(out.calls, 1);
}

TEST_F(LateStore, ReadsRowsForRulesOneAfterTheOther) {
  Bytes yes;
  put_constant(yes, 0);
  testing::FakeSchema ruled;
  ruled.entity("Note")
      .field("x", "int", Kind::kInt)
      .rule(kRuleUpdate | kRuleCreate, yes, {}, {testing::boolean(true)});
  open(ruled);
  late.is_delaying = false;
  write({create(0, {{0, Scalar::of_int(1)}}), create(0, {{0, Scalar::of_int(2)}})});
  late.is_delaying = true;
  WriteResult out;
  with_changes(
      {update(0, 1, 0, {{0, Scalar::of_int(3)}}), update(0, 2, 0, {{0, Scalar::of_int(4)}})},
      [&](const ChangeSet& set) { store.commit(set, {}, WriteResult::take, &out); });
  EXPECT_EQ(late.waiting(), 1u);
  late.run_all();
  EXPECT_EQ(out.calls, 1);
  EXPECT_EQ(out.message, "");
  EXPECT_EQ(out.applied.size(), 2u);
}

}  // namespace
}  // namespace flin::store::tests
