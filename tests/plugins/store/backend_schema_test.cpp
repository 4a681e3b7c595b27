// How every IStoreBackend takes the next program: by names, additions only.
#include "backend_fixture.h"

namespace flin::store::tests {
namespace {

Scalar text(const char* value) { return Scalar::of_text(value); }

using Schema = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Schema, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Schema, MatchesEntitiesAndFieldsByName) {
  const auto user = add(kUser, {{kName, text("Bo")}});
  add(kTodo, {{kTitle, text("a")}, {kOwner, Scalar::of_record(kUser, user)}});
  testing::FakeSchema next;  // types and fields in another order
  next.entity("Comment")
      .field("of", "Todo", Kind::kRecord, 0, 1)
      .field("body", "text", Kind::kText);
  next.entity("Todo")
      .field("owner", "User?", Kind::kRecord, 0, 2)
      .field("title", "text", Kind::kText);
  next.field("done", "bool", Kind::kBool)
      .field("rank", "int?", Kind::kInt)
      .field("score", "number?", Kind::kNumber);
  next.field("due", "time?", Kind::kTime)
      .field("spent", "duration?", Kind::kDuration)
      .field("price", "money?", Kind::kMoney);
  next.field("tags", "[text]", Kind::kList).field("watchers", "[User]", Kind::kList);
  next.entity("User").field("name", "text", Kind::kText).field("email", "text?", Kind::kText);
  ASSERT_TRUE(open(next).ok());
  const Reader out = read(Query(1).only({0, 1}));
  ASSERT_EQ(out.rows.size(), 1u);
  EXPECT_TRUE(equal(out.rows[0].fields[0], Scalar::of_record(2, user)));
  EXPECT_EQ(out.text(0, 1), "a");
}

TEST_P(Schema, GivesOldRowsTheInitialValueOfANewField) {
  add_todo("a");
  testing::FakeSchema next = todo_schema();
  next.entity("Tag").field("word", "text", Kind::kText);
  testing::FakeSchema wider = todo_schema();
  ASSERT_TRUE(open(next).ok()) << "a new entity";
  wider = testing::FakeSchema();
  wider.entity("User").field("name", "text", Kind::kText).field("email", "text?", Kind::kText);
  wider.entity("Todo").field("title", "text", Kind::kText).field("done", "bool", Kind::kBool);
  wider.field("rank", "int?", Kind::kInt)
      .field("score", "number?", Kind::kNumber)
      .field("due", "time?", Kind::kTime);
  wider.field("spent", "duration?", Kind::kDuration).field("price", "money?", Kind::kMoney);
  wider.field("owner", "User?", Kind::kRecord, 0, 0)
      .field("tags", "[text]", Kind::kList)
      .field("watchers", "[User]", Kind::kList);
  wider.field("stars", "int", Kind::kInt)
      .fallback(testing::integer(3))
      .field("notes", "[text]", Kind::kList)
      .field("by", "text?", Kind::kText);
  wider.entity("Comment")
      .field("body", "text", Kind::kText)
      .field("of", "Todo", Kind::kRecord, 0, 1);
  wider.entity("Tag").field("word", "text", Kind::kText);
  ASSERT_TRUE(open(wider).ok());
  const Reader out = read(Query(1).only({10, 11, 12}));
  EXPECT_EQ(out.rows[0].fields[0].i, 3);
  EXPECT_EQ(out.text(0, 1), "[]");
  EXPECT_TRUE(out.rows[0].fields[2].is_none());
}

TEST_P(Schema, KeepsItsNumbersAndItsLogOverAReload) {
  const auto since = newest();
  add_todo("a");
  ASSERT_TRUE(open(schema).ok());
  EXPECT_EQ(newest(), since + 1);
  EXPECT_EQ(log(since).size(), 1u);
}

TEST_P(Schema, LetsAFieldBecomeOptional) {
  add(kUser, {{kName, text("Bo")}});
  testing::FakeSchema next;
  next.entity("User").field("name", "text?", Kind::kText).field("email", "text?", Kind::kText);
  EXPECT_TRUE(open(next).ok()) << "entities without rows may go";
}

TEST_P(Schema, RefusesAnotherTypeOfAFieldInOneSentence) {
  add(kUser, {{kName, text("Bo")}});
  testing::FakeSchema next;
  next.entity("User").field("name", "int", Kind::kInt).field("email", "text?", Kind::kText);
  const Status status = open(next);
  EXPECT_EQ(status.code(), code('R', 106));
  EXPECT_EQ(status.message(),
            "the stored data does not fit the program: field User.name was text and is now int; "
            "declare it as text again, or give the new field another name");
  EXPECT_EQ(read(Query(kUser)).rows.size(), 1u) << "the old schema goes on";
}

TEST_P(Schema, RefusesToLoseAField) {
  add(kUser, {{kName, text("Bo")}});
  testing::FakeSchema next;
  next.entity("User").field("name", "text", Kind::kText);
  EXPECT_EQ(open(next).message(),
            "the stored data does not fit the program: field User.email is no longer declared; "
            "declare it again (email: text?)");
}

TEST_P(Schema, RefusesToLoseAnEntityWithRows) {
  add(kUser, {{kName, text("Bo")}});
  testing::FakeSchema next;
  next.entity("Other").field("name", "text", Kind::kText);
  EXPECT_EQ(open(next).message(),
            "the stored data does not fit the program: entity User has rows and is no longer "
            "declared; declare it again, or destroy its rows first");
}

TEST_P(Schema, TakesAnyShapeForAnEntityWithoutRows) {
  testing::FakeSchema next;
  next.entity("User").field("name", "int", Kind::kInt);
  EXPECT_TRUE(open(next).ok());
}

TEST_P(Schema, AClosedBackendIsNotAvailable) {
  backend->close();
  EXPECT_EQ(read(Query()).code, code('R', 106));
  EXPECT_EQ(write({create(kTodo, {{kTitle, text("a")}})}).message, "store is not available");
}

}  // namespace
}  // namespace flin::store::tests
