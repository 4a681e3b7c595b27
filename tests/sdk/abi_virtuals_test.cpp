// The recorded list of virtuals per interface (abi_1.txt) against today's headers (A 12).
// Interfaces that the host implements may grow at the end; those a plugin implements must be the
// same. To record a new virtual of the host, run this test: it prints the list of today.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Virtuals = std::map<std::string, std::vector<std::string>>;

// Implemented by plugins, or handed in by them: they never change.
const std::set<std::string> kFrozen = {
    "IPlugin",  "IContext",  "IHtmlSink", "IFrameSink", "IAnswerSink", "IReady",   "IPoller",
    "IPollers", "ITextSink", "ISealer",   "IWatcher",   "IChangeSink", "IWorkers", "IMigrations"};

std::string without_comments(std::istream& in) {
  std::string out;
  for (std::string line; std::getline(in, line);) out += line.substr(0, line.find("//")) + " ";
  return out;
}

std::string squeezed(const std::string& text) {
  std::string out = std::regex_replace(text, std::regex("\\s+"), " ");
  out = std::regex_replace(out, std::regex("\\( "), "(");  // a list of parameters that was broken
  out.erase(0, out.find_first_not_of(' '));
  return out;
}

// "class X { .. };" by "class X {": each statement with `virtual` is one line of the table.
void add_header(const std::filesystem::path& path, Virtuals& out) {
  std::ifstream in(path);
  const std::string text = without_comments(in);
  const std::regex piece("class\\s+(I[A-Z]\\w*)\\s*\\{|virtual\\s+([^;]*?)\\s+noexcept\\s*=\\s*0");
  std::string current;
  for (std::sregex_iterator it(text.begin(), text.end(), piece), end; it != end; ++it) {
    if ((*it)[1].matched) {
      current = (*it)[1];
      out[current];
    } else {
      out[current].push_back(squeezed((*it)[2]));
    }
  }
}

Virtuals of_headers() {
  Virtuals out;
  for (const auto& file : std::filesystem::directory_iterator(FLIN_SDK_HEADERS)) {
    if (file.path().extension() == ".h" && file.path().filename() != "testing.h")
      add_header(file.path(), out);
  }
  return out;
}

Virtuals recorded() {
  Virtuals out;
  std::ifstream in(FLIN_ABI_LIST);
  std::string current;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] != ' ') {
      current = line;
      out[current];
    } else {
      out[current].push_back(line.substr(2));
    }
  }
  return out;
}

std::string shown(const Virtuals& interfaces) {
  std::ostringstream out;
  for (const auto& [name, virtuals] : interfaces) {
    out << name << "\n";
    for (const std::string& row : virtuals) out << "  " << row << "\n";
  }
  return out.str();
}

TEST(AbiVirtuals, OfEachRecordedInterfaceAreTheFirstOfTodays) {
  const Virtuals today = of_headers();
  for (const auto& [name, old] : recorded()) {
    const auto now = today.find(name);
    ASSERT_NE(now, today.end()) << name << " is recorded in abi_1.txt and gone from the headers";
    ASSERT_GE(now->second.size(), old.size()) << name << " lost virtuals";
    for (std::size_t i = 0; i < old.size(); ++i) {
      EXPECT_EQ(now->second[i], old[i])
          << "virtual " << i << " of " << name << " changed: that breaks the plugin ABI";
    }
  }
}

TEST(AbiVirtuals, OfInterfacesThatPluginsImplementNeverGrow) {
  const Virtuals today = of_headers();
  const Virtuals old = recorded();
  for (const std::string& name : kFrozen) {
    ASSERT_TRUE(old.count(name)) << name;
    EXPECT_EQ(today.at(name), old.at(name))
        << name << " is implemented by plugins: give the new one another id";
  }
}

TEST(AbiVirtuals, AreAllRecorded) {
  EXPECT_EQ(of_headers(), recorded()) << "what is new is not in abi_1.txt; today it would read\n"
                                      << shown(of_headers());
}

}  // namespace
