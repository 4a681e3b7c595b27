// Values at the edge of what a backend's storage can hold, and what comes back after a restart.
#include "backend_fixture.h"

#include <cstring>
#include <deque>
#include <limits>

namespace flin::store::tests {
namespace {

Scalar text(std::string_view value) { return Scalar::of_text(value); }
Scalar integer(std::int64_t value) { return Scalar::of_int(value); }
Scalar number(double value) { return Scalar::of_number(value); }
using Ids = std::vector<std::uint64_t>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class Values : public BackendTest {
 protected:
  // The value as it comes back from a query, a history, the log and after a restart.
  void expect_kept(std::uint32_t field, const Scalar& value) {
    const auto since = newest();
    const auto id = add(kTodo, {{kTitle, text("x")}, {field, value}});
    expect_same(read(Query().only({field})).rows.back().fields[0], value);
    expect_same(past(kTodo, id).pasts[0].row.fields[field], value);
    expect_same(log(since)[0].after->fields[field], value);
    if (!GetParam().is_durable) return;
    restart();
    expect_same(read(Query().only({field})).rows.back().fields[0], value);
    expect_same(log(since)[0].after->fields[field], value);
  }
  static void expect_same(const Scalar& a, const Scalar& b) {
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.i, b.i);
    EXPECT_EQ(a.extra, b.extra);
    EXPECT_EQ(std::memcmp(&a.n, &b.n, sizeof a.n), 0) << a.n << " " << b.n;
    EXPECT_EQ(a.text, b.text);
  }
  void add_scores(const std::vector<double>& scores) {
    for (const double score : scores) add(kTodo, {{kTitle, text("x")}, {kScore, number(score)}});
  }
  Ids where_score(PredicateOp op, double value, bool is_negated = false) {
    Query query = Query().field(kScore).value(number(value)).op(op);
    if (is_negated) query.op(kOpNot);
    return read(std::move(query)).ids();
  }
};
INSTANTIATE_TEST_SUITE_P(Each, Values, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Values, KeepIntsUpToTheirEnds) {
  for (const std::int64_t value : {INT64_MIN, INT64_MIN + 1, std::int64_t{0}, INT64_MAX})
    expect_kept(kRank, integer(value));
}

TEST_P(Values, KeepNumbersBitByBit) {
  for (const double value : {0.0, -0.0, 0.1, 5.0, 9007199254740993.0, 5e-324,
                             1.7976931348623157e308, kInfinity, -kInfinity, kNan})
    expect_kept(kScore, number(value));
}

TEST_P(Values, KeepTextsByteByByte) {
  for (const std::string& value :
       {std::string(), std::string("a\0b", 3), std::string("\0", 1), std::string("é𝄞\u200d"),
        std::string("'\";--"), std::string("5"), std::string(3'000'000, 'x')})
    expect_kept(kTitle, text(value));
}

TEST_P(Values, KeepMoneyTimesAndDurations) {
  expect_kept(kPrice, money(INT64_MIN, "JPY"));
  expect_kept(kPrice, money(-5, "EUR"));
  expect_kept(kDue, Scalar::of_time(-62'135'596'800'000));
  expect_kept(kSpent, Scalar::of_duration(INT64_MAX));
}

TEST_P(Values, KeepListsAndReferences) {
  const auto user = add(kUser, {{kName, text("Bo")}});
  expect_kept(kOwner, Scalar::of_record(kUser, user));
  expect_kept(kWatchers, Scalar::of_written(Kind::kList, "[{\"id\":1}]"));
  expect_kept(kTags, Scalar::of_written(Kind::kList, "[\"a\\u0000b\",\"é\"]"));
}

TEST_P(Values, CompareNumbersWithIntsExactly) {
  add(kTodo, {{kTitle, text("x")}, {kRank, integer(9007199254740993)}});
  add(kTodo, {{kTitle, text("x")}, {kRank, integer(INT64_MAX)}});
  const auto ranks = [&](PredicateOp op, double value) {
    return read(Query().field(kRank).value(number(value)).op(op)).ids();
  };
  EXPECT_EQ(ranks(kOpEq, 9007199254740992.0), Ids{});
  EXPECT_EQ(ranks(kOpGt, 9007199254740992.0), (Ids{1, 2}));
  EXPECT_EQ(ranks(kOpLt, 9223372036854775808.0), (Ids{1, 2}));
  EXPECT_EQ(ranks(kOpLt, kInfinity), (Ids{1, 2}));
}

TEST_P(Values, NanIsUnequalAndNeitherLessNorGreater) {
  add_scores({1, kNan, -1});
  EXPECT_EQ(where_score(kOpGt, 0), Ids{1});
  EXPECT_EQ(where_score(kOpGe, -1), (Ids{1, 3}));
  EXPECT_EQ(where_score(kOpLt, 0), Ids{3});
  EXPECT_EQ(where_score(kOpNe, 1), (Ids{2, 3}));
  EXPECT_EQ(where_score(kOpGt, 0, true), (Ids{2, 3}));
  EXPECT_EQ(where_score(kOpEq, kNan), Ids{});
  EXPECT_EQ(where_score(kOpNe, kNan), (Ids{1, 2, 3}));
  EXPECT_EQ(read(Query().field(kScore).field(kScore).op(kOpEq)).ids(), (Ids{1, 3}));
}

TEST_P(Values, InfinityHasItsPlaceInTheOrder) {
  add_scores({kInfinity, kNan, -kInfinity, 0, -0.0});
  EXPECT_EQ(where_score(kOpGt, 0), Ids{1});
  EXPECT_EQ(where_score(kOpEq, kInfinity), Ids{1});
  EXPECT_EQ(where_score(kOpEq, 0), (Ids{4, 5})) << "-0 equals 0";
  EXPECT_EQ(read(Query().by(kScore)).ids(), (Ids{3, 4, 5, 1, 2})) << "NaN behind all numbers";
}

TEST_P(Values, OfTextsWithNulAreToldApart) {
  for (const std::string_view value :
       {std::string_view("a"), std::string_view("a\0", 2), std::string_view("a\0b", 3)})
    add(kTodo, {{kTitle, text(value)}});
  const auto titled = [&](PredicateOp op, std::string_view value) {
    return read(Query().field(kTitle).value(text(value)).op(op)).ids();
  };
  EXPECT_EQ(titled(kOpEq, std::string_view("a\0", 2)), Ids{2});
  EXPECT_EQ(titled(kOpGt, "a"), (Ids{2, 3}));
  EXPECT_EQ(titled(kOpContains, std::string_view("\0b", 2)), Ids{3});
  EXPECT_EQ(read(Query().by(kTitle, true)).ids(), (Ids{3, 2, 1}));
}

TEST_P(Values, OfMoneyAreOrderedByCurrencyThenAmount) {
  add(kTodo, {{kTitle, text("x")}, {kPrice, money(10, "EUR")}});
  add(kTodo, {{kTitle, text("x")}, {kPrice, money(9, "EUR")}});
  add(kTodo, {{kTitle, text("x")}});
  EXPECT_EQ(read(Query().by(kPrice)).ids(), (Ids{3, 2, 1}));
  EXPECT_EQ(read(Query().field(kPrice).value(money(9, "EUR")).op(kOpGt)).ids(), Ids{1});
}

TEST_P(Values, NoneIsKeptOutOfNegatedComparisons) {
  add(kTodo, {{kTitle, text("x")}, {kRank, integer(1)}});
  add(kTodo, {{kTitle, text("x")}});
  EXPECT_EQ(read(Query().field(kRank).value(integer(0)).op(kOpGt).op(kOpNot)).ids(), Ids{2});
  EXPECT_EQ(read(Query().field(kRank).value(integer(1)).op(kOpEq).op(kOpNot)).ids(), Ids{2});
  EXPECT_EQ(read(Query().field(kRank).op(kOpNot)).ids(), Ids{2});
}

TEST_P(Values, OfUniqueFieldsMayHoldAnyText) {
  add(kUser, {{kName, text(std::string_view("a\0", 2))}});
  EXPECT_EQ(write({create(kUser, {{kName, text("a")}})}).code, 0u);
  EXPECT_EQ(write({create(kUser, {{kName, text(std::string_view("a\0", 2))}})}).code,
            code('R', 101));
}

using Restart = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Restart, ::testing::ValuesIn(durable_backends()), backend_name);

TEST_P(Restart, KeepsRowsVersionsAndHistory) {
  const auto id = add_todo("a");
  clock.advance_ms(1000);
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  write({change(kDelete, kTodo, add_todo("gone"))});
  const auto then = clock.ms();
  restart();
  const Reader now = read(Query().only({kTitle, kFieldVersion, kFieldUpdatedAt}));
  ASSERT_EQ(now.ids(), Ids{id});
  EXPECT_EQ(now.text(0, 0), "b");
  EXPECT_EQ(now.rows[0].fields[1].i, 2);
  EXPECT_EQ(now.rows[0].fields[2].i, then);
  EXPECT_EQ(past(kTodo, id).pasts.size(), 2u);
  EXPECT_EQ(read_at_time(Query().only({kTitle}), then - 1).text(0, 0), "a");
  EXPECT_EQ(add_todo("c"), id + 2) << "ids go on";
}

TEST_P(Restart, KeepsIdsThatWereReservedAndUsedLater) {
  auto* ids = dynamic_cast<IReservedIds*>(backend.get());
  ASSERT_NE(ids, nullptr);
  const auto id = ids->reserve(kTodo);
  EXPECT_EQ(add_todo("between"), id + 1);
  MadeChange made = create(kTodo, {{kTitle, text("a")}});
  made.id = id;
  EXPECT_EQ(write({made}).message, "");
  restart();
  const Reader now = read(Query().only({kTitle}));
  EXPECT_EQ(now.ids(), (Ids{id, id + 1}));
  EXPECT_EQ(now.text(0, 0), "a");
  EXPECT_EQ(add_todo("next"), id + 2);
}

TEST_P(Restart, KeepsTheNumbersAndTheLog) {
  const auto since = newest();
  const auto id = add_todo("a");
  write({change(kDestroy, kTodo, add_todo("b"))});
  write({update(kTodo, id, 1, {{kDone, Scalar::of_bool(true)}})});
  const auto before = log(since);
  restart();
  EXPECT_EQ(newest(), since + 4);
  const auto after = log(since);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t at = 0; at < after.size(); ++at) {
    EXPECT_EQ(after[at].seq, before[at].seq);
    EXPECT_EQ(after[at].kind, before[at].kind);
    EXPECT_EQ(after[at].fields, before[at].fields) << at;
    EXPECT_EQ(after[at].before.has_value(), before[at].before.has_value()) << at;
    EXPECT_EQ(after[at].after.has_value(), before[at].after.has_value()) << at;
  }
  EXPECT_EQ(after[1].after->fields[kTitle].text, "b") << "of a row that was destroyed later";
  EXPECT_EQ(after[2].before->fields[kTitle].text, "b");
  EXPECT_EQ(log(since, 2).back().seq, since + 2);
}

TEST_P(Restart, RemembersWhatTheLogNoLongerHolds) {
  const auto since = newest();
  for (int at = 0; at < 5; ++at) add_todo("x");
  backend->trim(2);
  restart();
  LogReader out;
  EXPECT_EQ(backend->log(since, 0, out), 0u);
  EXPECT_EQ(log(since + 3).size(), 2u);
}

TEST_P(Restart, StillFindsConflictsAndTakenValues) {
  const auto id = add(kUser, {{kName, text("Bo")}});
  write({update(kUser, id, 1, {{kName, text("Al")}})});
  restart();
  EXPECT_EQ(write({update(kUser, id, 1, {{kName, text("Cy")}})}).code, code('R', 103));
  EXPECT_EQ(write({create(kUser, {{kName, text("Al")}})}).code, code('R', 101));
}

TEST_P(Restart, ReadsALongLogInParts) {
  constexpr int kCommits = 600;
  const auto since = newest();
  std::deque<AwaitedWrite> writes(kCommits);
  for (AwaitedWrite& each : writes) {
    with_changes({create(kTodo, {{kTitle, text("a")}}), create(kTodo, {{kTitle, text("b")}})},
                 [&](const ChangeSet& set) { backend->commit(set, AwaitedWrite::take, &each); });
  }
  for (AwaitedWrite& each : writes) EXPECT_EQ(each.wait().code, 0u);
  restart();
  const auto changes = log(since);
  ASSERT_EQ(changes.size(), 2u * kCommits);
  for (std::size_t at = 0; at < changes.size(); ++at)
    ASSERT_EQ(changes[at].seq, since + 1 + at / 2);
  EXPECT_EQ(log(since + 5, 300).size(), 600u);
}

}  // namespace
}  // namespace flin::store::tests
