// The checks at save, by their messages.
#include "validators.h"

#include "store_fixture.h"

namespace flin::store::tests {
namespace {

Plain regex(const char* written) {
  Plain out;
  out.kind = Kind::kRegex;
  out.text = written;
  return out;
}
Plain list(const char* written) {
  Plain out = regex(written);
  out.kind = Kind::kList;
  return out;
}

// What a create with one field `x` says.
std::string checked(testing::FakeSchema schema, Scalar value) {
  const Entities entities = read_entities(schema.rows());
  Validators validators;
  const MaybeFault fault = Validators::compile(schema.rows(), entities, nullptr, validators);
  if (fault) return fault->message;
  std::vector<FieldWrite> fields = {{0, std::move(value)}};
  FieldErrors errors;
  validators.check(entities, 0, true, fields, errors);
  return errors.fields.empty() ? "" : errors.message();
}

testing::FakeSchema field(const char* type, Kind kind, std::uint32_t flags = 0) {
  testing::FakeSchema schema;
  schema.entity("T").field("x", type, kind, flags);
  return schema;
}
testing::FakeSchema text_field() { return field("text?", Kind::kText); }
testing::FakeSchema int_field() { return field("int?", Kind::kInt); }
Scalar text(const char* value) { return Scalar::of_text(value); }

TEST(Validators, RequiredRefusesNoneAndBlankText) {
  for (const Scalar& value : {Scalar(), text(""), text(" \n")}) {
    EXPECT_EQ(checked(field("text", Kind::kText, kFieldRequired), value),
              "validation failed: x is required");
  }
  EXPECT_EQ(checked(field("text", Kind::kText, kFieldRequired), text("a")), "");
}

TEST(Validators, NonePassesAllButRequired) {
  for (const char* name : {"email", "url"})
    EXPECT_EQ(checked(text_field().validator(name), Scalar()), "") << name;
  EXPECT_EQ(checked(int_field().validator("min", {testing::integer(3)}), Scalar()), "");
  EXPECT_EQ(checked(text_field().validator("pattern", {regex("[\"a\",\"\"]")}), Scalar()), "");
}

TEST(Validators, AFieldThatIsNotOptionalNeedsAValue) {
  EXPECT_EQ(checked(field("bool", Kind::kBool), Scalar()), "validation failed: x is required");
}

TEST(Validators, TypesComeFirst) {
  EXPECT_EQ(checked(int_field().validator("min", {testing::integer(3)}), text("a")),
            "validation failed: x must be int?");
  EXPECT_EQ(checked(field("number", Kind::kNumber), Scalar::of_int(3)), "")
      << "int is assignable to number";
  EXPECT_EQ(checked(field("int", Kind::kInt), Scalar::of_number(3.0)), "");
  EXPECT_EQ(checked(field("int", Kind::kInt), Scalar::of_number(3.5)),
            "validation failed: x must be int");
}

TEST(Validators, Bounds) {
  EXPECT_EQ(checked(int_field().validator("min", {testing::integer(3)}), Scalar::of_int(2)),
            "validation failed: x must be at least 3");
  EXPECT_EQ(checked(int_field().validator("min", {testing::integer(3)}), Scalar::of_int(3)), "");
  EXPECT_EQ(checked(int_field().validator("max", {testing::number(2.5)}), Scalar::of_int(3)),
            "validation failed: x must be at most 2.5");
  EXPECT_EQ(checked(int_field().validator("positive"), Scalar::of_int(0)),
            "validation failed: x must be greater than 0");
}

TEST(Validators, Lengths) {
  EXPECT_EQ(checked(text_field().validator("minLength", {testing::integer(2)}), text("é")),
            "validation failed: x must have at least 2 characters");
  EXPECT_EQ(checked(text_field().validator("maxLength", {testing::integer(1)}), text("ab")),
            "validation failed: x must have at most 1 character");
  EXPECT_EQ(checked(text_field().validator("length", {testing::integer(3)}), text("ab")),
            "validation failed: x must have exactly 3 characters");
  EXPECT_EQ(checked(text_field().validator("length", {testing::integer(3), testing::integer(5)}),
                    text("ab")),
            "validation failed: x must have 3 to 5 characters");
  EXPECT_EQ(checked(field("[int]", Kind::kList).validator("minLength", {testing::integer(2)}),
                    Scalar::of_written(Kind::kList, "[1]")),
            "validation failed: x must have at least 2 items");
}

TEST(Validators, PatternFitsTheWholeText) {
  const auto schema = text_field().validator("pattern", {regex("[\"[a-c]+\",\"\"]")});
  EXPECT_EQ(checked(schema, text("abc")), "");
  EXPECT_EQ(checked(schema, text("abcd")), "validation failed: x has the wrong form");
  EXPECT_EQ(checked(text_field().validator("pattern", {regex("[\"a+\",\"i\"]")}), text("aA")), "");
}

TEST(Validators, MailUrlAndChoice) {
  EXPECT_EQ(checked(text_field().validator("email"), text("a")),
            "validation failed: x must be an e-mail address");
  EXPECT_EQ(checked(text_field().validator("url"), text("a")),
            "validation failed: x must be a URL");
  const auto schema = text_field().validator("one_of", {list("[\"a\",\"b\"]")});
  EXPECT_EQ(checked(schema, text("b")), "");
  EXPECT_EQ(checked(schema, text("c")), "validation failed: x must be one of a, b");
}

TEST(Validators, TheFirstInOrderOfDeclarationSpeaks) {
  const auto schema = text_field().validator("minLength", {testing::integer(5)}).validator("email");
  EXPECT_EQ(checked(schema, text("a")), "validation failed: x must have at least 5 characters");
}

TEST(Validators, ThatAreUnknownAreRefusedAtOpen) {
  EXPECT_EQ(checked(text_field().validator("nice"), text("a")),
            "T.x: the store has no validator @nice");
  EXPECT_EQ(
      checked(text_field().validator("pattern", {regex("[\"(\",\"\"]")}), text("a")).substr(0, 27),
      "T.x: @pattern does not work");
}

TEST(Validators, AllFieldsAreTold) {
  testing::FakeSchema schema;
  schema.entity("T").field("a", "text", Kind::kText, kFieldRequired).field("b", "int", Kind::kInt);
  const Entities entities = read_entities(schema.rows());
  Validators validators;
  ASSERT_FALSE(Validators::compile(schema.rows(), entities, nullptr, validators));
  std::vector<FieldWrite> none;
  FieldErrors errors;
  validators.check(entities, 0, true, none, errors);
  EXPECT_EQ(errors.message(), "validation failed: a is required, b is required");
}

}  // namespace
}  // namespace flin::store::tests
