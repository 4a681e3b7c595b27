// Suspend and resume through a real shared library, in a whole flin.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace {

TEST(SleepyPlugin, SuspendsAgentsAndCompletesThemFromItsThread) {
  const std::string command = FLIN_BINARY_DIR "/bin/flin --plugin-dir=" SLEEPY_FOLDER
                                              " --plugins=sleepy " SLEEPY_SCRIPT " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char buffer[256];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(output, "0 2\n[3, 1, 2]\n");
}

}  // namespace
