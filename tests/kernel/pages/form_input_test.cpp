#include "pages/form_input.h"

#include <gtest/gtest.h>

namespace flin::pages {
namespace {

struct FormInputTest : testing::Test {
  FormInputTest() {
    for (const char type : {'\x01', '\x02', '\x03', '\x04'}) {
      bytecode::Constant constant;
      constant.tag = bytecode::Tag::kType;
      constant.text = std::string(1, type);
      chunk.constants.push_back(constant);
    }
    add("title", 0);
    add("count", 1);
    add("price", 2);
    add("done", 3);
  }
  void add(const char* name, std::uint32_t type_k) {
    bytecode::InputRow input;
    input.name = name;
    input.type_k = type_k;
    handler.inputs.push_back(input);
  }
  std::string merge(std::vector<Pair> fields) {
    auto merged =
        merge_form(chunk, handler, R"(["old",1,0.5,true])", {fields.data(), fields.size()});
    return merged.ok() ? merged.value() : merged.error().message;
  }
  bytecode::Chunk chunk;
  bytecode::HandlerRow handler;
};

TEST_F(FormInputTest, FieldsTakeThePlaceOfVariablesByTheirType) {
  EXPECT_EQ(merge({{"title", "a \"b\""}, {"count", " 12 "}, {"price", "1.25"}, {"done", "on"}}),
            R"(["a \"b\"",12,1.25,true])");
}

TEST_F(FormInputTest, TextThatDoesNotParseLeavesTheVariable) {
  EXPECT_EQ(merge({{"count", "x"}, {"price", ""}, {"done", "on"}}), R"(["old",1,0.5,true])");
}

TEST_F(FormInputTest, ACheckboxThatIsNotSentIsFalse) {
  EXPECT_EQ(merge({{"title", "x"}}), R"(["x",1,0.5,false])");
}

TEST_F(FormInputTest, FieldsOfOtherNamesAreIgnored) {
  EXPECT_EQ(merge({{"admin", "1"}, {"done", "on"}}), R"(["old",1,0.5,true])");
}

TEST_F(FormInputTest, RefusesInputsThatThePageDidNotMake) {
  for (const char* in : {"", "{}", "[]", R"(["a"])", "[1,2,3,4,5]", "nonsense"}) {
    const auto merged = merge_form(chunk, handler, in, {});
    ASSERT_FALSE(merged.ok()) << in;
    EXPECT_EQ(merged.error().code, code('R', 401));
    EXPECT_EQ(merged.error().message, "action refused: wrong number of inputs");
  }
}

}  // namespace
}  // namespace flin::pages
