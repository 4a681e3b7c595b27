// What every IStoreBackend does: commits, conflicts, uniqueness, references, snapshots, order,
// aggregates.
#include "backend_fixture.h"

namespace flin::store::tests {
namespace {

Scalar text(const char* value) { return Scalar::of_text(value); }
Scalar integer(std::int64_t value) { return Scalar::of_int(value); }
using Ids = std::vector<std::uint64_t>;

using Commit = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Commit, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Commit, GivesIdsFromOnePerType) {
  EXPECT_EQ(add_todo("a"), 1u);
  EXPECT_EQ(add_todo("b"), 2u);
  EXPECT_EQ(add(kUser, {{kName, text("Bo")}}), 1u);
}

TEST_P(Commit, GivesVersionOneAndTheTimeOfTheCommit) {
  const WriteResult out = write({create(kTodo, {{kTitle, text("a")}})});
  ASSERT_EQ(out.applied.size(), 1u);
  EXPECT_EQ(out.applied[0].version, 1u);
  EXPECT_EQ(out.applied[0].time, clock.ms());
}

TEST_P(Commit, RaisesTheVersionWithEachChange) {
  const auto id = add_todo("a");
  EXPECT_EQ(write({update(kTodo, id, 1, {{kTitle, text("b")}})}).applied[0].version, 2u);
  EXPECT_EQ(write({change(kDelete, kTodo, id)}).applied[0].version, 3u);
  EXPECT_EQ(write({change(kRestore, kTodo, id)}).applied[0].version, 4u);
}

TEST_P(Commit, NumbersRiseByOneFromThePresentTimeInMicroseconds) {
  const auto start = newest();
  EXPECT_GE(start, static_cast<std::uint64_t>(*clock.now));
  EXPECT_EQ(write({create(kTodo, {{kTitle, text("a")}})}).seq, start + 1);
  EXPECT_EQ(write({create(kTodo, {{kTitle, text("b")}})}).seq, start + 2);
}

TEST_P(Commit, OfNothingIsNoCommit) {
  const auto start = newest();
  const WriteResult out = write({});
  EXPECT_EQ(out.code, 0u);
  EXPECT_EQ(out.seq, start);
  EXPECT_EQ(newest(), start);
}

TEST_P(Commit, FillsFieldsThatAreLeftOutWithTheirInitialValue) {
  add_todo("a");
  const Reader out = read(Query().only({kDone, kRank, kTags}));
  EXPECT_TRUE(equal(out.rows[0].fields[0], Scalar::of_bool(false)));
  EXPECT_TRUE(out.rows[0].fields[1].is_none());
  EXPECT_EQ(out.rows[0].fields[2].text, "[]");
}

TEST_P(Commit, GivesEveryKindOfValueBack) {
  const auto user = add(kUser, {{kName, text("Bo")}});
  const Scalars values = {text("é"),
                          Scalar::of_bool(true),
                          integer(-7),
                          Scalar::of_number(0.1),
                          Scalar::of_time(5),
                          Scalar::of_duration(-6),
                          money(1250, "EUR"),
                          Scalar::of_record(kUser, user),
                          Scalar::of_written(Kind::kList, "[\"x\"]"),
                          Scalar::of_written(Kind::kList, "[{\"id\":1}]")};
  std::vector<Set> sets;
  for (std::uint32_t at = 0; at < values.size(); ++at) sets.push_back({at, values[at]});
  add(kTodo, sets);
  const Reader out = read(Query());
  ASSERT_EQ(out.rows.size(), 1u);
  ASSERT_EQ(out.rows[0].fields.size(), values.size() + 3);
  for (std::size_t at = 0; at < values.size(); ++at)
    EXPECT_TRUE(equal(out.rows[0].fields[at], values[at])) << at;
}

TEST_P(Commit, TakesEffectWholeOrNotAtAll) {
  const auto id = add_todo("a");
  const auto start = newest();
  const WriteResult out =
      write({create(kTodo, {{kTitle, text("b")}}), update(kTodo, id, 0, {{kTitle, text("c")}}),
             update(kTodo, 99, 0, {{kTitle, text("d")}})});
  EXPECT_EQ(out.code, code('R', 105));
  EXPECT_EQ(out.message, "Todo is not saved or no longer exists");
  EXPECT_EQ(newest(), start);
  const Reader rows = read(Query().only({kTitle}));
  ASSERT_EQ(rows.ids(), Ids{id});
  EXPECT_EQ(rows.text(0, 0), "a");
  EXPECT_EQ(add_todo("e"), id + 1) << "a refused set uses up no id";
}

TEST_P(Commit, HasOneNumberForAllItsChanges) {
  const WriteResult out =
      write({create(kTodo, {{kTitle, text("a")}}), create(kTodo, {{kTitle, text("b")}})});
  const auto changes = log(out.seq - 1);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].seq, out.seq);
  EXPECT_EQ(changes[1].seq, out.seq);
}

TEST_P(Commit, LetsLaterChangesSeeEarlierOnesOfTheSet) {
  const auto id = add_todo("a");
  const WriteResult out = write(
      {update(kTodo, id, 1, {{kTitle, text("b")}}), update(kTodo, id, 1, {{kTitle, text("c")}})});
  EXPECT_EQ(out.code, 0u) << out.message;
  EXPECT_EQ(out.applied[1].version, 3u);
  EXPECT_EQ(read(Query().only({kTitle})).text(0, 0), "c");
}

TEST_P(Commit, RefusesAnUnknownField) {
  EXPECT_EQ(write({create(kTodo, {{77, text("a")}})}).code, code('R', 8));
}

TEST_P(Commit, RefusesAnUnknownType) { EXPECT_EQ(write({create(9, {})}).code, code('R', 14)); }

TEST_P(Commit, RefusesAnUpdateWithoutAnId) {
  EXPECT_EQ(write({update(kTodo, 0, 0, {{kTitle, text("a")}})}).code, code('R', 14));
}

TEST_P(Commit, TakesAnIdThatWasReserved) {
  auto* ids = dynamic_cast<IReservedIds*>(backend.get());
  ASSERT_NE(ids, nullptr);
  const auto id = ids->reserve(kTodo);
  EXPECT_EQ(add_todo("between"), id + 1);
  MadeChange made = create(kTodo, {{kTitle, text("a")}});
  made.id = id;
  MadeChange again = update(kTodo, id, 0, {{kTitle, text("b")}});
  const WriteResult out = write({made, again});
  EXPECT_EQ(out.message, "");
  EXPECT_EQ(out.applied[1].version, 2u);
  EXPECT_EQ(read(Query()).ids(), (Ids{id, id + 1}));
  EXPECT_EQ(write({made}).code, code('R', 14)) << "only once";
  made.id = id + 9;
  EXPECT_EQ(write({made}).message, "invalid argument: the id of a new row was not reserved");
}

TEST_P(Commit, RefusesFieldsInADelete) {
  const auto id = add_todo("a");
  MadeChange wrong = change(kDelete, kTodo, id);
  wrong.sets.push_back({kTitle, text("b")});
  EXPECT_EQ(write({wrong}).code, code('R', 14));
}

using Conflicts = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Conflicts, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Conflicts, NameTheFieldThatAnotherWriterChanged) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  const WriteResult out =
      write({update(kTodo, id, 1, {{kDone, Scalar::of_bool(true)}, {kTitle, text("c")}})});
  EXPECT_EQ(out.code, code('R', 103));
  EXPECT_EQ(out.message, "conflict: Todo#1.title was changed meanwhile");
  ASSERT_TRUE(out.conflict);
  EXPECT_EQ(out.conflict->type, std::uint32_t{kTodo});
  EXPECT_EQ(out.conflict->id, id);
  EXPECT_EQ(out.conflict->field, std::uint32_t{kTitle});
  EXPECT_EQ(read(Query().only({kTitle})).text(0, 0), "b");
}

TEST_P(Conflicts, DoNotAriseFromDifferentFields) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  EXPECT_EQ(write({update(kTodo, id, 1, {{kDone, Scalar::of_bool(true)}})}).code, 0u);
  const Reader out = read(Query().only({kTitle, kDone}));
  EXPECT_EQ(out.text(0, 0), "b");
  EXPECT_EQ(out.rows[0].fields[1].i, 1);
}

TEST_P(Conflicts, AreFoundSeveralVersionsBack) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  write({update(kTodo, id, 2, {{kRank, integer(1)}})});
  write({update(kTodo, id, 3, {{kRank, integer(2)}})});
  EXPECT_EQ(write({update(kTodo, id, 1, {{kTitle, text("c")}})}).code, code('R', 103));
  EXPECT_EQ(write({update(kTodo, id, 2, {{kTitle, text("c")}})}).code, 0u);
}

TEST_P(Conflicts, AreNotLookedForWithoutABaseVersion) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  EXPECT_EQ(write({update(kTodo, id, 0, {{kTitle, text("c")}})}).code, 0u);
}

using Unique = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Unique, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Unique, RefusesASecondLiveRowWithTheValue) {
  add(kUser, {{kName, text("Bo")}});
  const WriteResult out = write({create(kUser, {{kName, text("Bo")}})});
  EXPECT_EQ(out.code, code('R', 101));
  ASSERT_TRUE(out.conflict);
  EXPECT_EQ(out.conflict->id, 0u);
  EXPECT_EQ(out.conflict->field, std::uint32_t{kName});
}

TEST_P(Unique, LetsARowKeepItsOwnValue) {
  const auto id = add(kUser, {{kName, text("Bo")}});
  EXPECT_EQ(write({update(kUser, id, 1, {{kName, text("Bo")}})}).code, 0u);
}

TEST_P(Unique, FreesTheValueOfADeletedRow) {
  const auto id = add(kUser, {{kName, text("Bo")}});
  write({change(kDelete, kUser, id)});
  EXPECT_EQ(write({create(kUser, {{kName, text("Bo")}})}).code, 0u);
  const WriteResult back = write({change(kRestore, kUser, id)});
  EXPECT_EQ(back.code, code('R', 101)) << "the value was taken meanwhile";
}

TEST_P(Unique, AllowsAnyNumberOfNones) {
  add(kUser, {{kName, text("a")}});
  EXPECT_EQ(write({create(kUser, {{kName, text("b")}})}).code, 0u);
}

TEST_P(Unique, LetsTwoRowsSwapTheirValuesInOneSet) {
  const auto a = add(kUser, {{kName, text("a")}});
  const auto b = add(kUser, {{kName, text("b")}});
  EXPECT_EQ(
      write({update(kUser, a, 1, {{kName, text("b")}}), update(kUser, b, 1, {{kName, text("a")}})})
          .code,
      0u);
  EXPECT_EQ(write({create(kUser, {{kName, text("a")}})}).code, code('R', 101));
  EXPECT_EQ(write({create(kUser, {{kName, text("b")}})}).code, code('R', 101));
}

TEST_P(Unique, RefusesTwoNewRowsOfOneSet) {
  EXPECT_EQ(write({create(kUser, {{kName, text("a")}}), create(kUser, {{kName, text("a")}})}).code,
            code('R', 101));
}

TEST_P(Unique, FreesTheValueOfADestroyedRow) {
  const auto id = add(kUser, {{kName, text("Bo")}});
  write({change(kDestroy, kUser, id)});
  EXPECT_EQ(write({create(kUser, {{kName, text("Bo")}})}).code, 0u);
}

using Lifetime = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Lifetime, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Lifetime, DeletedRowsAreInNoQuery) {
  const auto id = add_todo("a");
  write({change(kDelete, kTodo, id)});
  EXPECT_TRUE(read(Query()).rows.empty());
}

TEST_P(Lifetime, RestoredRowsAreBack) {
  const auto id = add_todo("a");
  write({change(kDelete, kTodo, id)});
  write({change(kRestore, kTodo, id)});
  const Reader out = read(Query().only({kTitle, kFieldDeletedAt}));
  EXPECT_EQ(out.text(0, 0), "a");
  EXPECT_TRUE(out.rows[0].fields[1].is_none());
}

TEST_P(Lifetime, DestroyedRowsCannotBeChanged) {
  const auto id = add_todo("a");
  write({change(kDestroy, kTodo, id)});
  for (const std::uint32_t kind : {kDelete, kRestore, kDestroy}) {
    EXPECT_EQ(write({change(kind, kTodo, id)}).code, code('R', 105)) << kind;
  }
}

TEST_P(Lifetime, IdsOfDestroyedRowsAreNotGivenAgain) {
  const auto id = add_todo("a");
  write({change(kDestroy, kTodo, id)});
  EXPECT_EQ(add_todo("b"), id + 1);
}

TEST_P(Lifetime, RequiredReferencesForbidADestroy) {
  const auto todo = add_todo("a");
  add(kComment, {{kBody, text("x")}, {kOf, Scalar::of_record(kTodo, todo)}});
  const WriteResult out = write({change(kDestroy, kTodo, todo)});
  EXPECT_EQ(out.code, code('R', 104));
  EXPECT_EQ(out.message, "Todo#1 is still needed by Comment#1");
  EXPECT_EQ(read(Query()).rows.size(), 1u);
}

TEST_P(Lifetime, ARowAndWhatNeedsItCanBeDestroyedTogether) {
  const auto todo = add_todo("a");
  const auto comment = add(kComment, {{kBody, text("x")}, {kOf, Scalar::of_record(kTodo, todo)}});
  EXPECT_EQ(write({change(kDestroy, kTodo, todo), change(kDestroy, kComment, comment)}).code, 0u);
}

TEST_P(Lifetime, OptionalReferencesAndListsLetADestroyedRowGo) {
  const auto user = add(kUser, {{kName, text("Bo")}});
  add(kUser, {{kName, text("Al")}});
  add(kTodo, {{kTitle, text("a")},
              {kOwner, Scalar::of_record(kUser, user)},
              {kWatchers, Scalar::of_written(Kind::kList, "[{\"id\":1},{\"id\":2}]")}});
  const WriteResult out = write({change(kDestroy, kUser, user)});
  EXPECT_EQ(out.applied.size(), 1u);
  const Reader rows = read(Query().only({kOwner, kWatchers}));
  EXPECT_TRUE(rows.rows[0].fields[0].is_none());
  EXPECT_EQ(rows.text(0, 1), "[{\"id\":2}]");
  EXPECT_EQ(rows.rows[0].version, 2u);
  EXPECT_EQ(log(out.seq - 1).size(), 2u);
}

TEST_P(Lifetime, AReferenceToARowThatIsNotThereIsRefused) {
  const WriteResult out =
      write({create(kTodo, {{kTitle, text("a")}, {kOwner, Scalar::of_record(kUser, 9)}})});
  EXPECT_EQ(out.code, code('R', 105));
  EXPECT_EQ(out.message, "User is not saved or no longer exists");
}

TEST_P(Lifetime, AReferenceToAnotherTypeIsRefused) {
  const auto todo = add_todo("a");
  EXPECT_EQ(
      write({create(kTodo, {{kTitle, text("b")}, {kOwner, Scalar::of_record(kTodo, todo)}})}).code,
      code('R', 14));
}

using Snapshots = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Snapshots, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Snapshots, DoNotSeeLaterCommits) {
  const auto id = add_todo("a");
  const Snapshot at = backend->snapshot();
  add_todo("b");
  write({update(kTodo, id, 1, {{kTitle, text("c")}})});
  const Reader then = read(Query().only({kTitle}), at);
  ASSERT_EQ(then.ids(), Ids{id});
  EXPECT_EQ(then.text(0, 0), "a");
  backend->release(at);
  EXPECT_EQ(read(Query()).rows.size(), 2u);
}

TEST_P(Snapshots, StillSeeWhatWasDeletedAndDestroyedLater) {
  const auto a = add_todo("a"), b = add_todo("b");
  const Snapshot at = backend->snapshot();
  write({change(kDelete, kTodo, a)});
  write({change(kDestroy, kTodo, b)});
  EXPECT_EQ(read(Query(), at).ids(), (Ids{a, b}));
  backend->release(at);
  EXPECT_TRUE(read(Query()).rows.empty());
}

TEST_P(Snapshots, CarryTheNumberOfTheNewestCommit) {
  const auto seq = write({create(kTodo, {{kTitle, text("a")}})}).seq;
  const Snapshot at = backend->snapshot();
  EXPECT_EQ(at.seq, seq);
  EXPECT_NE(at.id, 0u);
  backend->release(at);
}

TEST_P(Snapshots, AreIndependentOfEachOther) {
  add_todo("a");
  const Snapshot first = backend->snapshot();
  add_todo("b");
  const Snapshot second = backend->snapshot();
  add_todo("c");
  backend->release(second);
  EXPECT_EQ(read(Query(), first).rows.size(), 1u);
  backend->release(first);
}

TEST_P(Snapshots, LetASinkCommit) {
  add_todo("a");
  add_todo("b");
  Reader out;
  out.on_row = [&] { add_todo("more"); };
  Query query;
  read_into(out, query);
  EXPECT_EQ(out.rows.size(), 2u);
  EXPECT_EQ(read(Query()).rows.size(), 4u);
}

using Rows = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Rows, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Rows, ComeByIdWithoutAnOrder) {
  for (const char* title : {"c", "a", "b"}) add_todo(title);
  EXPECT_EQ(read(Query()).ids(), (Ids{1, 2, 3}));
}

TEST_P(Rows, ComeInRisingOrFallingOrder) {
  for (const char* title : {"c", "a", "b"}) add_todo(title);
  EXPECT_EQ(read(Query().by(kTitle)).ids(), (Ids{2, 3, 1}));
  EXPECT_EQ(read(Query().by(kTitle, true)).ids(), (Ids{1, 3, 2}));
}

TEST_P(Rows, WithoutAValueComeFirstAndLastWhenFalling) {
  for (const int rank : {2, 0, 1}) {
    add(kTodo, {{kTitle, text("x")}, {kRank, rank == 0 ? Scalar() : integer(rank)}});
  }
  EXPECT_EQ(read(Query().by(kRank)).ids(), (Ids{2, 3, 1}));
  EXPECT_EQ(read(Query().by(kRank, true)).ids(), (Ids{1, 3, 2}));
}

TEST_P(Rows, OfEqualOrderComeById) {
  for (int at = 0; at < 4; ++at) add(kTodo, {{kTitle, text("x")}, {kRank, integer(at % 2)}});
  EXPECT_EQ(read(Query().by(kRank)).ids(), (Ids{1, 3, 2, 4}));
  EXPECT_EQ(read(Query().by(kRank, true)).ids(), (Ids{2, 4, 1, 3}));
}

TEST_P(Rows, AreOrderedByTheNextFieldWhereTheFirstIsEqual) {
  for (const char* title : {"b", "a", "d", "c"}) {
    add(kTodo, {{kTitle, text(title)}, {kDone, Scalar::of_bool(title[0] > 'b')}});
  }
  EXPECT_EQ(read(Query().by(kDone, true).by(kTitle)).ids(), (Ids{4, 3, 2, 1}));
}

TEST_P(Rows, AreOrderedByAutomaticFieldsToo) {
  add_todo("a");
  add_todo("b");
  EXPECT_EQ(read(Query().by(kFieldId, true)).ids(), (Ids{2, 1}));
}

TEST_P(Rows, OfTextsAreOrderedByCodePoint) {
  for (const char* title : {"é", "z", "Z", "𝄞"}) add_todo(title);
  EXPECT_EQ(read(Query().by(kTitle)).ids(), (Ids{3, 2, 1, 4}));
}

TEST_P(Rows, AreCutByLimitAndOffset) {
  for (int at = 0; at < 5; ++at) add_todo("x");
  EXPECT_EQ(read(Query().cut(2)).ids(), (Ids{1, 2}));
  EXPECT_EQ(read(Query().cut(2, 3)).ids(), (Ids{4, 5}));
  EXPECT_EQ(read(Query().cut(-1, 4)).ids(), (Ids{5}));
  EXPECT_TRUE(read(Query().cut(0)).rows.empty());
  EXPECT_TRUE(read(Query().cut(3, 9)).rows.empty());
}

TEST_P(Rows, CarryTheFieldsAskedForInTheirOrder) {
  add_todo("a");
  const Reader out = read(Query().only({kDone, kTitle, kFieldId, kFieldVersion, kFieldCreatedAt}));
  ASSERT_EQ(out.rows[0].fields.size(), 5u);
  EXPECT_EQ(out.text(0, 1), "a");
  EXPECT_EQ(out.rows[0].fields[2].i, 1);
  EXPECT_EQ(out.rows[0].fields[3].i, 1);
  EXPECT_EQ(out.rows[0].fields[4].i, clock.ms());
}

TEST_P(Rows, EndWhenTheSinkHasEnough) {
  for (int at = 0; at < 5; ++at) add_todo("x");
  Reader out;
  out.enough = 2;
  Query query;
  read_into(out, query);
  EXPECT_EQ(out.rows.size(), 2u);
  EXPECT_EQ(out.code, 0u);
}

TEST_P(Rows, OfAnUnknownTypeAreAnError) { EXPECT_EQ(read(Query(9)).code, code('R', 14)); }
TEST_P(Rows, ByAnUnknownFieldAreAnError) { EXPECT_EQ(read(Query().by(77)).code, code('R', 8)); }
TEST_P(Rows, WithAnUnknownFieldAreAnError) {
  EXPECT_EQ(read(Query().only({77})).code, code('R', 8));
}

class Aggregates : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    const char* titles[] = {"a", "b", "a", "c"};
    for (int at = 0; at < 4; ++at) {
      add(kTodo, {{kTitle, text(titles[at])},
                  {kRank, at == 3 ? Scalar() : integer(at + 1)},
                  {kScore, Scalar::of_number(at + 0.5)},
                  {kDue, Scalar::of_time(1000 * at)},
                  {kSpent, Scalar::of_duration(100 * at)},
                  {kPrice, money(25 + at, "EUR")}});
    }
  }
  Scalar one(Query query) {
    const Reader out = read(std::move(query));
    EXPECT_EQ(out.message, "");
    EXPECT_EQ(out.values.size(), 1u);
    return out.values.empty() ? Scalar::of_text("missing") : out.values[0].second;
  }
  static Query none_of_them() { return Query().value(Scalar::of_bool(false)); }
};
INSTANTIATE_TEST_SUITE_P(Each, Aggregates, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Aggregates, CountRows) {
  EXPECT_EQ(one(Query().fold(store::kCount)).i, 4);
  EXPECT_EQ(one(none_of_them().fold(store::kCount)).i, 0);
  EXPECT_EQ(one(Query().fold(store::kCount).cut(3, 2)).i, 2);
}

TEST_P(Aggregates, TellWhetherARowExists) {
  EXPECT_TRUE(equal(one(Query().fold(store::kExists)), Scalar::of_bool(true)));
  EXPECT_TRUE(equal(one(none_of_them().fold(store::kExists)), Scalar::of_bool(false)));
}

TEST_P(Aggregates, SumEachKindAndSkipNone) {
  EXPECT_TRUE(equal(one(Query().fold(kSum, kRank)), integer(6)));
  EXPECT_EQ(one(Query().fold(kSum, kScore)).n, 8.0);
  EXPECT_TRUE(equal(one(Query().fold(kSum, kSpent)), Scalar::of_duration(600)));
  EXPECT_TRUE(equal(one(Query().fold(kSum, kPrice)), money(106, "EUR")));
}

TEST_P(Aggregates, SumNothingToZero) {
  EXPECT_TRUE(equal(one(none_of_them().fold(kSum, kRank)), integer(0)));
  EXPECT_TRUE(equal(one(none_of_them().fold(kSum, kSpent)), Scalar::of_duration(0)));
}

TEST_P(Aggregates, AverageEachKind) {
  EXPECT_EQ(one(Query().fold(kAvg, kRank)).n, 2.0);
  EXPECT_EQ(one(Query().fold(kAvg, kScore)).n, 2.0);
  EXPECT_TRUE(equal(one(Query().fold(kAvg, kDue)), Scalar::of_time(1500)));
  EXPECT_TRUE(equal(one(Query().fold(kAvg, kPrice)), money(26, "EUR")))
      << "26.5 rounds half to even";
}

TEST_P(Aggregates, OfNothingAreNone) {
  for (const Aggregate how : {kAvg, kMin, kMax})
    EXPECT_TRUE(one(none_of_them().fold(how, kRank)).is_none());
}

TEST_P(Aggregates, FindTheLeastAndTheGreatest) {
  EXPECT_TRUE(equal(one(Query().fold(kMin, kRank)), integer(1)));
  EXPECT_TRUE(equal(one(Query().fold(kMax, kRank)), integer(3)));
  EXPECT_TRUE(equal(one(Query().fold(kMax, kDue)), Scalar::of_time(3000)));
}

TEST_P(Aggregates, ListDistinctValuesInOrderOfTheRows) {
  const Reader out = read(Query().by(kFieldId, true).fold(kDistinct, kTitle));
  ASSERT_EQ(out.values.size(), 3u);
  EXPECT_EQ(out.values[0].second.text, "c");
  EXPECT_EQ(out.values[1].second.text, "a");
  EXPECT_EQ(out.values[2].second.text, "b");
}

TEST_P(Aggregates, GroupRowsByAValue) {
  const Reader out = read(Query().fold(kGroup, kNoField, kTitle));
  ASSERT_EQ(out.values.size(), 3u);
  EXPECT_EQ(out.values[0].first.text, "a");
  EXPECT_EQ(out.values[0].second.i, 2);
  EXPECT_EQ(out.ids(), (Ids{1, 3, 2, 4}));
}

TEST_P(Aggregates, CountAndSumGroups) {
  const Reader counts = read(Query().fold(kGroupCount, kNoField, kTitle));
  ASSERT_EQ(counts.values.size(), 3u);
  EXPECT_EQ(counts.values[0].second.i, 2);
  EXPECT_TRUE(counts.rows.empty());
  const Reader sums = read(Query().fold(kGroupSum, kRank, kTitle));
  EXPECT_EQ(sums.values[0].second.i, 4);
  EXPECT_EQ(sums.values[2].second.i, 0);
}

TEST_P(Aggregates, OfTwoCurrenciesFail) {
  add(kTodo, {{kTitle, text("d")}, {kPrice, money(1, "USD")}});
  const Reader out = read(Query().fold(kSum, kPrice));
  EXPECT_EQ(out.code, code('R', 17));
  EXPECT_EQ(out.message, "currencies differ: EUR and USD");
}

TEST_P(Aggregates, BeyondIntFail) {
  add(kTodo, {{kTitle, text("d")}, {kRank, integer(INT64_MAX)}});
  EXPECT_EQ(read(Query().fold(kSum, kRank)).code, code('R', 10));
}

TEST_P(Aggregates, OfTextsHaveNoSum) {
  EXPECT_EQ(read(Query().fold(kSum, kTitle)).code, code('R', 6));
}
TEST_P(Aggregates, NeedAField) { EXPECT_EQ(read(Query().fold(kSum)).code, code('R', 8)); }

}  // namespace
}  // namespace flin::store::tests
