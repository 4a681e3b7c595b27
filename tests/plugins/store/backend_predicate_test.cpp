// Every operator of L 21.5, as every IStoreBackend runs it.
#include "backend_fixture.h"

namespace flin::store::tests {
namespace {

Scalar text(const char* value) { return Scalar::of_text(value); }
Scalar integer(std::int64_t value) { return Scalar::of_int(value); }
Scalar list(const char* written) { return Scalar::of_written(Kind::kList, written); }
using Ids = std::vector<std::uint64_t>;

class Where : public BackendTest {
 protected:
  // 1: "Apple", rank 5, owner Bo; 2: "banana " done, no rank; 3: "Ärger", rank -7, owner Al.
  void SetUp() override {
    BackendTest::SetUp();
    add(kUser, {{kName, text("Bo")}});
    add(kUser, {{kName, text("Al")}, {kEmail, text("al@x.org")}});
    add(kTodo, {{kTitle, text("Apple")},
                {kRank, integer(5)},
                {kOwner, Scalar::of_record(kUser, 1)},
                {kDue, Scalar::of_time(1'769'851'800'000)},
                {kTags, list("[\"red\",\"big\"]")},
                {kSpent, Scalar::of_duration(1000)}});
    add(kTodo, {{kTitle, text("banana ")},
                {kDone, Scalar::of_bool(true)},
                {kScore, Scalar::of_number(2.5)}});
    add(kTodo, {{kTitle, text("Ärger")},
                {kRank, integer(-7)},
                {kOwner, Scalar::of_record(kUser, 2)},
                {kDue, Scalar::of_time(-1)},
                {kPrice, money(500, "EUR")}});
  }
  Ids where(Query query) {
    const Reader out = read(std::move(query));
    EXPECT_EQ(out.message, "");
    return out.ids();
  }
  static Query compared(std::uint32_t field, PredicateOp op, Scalar value) {
    return Query().field(field).value(std::move(value)).op(op);
  }
};
INSTANTIATE_TEST_SUITE_P(Each, Where, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Where, Equal) {
  EXPECT_EQ(where(compared(kTitle, kOpEq, text("Apple"))), Ids{1});
  EXPECT_EQ(where(compared(kRank, kOpEq, Scalar::of_number(5.0))), Ids{1});
  EXPECT_EQ(where(compared(kRank, kOpEq, Scalar())), Ids{2});
  EXPECT_EQ(where(compared(kRank, kOpEq, text("5"))), Ids{});
  EXPECT_EQ(where(compared(kOwner, kOpEq, Scalar::of_record(kUser, 2))), Ids{3});
  EXPECT_EQ(where(compared(kPrice, kOpEq, money(500, "EUR"))), Ids{3});
}

TEST_P(Where, NotEqual) {
  EXPECT_EQ(where(compared(kTitle, kOpNe, text("Apple"))), (Ids{2, 3}));
  EXPECT_EQ(where(compared(kRank, kOpNe, integer(5))), (Ids{2, 3}))
      << "none is unequal to every value";
}

TEST_P(Where, LessAndGreater) {
  EXPECT_EQ(where(compared(kRank, kOpLt, integer(5))), Ids{3});
  EXPECT_EQ(where(compared(kRank, kOpLe, integer(5))), (Ids{1, 3}));
  EXPECT_EQ(where(compared(kRank, kOpGt, integer(-7))), Ids{1});
  EXPECT_EQ(where(compared(kRank, kOpGe, integer(-7))), (Ids{1, 3}));
}

TEST_P(Where, NoneIsNeitherLessNorGreater) {
  for (const PredicateOp op : {kOpLt, kOpLe, kOpGt, kOpGe})
    EXPECT_EQ(where(compared(kRank, op, Scalar())), Ids{});
}

TEST_P(Where, TextsAndTimesHaveAnOrder) {
  EXPECT_EQ(where(compared(kTitle, kOpLt, text("b"))), Ids{1});
  EXPECT_EQ(where(compared(kDue, kOpLt, Scalar::of_time(0))), Ids{3});
  EXPECT_EQ(where(compared(kSpent, kOpGe, Scalar::of_duration(1000))), Ids{1});
}

TEST_P(Where, AndOrNot) {
  Query both = Query().field(kDone).op(kOpNot).field(kRank).value(integer(0)).op(kOpGt).op(kOpAnd);
  EXPECT_EQ(where(both), Ids{1});
  Query either = Query().field(kDone).field(kRank).value(integer(0)).op(kOpGt).op(kOpOr);
  EXPECT_EQ(where(either), (Ids{1, 2}));
}

TEST_P(Where, IsNone) { EXPECT_EQ(where(Query().field(kRank).op(kOpIsNone)), Ids{2}); }

TEST_P(Where, InAListOfValues) {
  EXPECT_EQ(where(compared(kRank, kOpIn, list("[1,5,9]"))), Ids{1});
  EXPECT_EQ(where(compared(kTitle, kOpIn, list("[\"Apple\",\"\\u00c4rger\"]"))), (Ids{1, 3}));
  EXPECT_EQ(where(compared(kRank, kOpIn, list("[null]"))), Ids{2});
  EXPECT_EQ(where(compared(kOwner, kOpIn, list("[{\"$e\":\"User\",\"id\":2}]"))), Ids{3});
  EXPECT_EQ(where(compared(kPrice, kOpIn, list("[[500,\"EUR\"]]"))), Ids{3});
}

TEST_P(Where, InAListField) {
  EXPECT_EQ(where(Query().value(text("red")).field(kTags).op(kOpIn)), Ids{1});
}

TEST_P(Where, Arithmetic) {
  const auto rank_is = [](PredicateOp op, Scalar right, Scalar result) {
    return Query()
        .field(kRank)
        .value(integer(0))
        .op(kOpCoalesce)
        .value(std::move(right))
        .op(op)
        .value(std::move(result))
        .op(kOpEq);
  };
  EXPECT_EQ(where(rank_is(kOpAdd, integer(2), integer(7))), Ids{1});
  EXPECT_EQ(where(rank_is(kOpSub, integer(5), integer(0))), Ids{1});
  EXPECT_EQ(where(rank_is(kOpMul, integer(-2), integer(14))), Ids{3});
  EXPECT_EQ(where(rank_is(kOpDiv, integer(2), Scalar::of_number(2.5))), Ids{1});
  EXPECT_EQ(where(rank_is(kOpMod, integer(3), integer(-1))), Ids{3}) << "% truncates";
}

TEST_P(Where, ArithmeticOnTimesAndDurations) {
  Query guarded = Query().field(kDue).op(kOpIsNone).op(kOpNot);
  guarded.field(kDue)
      .value(Scalar::of_duration(1))
      .op(kOpAdd)
      .value(Scalar::of_time(0))
      .op(kOpEq)
      .op(kOpAnd);
  EXPECT_EQ(where(guarded), Ids{3});
}

TEST_P(Where, DivisionByZeroFailsTheQuery) {
  const Reader out = read(Query().value(integer(1)).value(integer(0)).op(kOpMod));
  EXPECT_EQ(out.code, code('R', 9));
  EXPECT_EQ(out.message, "division by zero");
}

TEST_P(Where, OverflowFailsTheQuery) {
  EXPECT_EQ(read(Query().value(integer(INT64_MAX)).value(integer(1)).op(kOpAdd)).code,
            code('R', 10));
}

TEST_P(Where, AndDoesNotLookAtWhatItDoesNotNeed) {
  Query query = Query()
                    .value(Scalar::of_bool(false))
                    .value(integer(1))
                    .value(integer(0))
                    .op(kOpMod)
                    .op(kOpAnd);
  EXPECT_EQ(where(query), Ids{});
}

TEST_P(Where, Coalesce) {
  EXPECT_EQ(
      where(Query().field(kRank).value(integer(9)).op(kOpCoalesce).value(integer(9)).op(kOpEq)),
      Ids{2});
}

TEST_P(Where, TextTests) {
  EXPECT_EQ(where(compared(kTitle, kOpContains, text("a"))), Ids{2});
  EXPECT_EQ(where(compared(kTitle, kOpStarts, text("Ä"))), Ids{3});
  EXPECT_EQ(where(compared(kTitle, kOpEnds, text("e"))), Ids{1});
  EXPECT_EQ(where(compared(kTitle, kOpContains, text(""))), (Ids{1, 2, 3}));
}

TEST_P(Where, TextChanges) {
  EXPECT_EQ(where(Query().field(kTitle).op(kOpLower).value(text("ärger")).op(kOpEq)), Ids{3});
  EXPECT_EQ(where(Query().field(kTitle).op(kOpUpper).value(text("ÄRGER")).op(kOpEq)), Ids{3});
  EXPECT_EQ(where(Query().field(kTitle).op(kOpTrim).value(text("banana")).op(kOpEq)), Ids{2});
}

TEST_P(Where, LenCountsCodePoints) {
  EXPECT_EQ(where(Query().field(kTitle).op(kOpLen).value(integer(5)).op(kOpEq)), (Ids{1, 3}));
}

TEST_P(Where, ListCountAndContains) {
  EXPECT_EQ(where(Query().field(kTags).op(kOpCount).value(integer(2)).op(kOpEq)), Ids{1});
  EXPECT_EQ(where(compared(kTags, kOpContains, text("big"))), Ids{1});
}

TEST_P(Where, DateParts) {
  EXPECT_EQ(where(Query().field(kDue).op(kOpYear).value(integer(2026)).op(kOpEq)), Ids{1});
  EXPECT_EQ(where(Query().field(kDue).op(kOpMonth).value(integer(1)).op(kOpEq)), Ids{1});
  EXPECT_EQ(where(Query().field(kDue).op(kOpDay).value(integer(31)).op(kOpEq)), (Ids{1, 3}));
  EXPECT_EQ(where(Query().field(kDue).op(kOpYear).value(integer(1969)).op(kOpEq)), Ids{3});
}

TEST_P(Where, AutomaticFields) {
  EXPECT_EQ(where(compared(kFieldId, kOpEq, integer(2))), Ids{2});
  EXPECT_EQ(where(compared(kFieldId, kOpGt, integer(1))), (Ids{2, 3}));
  EXPECT_EQ(where(compared(kFieldVersion, kOpEq, integer(1))), (Ids{1, 2, 3}));
  EXPECT_EQ(where(compared(kFieldCreatedAt, kOpLe, Scalar::of_time(clock.ms()))), (Ids{1, 2, 3}));
}

TEST_P(Where, FieldsOfReferences) {
  EXPECT_EQ(where(Query().field(FieldPath{kOwner, kName}).value(text("Bo")).op(kOpEq)), Ids{1});
  EXPECT_EQ(where(Query().field(FieldPath{kOwner, kEmail}).op(kOpIsNone)), (Ids{1, 2}));
}

TEST_P(Where, AReferenceToADeletedRowReadsAsNone) {
  write({change(kDelete, kUser, 1)});
  EXPECT_EQ(where(Query().field(FieldPath{kOwner, kName}).op(kOpIsNone)), (Ids{1, 2}));
}

TEST_P(Where, BoundParametersMayBeGivenByByteToo) {
  Query query = Query().field(kTitle);
  query.parameters.push_back(text("Apple"));
  query.code.insert(query.code.end(), {0x02, 0x00, kOpEq});
  EXPECT_EQ(where(query), Ids{1});
}

TEST_P(Where, AMalformedPredicateIsAnError) {
  Query query;
  query.code = {kOpAnd};
  const Reader out = read(query);
  EXPECT_EQ(out.code, code('R', 14));
  EXPECT_EQ(out.message,
            "invalid argument: the predicate is malformed, the stack is empty at byte 0");
}

TEST_P(Where, AnUnknownFieldIsAnError) { EXPECT_EQ(read(Query().field(77)).code, code('R', 8)); }
TEST_P(Where, APathThroughAValueIsAnError) {
  EXPECT_EQ(read(Query().field(FieldPath{kTitle, kName})).code, code('R', 8));
}

}  // namespace
}  // namespace flin::store::tests
