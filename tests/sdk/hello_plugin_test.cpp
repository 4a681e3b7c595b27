#include "flin/testing.h"
#include "host/plugin_host.h"

#include <gtest/gtest.h>

namespace flin {
namespace {

TEST(HelloPlugin, LoadsAndAnswers) {
  Logger log(LogLevel::kError);
  Config config;
  ASSERT_TRUE(config.read({}).ok());
  PluginHost host({{HELLO_FOLDER}, keeps_plugins(process_environment())}, config, log);
  ASSERT_TRUE(host.load({"hello"}).ok());
  ASSERT_TRUE(host.start().ok());
  testing::Call call;
  Value result;
  const OpEntry* op = host.ops().link(host.bindings().builtins("answer").at(0)->op, 0);
  ASSERT_TRUE(op->run(*op->self, call, nullptr, 0, result).ok());
  EXPECT_EQ(call.int_of(result), 42);
}

}  // namespace
}  // namespace flin
