// tests/golden: programs beside their `flin dump`. FLIN_UPDATE_GOLDEN=1 writes the dumps anew.
#include "kernel/compile/compiled.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace flin::compile {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> programs() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(FLIN_SOURCE_DIR "/tests/golden"))
    if (entry.path().extension() == ".flin") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

class Golden : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, DumpIsAsKept) {
  bytecode::Chunk chunk = testing::compiled(read(GetParam()), GetParam().stem().string());
  std::string dump = bytecode::disassemble(chunk);
  std::filesystem::path kept = GetParam();
  kept.replace_extension(".dump");
  if (std::getenv("FLIN_UPDATE_GOLDEN")) std::ofstream(kept, std::ios::binary) << dump;
  EXPECT_EQ(dump, read(kept));
}

INSTANTIATE_TEST_SUITE_P(Programs, Golden, ::testing::ValuesIn(programs()),
                         [](const auto& info) { return info.param.stem().string(); });

}  // namespace
}  // namespace flin::compile
