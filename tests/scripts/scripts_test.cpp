// Runs every script of this folder and holds what it says against what happens (README.md).
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Script {
  std::string name, path, plugins;
  std::vector<std::string> output;
  struct Problem {
    std::string code;
    int line;
    auto operator<=>(const Problem&) const = default;
  };
  std::vector<Problem> problems;
  std::vector<std::string> messages;  // that must stand among the errors
};

void PrintTo(const Script& script, std::ostream* out) { *out << script.path; }

std::string trimmed(std::string text) {
  const auto from = text.find_first_not_of(" \t"), to = text.find_last_not_of(" \t\r");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

// "E0001", "E0001 E0002", "R0011 index 5 is out of range (list of 3)".
void read_problems(const std::string& text, int line, Script& script) {
  static const std::regex kCode(R"([EWR]\d{4})");
  std::istringstream words(text);
  std::string word;
  while (words >> word && std::regex_match(word, kCode)) script.problems.push_back({word, line});
  if (words) {
    std::string rest;
    std::getline(words, rest);
    script.messages.push_back(trimmed(word + rest));
  }
}

Script read_script(const fs::path& path) {
  Script script;
  script.path = path.string();
  script.name = fs::relative(path, FLIN_SCRIPTS).replace_extension().string();
  for (char& c : script.name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  std::ifstream in(path);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1 && line.starts_with("// plugins:")) script.plugins = trimmed(line.substr(11));
    if (const auto at = line.find("//="); at != std::string::npos)
      script.output.push_back(trimmed(line.substr(at + 3, line.find("//!", at) - at - 3)));
    if (const auto at = line.find("//!"); at != std::string::npos)
      read_problems(line.substr(at + 3), number, script);
  }
  return script;
}

std::vector<Script> all_scripts() {
  std::vector<Script> scripts;
  for (const auto& entry : fs::recursive_directory_iterator(FLIN_SCRIPTS))
    if (entry.path().extension() == ".flin") scripts.push_back(read_script(entry.path()));
  std::sort(scripts.begin(), scripts.end(),
            [](const Script& a, const Script& b) { return a.name < b.name; });
  return scripts;
}

struct Ran {
  int status;
  std::string output, errors;
};

std::string read_all(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool uses_store(const Script& script) { return script.plugins.find("store") != std::string::npos; }

Ran run(const Script& script, bool stress) {
  const std::string errors =
      (fs::temp_directory_path() / ("flin_script_" + std::to_string(getpid()))).string();
  const std::string command = std::string(stress ? "FLIN_GC=stress " : "") +
                              FLIN_BINARY_DIR "/bin/flin --plugins=" + script.plugins +
                              (uses_store(script) ? " --store=memory '" : " '") + script.path +
                              "' 2>" + errors + " </dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  Ran ran{};
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    ran.output.append(buffer, n);
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ran.errors = read_all(errors);
  fs::remove(errors);
  return ran;
}

// Codes with the line they point at: "error[E0001]: .." with "  --> file:12:9" below, and
// "runtime error[R0009]: .." with "  at f (file:12:9)" below.
std::vector<Script::Problem> problems_in(const std::string& text) {
  std::vector<Script::Problem> problems;
  std::istringstream in(text);
  std::string line, code;
  static const std::regex kCode(R"(^(?:error|warning|runtime error)\[([EWR]\d{4})\])"),
      kPlace(R"(^\s+(?:-->|at).*:(\d+):\d+\)?$)");
  for (std::smatch match; std::getline(in, line);) {
    if (std::regex_search(line, match, kCode)) {
      code = match[1];
    } else if (!code.empty() && std::regex_search(line, match, kPlace)) {
      problems.push_back({code, std::stoi(match[1])});
      code.clear();
    }
  }
  return problems;
}

// ---- The table of docs/conformance.md: which script holds which rule ----

// "L 3.4" and "A 27" of the line `// rules: L 3.4, A 27`.
std::vector<std::string> rules_of(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> rules;
  std::string line;
  while (std::getline(in, line)) {
    if (!line.starts_with("// rules:")) continue;
    std::istringstream list(line.substr(9));
    for (std::string rule; std::getline(list, rule, ',');) rules.push_back(trimmed(rule));
  }
  return rules;
}

// L before A, then by numbers.
std::tuple<bool, int, int> order_of(const std::string& rule) {
  int chapter = 0, number = 0;
  std::sscanf(rule.c_str() + 2, "%d.%d", &chapter, &number);
  return {rule[0] != 'L', chapter, number};
}

std::string conformance_table() {
  std::map<std::tuple<bool, int, int>, std::pair<std::string, std::set<std::string>>> rows;
  for (const auto& entry : fs::recursive_directory_iterator(FLIN_SCRIPTS)) {
    if (entry.path().extension() != ".flin") continue;
    for (const std::string& rule : rules_of(entry.path())) {
      auto& row = rows[order_of(rule)];
      row.first = rule;
      row.second.insert(fs::relative(entry.path(), FLIN_SCRIPTS).string());
    }
  }
  std::string out =
      "# Which script holds which rule\n\n"
      "Rules of LANGUAGE.md (L) and of its conformance list (A) with the scripts of "
      "`tests/scripts` "
      "that hold them; each runs plainly and with `FLIN_GC=stress`. Written by `FLIN_UPDATE=1 "
      "build/dev/bin/scripts_test --gtest_filter='Conformance.*'` from the `// rules:` lines of "
      "the "
      "scripts, and compared with them by every test run. Pages, plugins and the browser have "
      "their "
      "tests in `tests/system` and `tests/browser`.\n\n"
      "| Rule | Scripts |\n| --- | --- |\n";
  for (const auto& [order, row] : rows) {
    std::string scripts;
    for (const std::string& script : row.second)
      scripts += (scripts.empty() ? "`" : ", `") + script + "`";
    out += "| " + row.first + " | " + scripts + " |\n";
  }
  return out;
}

TEST(Conformance, RulesAreOfTheSpecification) {
  const std::string spec = read_all(FLIN_DOCS "/LANGUAGE.md");
  for (const auto& entry : fs::recursive_directory_iterator(FLIN_SCRIPTS)) {
    if (entry.path().extension() != ".flin") continue;
    for (const std::string& rule : rules_of(entry.path())) {
      const std::string mark =
          rule[0] == 'L' ? "- **" + rule.substr(2) + "** " : "\n" + rule.substr(2) + ". L ";
      EXPECT_NE(spec.find(mark), std::string::npos) << entry.path() << " names " << rule;
    }
  }
}

TEST(Conformance, TheTableIsWhatTheScriptsSay) {
  const std::string path = FLIN_DOCS "/conformance.md", wanted = conformance_table();
  if (std::getenv("FLIN_UPDATE") != nullptr) std::ofstream(path) << wanted;
  EXPECT_EQ(read_all(path), wanted) << "write it anew: FLIN_UPDATE=1 scripts_test "
                                       "--gtest_filter='Conformance.*'";
}

class ScriptTest : public testing::TestWithParam<std::tuple<Script, bool>> {};

TEST_P(ScriptTest, DoesWhatItSays) {
  const auto& [script, stress] = GetParam();
  const Ran ran = run(script, stress);
  std::string expected;
  for (const std::string& line : script.output) expected += line + "\n";
  // Blanks at the ends of lines are lost in comments.
  EXPECT_EQ(std::regex_replace(ran.output, std::regex("[ \t]+\n"), "\n"), expected) << ran.errors;
  std::vector<Script::Problem> wanted = script.problems, found = problems_in(ran.errors);
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  const auto text = [](const std::vector<Script::Problem>& list) {
    std::string out;
    for (const auto& p : list) out += p.code + " at line " + std::to_string(p.line) + "\n";
    return out;
  };
  EXPECT_EQ(text(found), text(wanted)) << ran.errors;
  for (const std::string& message : script.messages)
    EXPECT_NE(ran.errors.find(message), std::string::npos) << ran.errors;
  const bool fails =
      std::any_of(wanted.begin(), wanted.end(), [](const auto& p) { return p.code[0] != 'W'; });
  EXPECT_EQ(ran.status, fails ? 1 : 0) << ran.errors;
}

INSTANTIATE_TEST_SUITE_P(Scripts, ScriptTest,
                         testing::Combine(testing::ValuesIn(all_scripts()), testing::Bool()),
                         [](const auto& info) {
                           return std::get<0>(info.param).name +
                                  (std::get<1>(info.param) ? "__stress" : "");
                         });

}  // namespace
