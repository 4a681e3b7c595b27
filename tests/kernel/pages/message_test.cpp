#include "pages/message.h"

#include "pages/action.h"

#include <gtest/gtest.h>

namespace flin::pages {
namespace {

TEST(Message, WritesErrorsAndReloadsInTheOrderOfTheProtocol) {
  EXPECT_EQ(
      error_message({code('R', 401), "action refused: n must be int"}, "cells", "0"),
      R"({"type":"error","code":"R0401","message":"action refused: n must be int","action":"cells","key":"0"})");
  EXPECT_EQ(error_message({code('R', 401), "x"}, {}, {}),
            R"({"type":"error","code":"R0401","message":"x"})");
  EXPECT_EQ(reload_message("build", "d4b90c31"),
            R"({"type":"reload","reason":"build","build":"d4b90c31"})");
  EXPECT_EQ(reload_message("token", {}), R"({"type":"reload","reason":"token"})");
}

TEST(Message, TellsPeopleInProductionOnlyWhatIsNoFaultOfTheProgram) {
  EXPECT_EQ(shown_message({code('R', 101), "validation failed: title is required"}, true),
            "validation failed: title is required");
  EXPECT_EQ(shown_message({code('R', 403), "action not allowed"}, true), "action not allowed");
  EXPECT_EQ(shown_message({code('R', 16), "no such user"}, true), "no such user");
  EXPECT_EQ(shown_message({code('R', 11), "index 5 is out of range (list of 3)"}, true),
            "internal error");
  EXPECT_EQ(shown_message({code('R', 501), "plugin x failed in y"}, true), "internal error");
  EXPECT_EQ(shown_message({code('R', 11), "index 5 is out of range (list of 3)"}, false),
            "index 5 is out of range (list of 3)");
}

TEST(Message, ResultsHaveTheFormOfTheTranscript) {
  ActionOutcome outcome;
  outcome.out.emplace_back(0, "\"\"");
  EXPECT_EQ(result_head(1, 58) + result_rest(outcome, true) + "}",
            R"({"type":"result","id":1,"seq":58,"out":[[0,""]]})");
  ActionOutcome failed;
  failed.error.error = {code('R', 101), "validation failed: title is required"};
  failed.error.fields = {{"title", "is required"}};
  EXPECT_EQ(
      result_head(2, 59) + result_rest(failed, true) + "}",
      R"({"type":"result","id":2,"seq":59,"error":{"code":"R0101","message":"validation failed: title is required","fields":{"title":"is required"}}})");
}

}  // namespace
}  // namespace flin::pages
