// Page modules: those of W 9 and W 10, kept ones in modules/, names and hashes.
// FLIN_UPDATE_GOLDEN=1 writes modules/*.js anew.
#include "kernel/browser/assets.h"

#include "base/sha256.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace flin::browser {
namespace {

using testing::built;
using testing::file_text;
using testing::find_asset;
using testing::module_of;

// Without the layout: no blanks outside texts but between words, no commas at the ends of lists.
std::string bare(const std::string& code) {
  std::string out;
  auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
  };
  for (std::size_t n = 0; n < code.size(); ++n) {
    char c = code[n];
    if (c == '"' || c == '`') {
      std::size_t end = n + 1;
      while (end < code.size() && code[end] != c) end += code[end] == '\\' ? 2 : 1;
      out += code.substr(n, end - n + 1);
      n = end;
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      std::size_t next = code.find_first_not_of(" \n", n);
      bool between =
          !out.empty() && next != code.npos && is_word(out.back()) && is_word(code[next]);
      if (between) out += ' ';
      n = (next == code.npos ? code.size() : next) - 1;
    } else {
      bool closes = (c == ']' || c == '}' || c == ')') && !out.empty() && out.back() == ',';
      if (closes) out.pop_back();
      out += c;
    }
  }
  return out;
}

std::string replaced(std::string text,
                     const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [from, to] : pairs)
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
      text.replace(at, from.size(), to);
  return text;
}

std::string wire_module(const std::string& name) {
  return file_text(FLIN_SOURCE_DIR "/tests/wire/module/" + name + ".js");
}
std::string golden_program(const std::string& name) {
  return file_text(FLIN_SOURCE_DIR "/tests/golden/" + name + ".flin");
}

TEST(Module, OfCounterIsThatOfTheProtocol) {
  std::string expected = replaced(wire_module("counter"), {{"9f3c2a7e", "b"}});
  EXPECT_EQ(bare(module_of(built(golden_program("counter"), "counter"))), bare(expected));
}

TEST(Module, OfTodoIsThatOfTheProtocol) {
  // The names of live values are the writer's.
  std::string expected = replaced(
      wire_module("todo"),
      {{"c1a7e0f2", "b"}, {"todos", "live0"}, {"open =", "live1 ="}, {"open()", "live1()"}});
  EXPECT_EQ(bare(module_of(built(golden_program("todo"), "todo"))), bare(expected));
}

std::vector<std::filesystem::path> programs() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(FLIN_SOURCE_DIR "/tests/kernel/browser/modules"))
    if (entry.path().extension() == ".flin") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

class KeptModule : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(KeptModule, IsAsKept) {
  std::string module = module_of(built(file_text(GetParam()), GetParam().stem().string()));
  std::filesystem::path kept = GetParam();
  kept.replace_extension(".js");
  if (std::getenv("FLIN_UPDATE_GOLDEN")) std::ofstream(kept, std::ios::binary) << module;
  EXPECT_EQ(module, file_text(kept.string()));
}

INSTANTIATE_TEST_SUITE_P(Programs, KeptModule, ::testing::ValuesIn(programs()),
                         [](const auto& info) { return info.param.stem().string(); });

TEST(Assets, AreNamedByTheirBytes) {
  bytecode::Chunk chunk = built(golden_program("components"), "components");
  ASSERT_FALSE(chunk.assets.empty());
  for (const bytecode::AssetRow& row : chunk.assets) {
    EXPECT_EQ(row.sha256, sha256_hex(row.bytes));
    EXPECT_NE(row.name.find(row.sha256.substr(0, 8)), row.name.npos) << row.name;
  }
}

TEST(Assets, OfTheSameProgramAreTheSame) {
  bytecode::Chunk one = built(golden_program("todo")), two = built(golden_program("todo"));
  EXPECT_EQ(one.build, two.build);
  ASSERT_EQ(one.assets.size(), two.assets.size());
  for (std::size_t n = 0; n < one.assets.size(); ++n)
    EXPECT_EQ(one.assets[n].name, two.assets[n].name);
}

TEST(Assets, OfAnotherProgramHaveAnotherBuild) {
  EXPECT_NE(built("n = 1\n<b>{n}</b>\n").build, built("n = 2\n<b>{n}</b>\n").build);
}

TEST(Assets, LibraryImportsTheHashedRuntime) {
  bytecode::Chunk chunk = built("xs = [1]\n<button click={push(xs, 2)}>{xs.len}</button>\n");
  std::string runtime, library;
  for (const bytecode::AssetRow& row : chunk.assets) {
    if (row.name.rfind("/_flin/runtime.", 0) == 0) runtime = row.name;
    if (row.name.rfind("/_flin/library.", 0) == 0) library = row.bytes;
  }
  ASSERT_FALSE(runtime.empty());
  EXPECT_NE(library.find('"' + runtime + '"'), library.npos);
  EXPECT_EQ(library.find("\"/_flin/runtime.js\""), library.npos);
}

TEST(Assets, ModuleCarriesTheBuild) {
  bytecode::Chunk chunk = built(golden_program("counter"));
  const bytecode::AssetRow* module = find_asset(chunk, chunk.pages.at(0).module);
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(chunk.build.size(), 8u);
  EXPECT_NE(module->bytes.find("build: \"" + chunk.build + '"'), std::string::npos);
}

TEST(Assets, ProgramOfRoutesHasNone) {
  bytecode::Chunk chunk = built("route GET \"/hello\" { \"hi\" }\n");
  EXPECT_TRUE(chunk.assets.empty());
  EXPECT_EQ(chunk.build.size(), 8u);
}

TEST(Assets, StylesOfThePageAreASheet) {
  bytecode::Chunk chunk = built("n = 1\n<b>{n}</b>\n<style>\nb { color: red }\n</style>\n");
  const bytecode::AssetRow* sheet = find_asset(chunk, chunk.pages.at(0).style);
  ASSERT_NE(sheet, nullptr);
  EXPECT_EQ(sheet->type, "text/css; charset=utf-8");
  EXPECT_NE(sheet->bytes.find("color: red"), std::string::npos);
}

}  // namespace
}  // namespace flin::browser
