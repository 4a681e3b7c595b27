// store.begin, store.commit and store.rollback, over a backend that gives ids ahead and one that
// does not, answering at once and later.
#include "ops_fixture.h"

namespace flin::store::tests {
namespace {

class TransactionTest : public OpsTest {
 protected:
  TransactionTest() { host.give<IReservedIds>(&backend, "late"); }

  void begin() { run(op_begin, {}); }
  // True: committed. False: a conflict, to be repeated.
  bool commit(std::int64_t repeats = 0) {
    const Value out = run(op_commit, {call.integer(repeats)});
    return failure.ok() && call.int_of(out) == 1;
  }
  void rollback() { run(op_rollback, {}); }
  std::int64_t count() { return call.int_of(run(op_count, {all()})); }
  Value found(std::int64_t id) { return run(op_find, {call.text("Todo"), call.integer(id)}); }
  // A commit of somebody else.
  void write_beside(const std::vector<MadeChange>& changes) {
    WriteResult out;
    with_changes(changes,
                 [&](const ChangeSet& set) { backend.commit(set, WriteResult::take, &out); });
    ASSERT_EQ(out.message, "");
  }
};

TEST_F(TransactionTest, WritesItsSavesAsOneCommit) {
  const auto commits = call.commits().size();
  begin();
  saved("a");
  saved("b");
  EXPECT_EQ(call.commits().size(), commits) << "nothing yet";
  EXPECT_TRUE(commit());
  EXPECT_EQ(call.commits().size(), commits + 1);
  EXPECT_EQ(titles(run(op_run, {all()})), (Titles{"a", "b"}));
  EXPECT_EQ(call.handles(), 0);
}

TEST_F(TransactionTest, GivesNewEntitiesTheirIdsAtOnce) {
  saved("before");
  begin();
  const Value record = saved("a");
  EXPECT_EQ(call.record_of(record)->id, 2u);
  EXPECT_EQ(call.record_of(record)->version, 1u);
  EXPECT_TRUE(commit());
  EXPECT_EQ(call.record_of(record)->id, 2u);
  EXPECT_EQ(call.field_text(found(2), kTitle), "a");
}

TEST_F(TransactionTest, SeesOneSnapshotAndItsOwnWrites) {
  saved("a");
  begin();
  write_beside({create(kTodo, {{kTitle, Scalar::of_text("beside")}})});
  EXPECT_EQ(count(), 1);
  saved("mine");
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(titles(run(op_run, {titled("mine")})), Titles{"mine"});
  EXPECT_TRUE(commit());
  EXPECT_EQ(count(), 3);
}

TEST_F(TransactionTest, SeesItsOwnWritesAlsoWhenTheBackendAnswersLater) {
  const Value record = saved("a");
  late.is_delaying = true;
  begin();
  call.set(record, kTitle, testing::text("b"));
  run(op_save, {record});
  saved("c");
  EXPECT_EQ(count(), 2);
  EXPECT_GT(suspensions, 0);
  EXPECT_EQ(titles(run(op_run, {titled("b")})), Titles{"b"});
  EXPECT_EQ(titles(run(op_run, {titled("a")})), Titles{});
  EXPECT_TRUE(commit());
  EXPECT_EQ(titles(run(op_run, {all()})), (Titles{"b", "c"}));
}

TEST_F(TransactionTest, ForgetsEverythingAtARollback) {
  begin();
  const Value record = saved("a");
  rollback();
  EXPECT_EQ(call.record_of(record)->id, 0u) << "unsaved again";
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(call.handles(), 0);
  run(op_save, {record});
  EXPECT_EQ(count(), 1);
}

TEST_F(TransactionTest, IsToBeRepeatedAfterAConflictUntilTheThirdRepeat) {
  saved("a");
  for (std::int64_t repeats = 0; repeats <= 3; ++repeats) {
    begin();
    const Value record = found(1);
    call.set(record, kTitle, testing::text("mine"));
    run(op_save, {record});
    write_beside({update(kTodo, 1, 0, {{kTitle, Scalar::of_text("beside")}})});
    EXPECT_FALSE(commit(repeats));
    EXPECT_EQ(failure.code(), repeats < 3 ? 0 : code('R', 103)) << repeats;
  }
  EXPECT_EQ(failure.message(), "conflict: Todo#1.title was changed meanwhile");
  EXPECT_EQ(titles(run(op_run, {all()})), Titles{"beside"});
  begin();
  EXPECT_TRUE(commit()) << "the next one begins anew";
}

TEST_F(TransactionTest, ChecksASaveWhereItStands) {
  begin();
  run(op_save, {todo(" ")});
  EXPECT_EQ(failure.code(), code('R', 101));
  EXPECT_EQ(call.error_fields().at("title"), "is required");
  saved("a");
  EXPECT_TRUE(commit());
  EXPECT_EQ(count(), 1) << "the refused one is no part of it";
}

TEST_F(TransactionTest, GoesBackToANestedOnesBegin) {
  begin();
  saved("outer");
  begin();
  saved("inner");
  rollback();
  EXPECT_EQ(count(), 1);
  begin();
  saved("second");
  EXPECT_TRUE(commit());
  EXPECT_EQ(call.commits().size(), 0u) << "part of the outer one";
  EXPECT_TRUE(commit());
  EXPECT_EQ(titles(run(op_run, {all()})), (Titles{"outer", "second"}));
}

TEST_F(TransactionTest, WithoutChangesIsNoCommit) {
  begin();
  EXPECT_TRUE(commit());
  EXPECT_TRUE(call.commits().empty());
}

TEST_F(TransactionTest, SeesChangesThroughReferences) {
  write_beside({create(kUser, {{kName, Scalar::of_text("Bo")}})});
  write_beside(
      {create(kTodo, {{kTitle, Scalar::of_text("a")}, {kOwner, Scalar::of_record(kUser, 1)}})});
  const auto owned_by = [&](const char* name) {
    const Value condition = call.new_predicate(
        {kOpField, 2, kOwner, 0, 0, 0, kName, 0, 0, 0, kOpParameter, 0, kOpEq}, {});
    return titles(run(op_run, {run(op_where, {all(), condition, call.text(name)})})).size();
  };
  begin();
  const Value user = run(op_find, {call.text("User"), call.integer(1)});
  call.set(user, kName, testing::text("Al"));
  run(op_save, {user});
  EXPECT_EQ(owned_by("Bo"), 0u);
  EXPECT_EQ(owned_by("Al"), 1u);
  rollback();
  EXPECT_EQ(owned_by("Bo"), 1u);
}

TEST_F(TransactionTest, CountsMoreRowsThanAQueryMayGive) {
  std::vector<MadeChange> many;
  for (int at = 0; at < 150; ++at) many.push_back(create(kTodo, {{kTitle, Scalar::of_text("x")}}));
  write_beside(many);
  begin();
  saved("mine");
  EXPECT_EQ(count(), 151) << "store.max_rows is 100 here";
  run(op_run, {all()});
  EXPECT_EQ(failure.code(), code('R', 3));
}

TEST_F(TransactionTest, CannotBeEndedWhenThereIsNone) {
  EXPECT_FALSE(commit());
  EXPECT_EQ(failure.message(), "invalid argument: there is no transaction under way");
  rollback();
  EXPECT_EQ(failure.code(), code('R', 14));
}

TEST_F(OpsTest, ATransactionOverABackendWithoutReservedIdsCannotCreate) {
  run(op_begin, {});
  run(op_save, {todo("a")});
  EXPECT_EQ(failure.code(), code('R', 106));
  EXPECT_EQ(failure.message(),
            "store is not available: its backend cannot create Todo inside a transaction");
}

}  // namespace
}  // namespace flin::store::tests
