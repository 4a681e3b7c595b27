// The opcodes as a program calls them, answered at once and later.
#include "ops_fixture.h"

namespace flin::store::tests {
namespace {

TEST_F(OpsTest, SaveGivesTheRecordBackRefreshed) {
  const Value record = todo("a");
  const Value out = run(op_save, {record});
  EXPECT_EQ(failure.message(), "");
  EXPECT_EQ(out.bits, record.bits);
  EXPECT_EQ(call.record_of(out)->id, 1u);
  EXPECT_EQ(call.record_of(out)->version, 1u);
  EXPECT_EQ(call.record_of(out)->fields[kFieldCreatedAt].plain.kind, Kind::kTime);
  ASSERT_EQ(call.commits().size(), 1u);
  EXPECT_EQ(sources.touches().back().seq, call.commits()[0]);
  EXPECT_EQ(suspensions, 0);
}

TEST_F(OpsTest, SavingAgainRaisesTheVersionAndWritesWhatWasChanged) {
  const Value record = saved("a");
  call.set(record, kTitle, testing::text("b"));
  run(op_save, {record});
  EXPECT_EQ(call.record_of(record)->id, 1u);
  EXPECT_EQ(call.record_of(record)->version, 2u);
  EXPECT_TRUE(call.record_of(record)->changed.empty());
  EXPECT_EQ(titles(run(op_run, {all()})), Titles{"b"});
}

TEST_F(OpsTest, SaveOfAListIsOneCommit) {
  const Value a = todo("a"), b = todo("b");
  run(op_save, {call.list({a, b, a})});
  EXPECT_EQ(failure.message(), "");
  EXPECT_EQ(call.record_of(b)->id, 2u);
  EXPECT_EQ(call.record_of(a)->version, 1u) << "an entity that is there twice is written once";
  EXPECT_EQ(call.commits().size(), 1u);
}

TEST_F(OpsTest, SaveFailsWithTheMessagesOfItsFields) {
  run(op_save, {todo(" ")});
  EXPECT_EQ(failure.code(), code('R', 101));
  EXPECT_EQ(failure.message(), "validation failed: title is required");
  EXPECT_EQ(call.error_fields(), (std::map<std::string, std::string>{{"title", "is required"}}));
  EXPECT_TRUE(call.commits().empty());
}

TEST_F(OpsTest, SaveTellsAConflict) {
  const Value mine = saved("a");
  const Value other = run(op_first, {all()});
  call.set(other, kTitle, testing::text("b"));
  run(op_save, {other});
  call.set(mine, kTitle, testing::text("c"));
  run(op_save, {mine});
  EXPECT_EQ(failure.code(), code('R', 103));
  EXPECT_EQ(failure.message(), "conflict: Todo#1.title was changed meanwhile");
}

TEST_F(OpsTest, SaveTakesEntitiesOnly) {
  run(op_save, {call.text("a")});
  EXPECT_EQ(failure.code(), code('R', 6));
  EXPECT_EQ(failure.message(), "expected entity, found text");
}

TEST_F(OpsTest, DeleteRestoreAndDestroyGiveTheirEntityBack) {
  const Value record = saved("a");
  EXPECT_EQ(run(op_delete, {record}).bits, record.bits);
  EXPECT_EQ(call.record_of(record)->fields[kFieldDeletedAt].plain.kind, Kind::kTime);
  EXPECT_EQ(call.int_of(run(op_count, {all()})), 0);
  run(op_restore, {record});
  EXPECT_EQ(call.record_of(record)->fields[kFieldDeletedAt].plain.kind, Kind::kNone);
  EXPECT_EQ(call.int_of(run(op_count, {all()})), 1);
  run(op_destroy, {record});
  EXPECT_EQ(failure.message(), "");
  run(op_destroy, {record});
  EXPECT_EQ(failure.code(), code('R', 105));
}

TEST_F(OpsTest, DeleteOfAnUnsavedEntityFails) {
  run(op_delete, {todo("a")});
  EXPECT_EQ(failure.code(), code('R', 105));
  EXPECT_EQ(failure.message(), "Todo is not saved or no longer exists");
}

TEST_F(OpsTest, QueriesAreBuiltAndRun) {
  for (const char* title : {"b", "a", "c"}) saved(title);
  const Value ordered = run(op_order, {all(), call.text("title"), call.text("desc")});
  EXPECT_EQ(titles(run(op_run, {ordered})), (Titles{"c", "b", "a"}));
  EXPECT_EQ(titles(run(op_run, {run(op_order, {all(), call.text("title desc")})})),
            (Titles{"c", "b", "a"}));
  const Value cut = run(op_limit, {run(op_offset, {ordered, call.integer(1)}), call.integer(1)});
  EXPECT_EQ(titles(run(op_run, {cut})), Titles{"b"});
  EXPECT_EQ(titles(run(op_run, {ordered})), (Titles{"c", "b", "a"})) << "a query never changes";
  EXPECT_EQ(call.field_text(run(op_first, {ordered}), kTitle), "c");
  EXPECT_EQ(call.field_text(run(op_last, {ordered}), kTitle), "a");
  EXPECT_EQ(call.field_text(run(op_last, {all()}), kTitle), "c");
  EXPECT_EQ(call.field_text(run(op_last, {cut}), kTitle), "b");
}

TEST_F(OpsTest, WhereBindsArgumentsAndConstants) {
  for (const char* title : {"a", "b", "a"}) saved(title);
  EXPECT_EQ(call.int_of(run(op_count, {titled("a")})), 2);
  const Value condition = call.new_predicate(
      {kOpField, 1, 0, 0, 0, 0, kOpConstant, 0, 0, 0, 0, kOpNe, kOpParameter, 0, kOpAnd},
      {testing::text("zz")});
  const Value both = run(op_where, {titled("a"), condition, call.make(testing::boolean(true))});
  EXPECT_EQ(call.int_of(run(op_count, {both})), 2) << "several conditions are joined by and";
  const Value none = run(op_where, {titled("a"), condition, call.make(testing::boolean(false))});
  EXPECT_EQ(call.int_of(run(op_count, {none})), 0);
}

TEST_F(OpsTest, WhereRefusesAMalformedCondition) {
  run(op_where, {all(), call.new_predicate({kOpAnd}, {})});
  EXPECT_EQ(failure.code(), code('R', 14));
}

TEST_F(OpsTest, RunReadsOnlyTheFieldsAskedFor) {
  saved("a");
  const Value list = run(op_run, {all(), call.text("title"), call.text("owner.name")});
  const FakeRecord& record = *call.record_of(call.item(list, 0));
  EXPECT_EQ(record.fields.size(), 2u);
  EXPECT_EQ(record.fields.count(kOwner), 1u);
}

TEST_F(OpsTest, FindGivesTheEntityOrNone) {
  saved("a");
  EXPECT_EQ(call.field_text(run(op_find, {call.text("Todo"), call.integer(1)}), kTitle), "a");
  EXPECT_EQ(call.kind(run(op_find, {call.text("Todo"), call.integer(2)})), Kind::kNone);
  EXPECT_EQ(call.kind(run(op_find, {call.text("Todo"), call.integer(-1)})), Kind::kNone);
}

TEST_F(OpsTest, FirstAndLastOfNothingAreNone) {
  EXPECT_EQ(call.kind(run(op_first, {all()})), Kind::kNone);
  EXPECT_EQ(call.kind(run(op_last, {all()})), Kind::kNone);
  EXPECT_EQ(call.int_of(run(op_exists, {all()})), 0);
}

TEST_F(OpsTest, AggregatesDistinctAndGroups) {
  for (const char* title : {"a", "b", "a"}) saved(title);
  EXPECT_EQ(call.int_of(run(op_aggregate, {all(), call.text("max"), call.text("id")})), 3);
  EXPECT_EQ(call.size(run(op_distinct, {all(), call.text("title")})), 2u);
  const Value groups = run(op_group, {all(), call.text("title")});
  ASSERT_EQ(call.size(groups), 2u);
  EXPECT_EQ(call.text_of(call.key(groups, 0)), "a");
  EXPECT_EQ(titles(call.item(groups, 0)), (Titles{"a", "a"}));
  EXPECT_EQ(titles(call.item(groups, 1)), Titles{"b"});
  const Value counts = run(op_group, {all(), call.text("title"), call.text("count")});
  EXPECT_EQ(call.int_of(call.item(counts, 0)), 2);
  const Value sums = run(op_group, {all(), call.text("title"), call.text("sum"), call.text("id")});
  EXPECT_EQ(call.int_of(call.item(sums, 0)), 4);
}

TEST_F(OpsTest, UnknownNamesAreErrors) {
  run(op_all, {call.text("Tod")});
  EXPECT_EQ(failure.message(), "invalid argument: there is no entity 'Tod'");
  run(op_order, {all(), call.text("titel")});
  EXPECT_EQ(failure.code(), code('R', 8));
  EXPECT_EQ(failure.message(), "Todo has no member 'titel'");
  run(op_order, {all(), call.text("title"), call.text("up")});
  EXPECT_EQ(failure.code(), code('R', 14));
  run(op_aggregate, {all(), call.text("median"), call.text("id")});
  EXPECT_EQ(failure.message(), "invalid argument: there is no aggregate 'median'");
  run(op_limit, {all(), call.integer(-1)});
  EXPECT_EQ(failure.message(), "invalid argument: -1 is negative");
  run(op_count, {call.integer(1)});
  EXPECT_EQ(failure.message(), "expected query, found int");
}

TEST_F(OpsTest, LoadReadsAReferenceAndPassesOtherValues) {
  saved("a");
  Plain reference;
  reference.kind = Kind::kRecord;
  reference.extra = kTodo;
  reference.i = 1;
  EXPECT_EQ(call.field_text(run(op_load, {call.make(reference)}), kTitle), "a");
  const Value text = call.text("x");
  EXPECT_EQ(run(op_load, {text}).bits, text.bits);
  const Value unsaved = todo("b");
  EXPECT_EQ(run(op_load, {unsaved}).bits, unsaved.bits);
}

TEST_F(OpsTest, ReadsDependOnTheirQuery) {
  run(op_count, {titled("a")});
  ASSERT_EQ(call.sources().size(), 1u);
  saved("b");
  EXPECT_FALSE(sources.is_touched(call.sources()[0]));
  saved("a");
  EXPECT_TRUE(sources.is_touched(call.sources()[0]));
}

TEST_F(OpsTest, SuspendWhileTheBackendIsBusy) {
  late.is_delaying = true;
  const Value record = saved("a");
  EXPECT_EQ(suspensions, 1);
  EXPECT_EQ(failure.message(), "");
  EXPECT_EQ(call.record_of(record)->id, 1u);
  EXPECT_EQ(titles(run(op_run, {all()})), Titles{"a"});
  EXPECT_EQ(suspensions, 2);
  EXPECT_EQ(call.handles(), 0) << "everything kept was given up";
}

TEST_F(OpsTest, FailTheSameWayLater) {
  saved("a");
  late.is_delaying = true;
  const Value gone = call.new_record(FakeRecord{kTodo, 9, 1});
  run(op_delete, {gone});
  EXPECT_EQ(failure.code(), code('R', 105));
  EXPECT_EQ(suspensions, 1);
}

TEST_F(OpsTest, GiveMoreRowsThanAllowedBackAsAnError) {
  std::vector<Value> many;
  for (int at = 0; at < 101; ++at) many.push_back(todo("x"));
  run(op_save, {call.list(many)});
  EXPECT_EQ(failure.message(), "");
  run(op_run, {all()});
  EXPECT_EQ(failure.code(), code('R', 3));
}

}  // namespace
}  // namespace flin::store::tests
