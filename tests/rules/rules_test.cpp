// Rules of the tree that a compiler does not hold: who may include whom (ARCHITECTURE 3), no
// plugin's name in the kernel, and what every header keeps. Each breach is told as file:line and
// the rule.
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

namespace fs = std::filesystem;

const fs::path kRoot = FLIN_SOURCE_DIR;

struct Line {
  int number;
  std::string text;  // without comments
};
struct File {
  std::string path;  // from the root, with '/'
  std::string
      folder;  // "kernel/host", "kernel/include/flin", "plugins/store/src", "plugins/store/include"
  std::vector<Line> lines;
  bool is_header() const { return path.ends_with(".h"); }
};

// The row of ARCHITECTURE 3 for one folder: beginnings of what it may include besides itself and
// the standard library. "base/" means kernel/base.
struct Row {
  std::vector<std::string> includes;
  std::vector<std::string> libraries;  // beginnings of <..>
};
const std::map<std::string, Row> kRows = {
    {"kernel/include/flin", {{}, {}}},
    {"kernel/base", {{}, {}}},
    {"kernel/syntax", {{"base/"}, {}}},
    {"kernel/bytecode", {{"base/"}, {}}},
    {"kernel/check", {{"syntax/", "base/"}, {}}},
    {"kernel/compile", {{"check/", "syntax/", "bytecode/", "base/"}, {}}},
    {"kernel/browser", {{"check/", "syntax/", "bytecode/", "base/"}, {}}},
    {"kernel/runtime", {{"bytecode/", "base/", "flin/"}, {}}},
    {"kernel/reactive", {{"base/", "runtime/value.h"}, {}}},
    {"kernel/agents", {{"runtime/", "reactive/", "base/", "flin/"}, {}}},
    {"kernel/pages", {{"agents/", "reactive/", "runtime/", "bytecode/", "base/", "flin/"}, {}}},
    {"kernel/host", {{"flin/", "check/bindings.h", "runtime/", "agents/", "base/"}, {"Poco/"}}},
    {"kernel/cli",
     {{"base/", "syntax/", "bytecode/", "check/", "compile/", "browser/", "runtime/", "reactive/",
       "agents/", "pages/", "host/", "flin/"},
      {"Poco/"}}},
};
// Single files that may use a library (ARCHITECTURE 3).
const std::map<std::string, std::string> kLibraryFiles = {
    {"kernel/runtime/builtins_regex.cpp", "re2/"}};
const std::string kJsonFile = "kernel/base/json.cpp";  // any JSON reader

// Cuts comments, keeping strings; `in_block` goes from line to line.
std::string without_comments(const std::string& line, bool& in_block) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string two = line.substr(i, 2);
    if (in_block) {
      if (two == "*/") in_block = false, ++i;
    } else if (quote != 0) {
      out += line[i];
      if (line[i] == '\\' && i + 1 < line.size())
        out += line[++i];
      else if (line[i] == quote)
        quote = 0;
    } else if (two == "//") {
      break;
    } else if (two == "/*") {
      in_block = true, ++i;
    } else {
      const bool separator =
          line[i] == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(line[i - 1]));
      if ((line[i] == '"' || line[i] == '\'') && !separator) quote = line[i];
      out += line[i];
    }
  }
  return out;
}

std::string folder_of(const std::string& path) {
  std::vector<std::string> parts;
  std::stringstream in(path);
  for (std::string part; std::getline(in, part, '/');) parts.push_back(part);
  if (parts[0] == "kernel")
    return parts[1] == "include" ? "kernel/include/flin" : "kernel/" + parts[1];
  return parts[0] + "/" + parts[1] + "/" + parts[2];
}

File read(const fs::path& path) {
  File file;
  file.path = fs::relative(path, kRoot).generic_string();
  file.folder = folder_of(file.path);
  std::ifstream in(path);
  bool in_block = false;
  int number = 0;
  for (std::string line; std::getline(in, line);)
    file.lines.push_back({++number, without_comments(line, in_block)});
  return file;
}

// Every source below kernel/ and plugins/, in order of path.
const std::vector<File>& sources() {
  static const std::vector<File> kFiles = [] {
    std::vector<File> out;
    for (const char* top : {"kernel", "plugins"}) {
      for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".h" || extension == ".cpp" || extension == ".def")
          out.push_back(read(entry.path()));
      }
    }
    std::sort(out.begin(), out.end(), [](const File& a, const File& b) { return a.path < b.path; });
    return out;
  }();
  return kFiles;
}

bool begins_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& b) { return text.starts_with(b); });
}

class Breaches {
 public:
  void add(const File& file, const Line& line, const std::string& rule) {
    told_ += "\n" + file.path + ":" + std::to_string(line.number) + ": " + rule;
  }
  const std::string& told() const { return told_; }

 private:
  std::string told_;
};

// Calls visit(file, line, "x/y.h", is_library) for each include.
template <class Visit>
void each_include(Visit visit) {
  const std::regex directive("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]");
  for (const File& file : sources()) {
    for (const Line& line : file.lines) {
      std::smatch m;
      if (std::regex_search(line.text, m, directive)) visit(file, line, m[2].str(), m[1] == "<");
    }
  }
}

// <vector>, <sys/socket.h>: what comes with the language or the system.
bool is_system(const std::string& name) {
  static const std::vector<std::string> kSystem = {"sys/", "netinet/", "arpa/", "linux/"};
  return name.find('/') == std::string::npos || begins_with_any(name, kSystem);
}

bool may_use_library(const File& file, const std::string& name) {
  if (file.path == kJsonFile) return true;
  const auto single = kLibraryFiles.find(file.path);
  if (single != kLibraryFiles.end() && name.starts_with(single->second)) return true;
  return begins_with_any(name, kRows.at(file.folder).libraries);
}

TEST(Rules, KernelFoldersIncludeOnlyWhatTheirRowAllows) {
  Breaches breaches;
  each_include([&](const File& file, const Line& line, const std::string& name, bool library) {
    if (!file.path.starts_with("kernel/")) return;
    const auto row = kRows.find(file.folder);
    if (row == kRows.end())
      return breaches.add(file, line, "folder " + file.folder + " has no row in ARCHITECTURE 3");
    if (library) {
      if (!is_system(name) && !may_use_library(file, name)) {
        breaches.add(file, line,
                     "<" + name + "> is no library of " + file.folder + " (ARCHITECTURE 3)");
      }
      return;
    }
    const std::string own =
        file.folder == "kernel/include/flin" ? "flin/" : file.folder.substr(7) + "/";
    if (!name.starts_with(own) && !begins_with_any(name, row->second.includes)) {
      breaches.add(file, line, file.folder + " may not include \"" + name + "\" (ARCHITECTURE 3)");
    }
  });
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

// Headers plugins offer each other: path below an include/ folder of plugins -> plugin folder.
std::map<std::string, std::string> offered_headers() {
  std::map<std::string, std::string> out;
  for (const File& file : sources()) {
    const std::string mark = "/include/";
    const std::size_t at = file.path.find(mark);
    if (file.path.starts_with("plugins/") && at != std::string::npos) {
      out[file.path.substr(at + mark.size())] = file.path.substr(0, at);
    }
  }
  return out;
}

TEST(Rules, PluginsIncludeTheSdkTheirOwnAndWhatOthersOffer) {
  const auto offered = offered_headers();
  Breaches breaches;
  each_include([&](const File& file, const Line& line, const std::string& name, bool library) {
    if (!file.path.starts_with("plugins/") || library) return;
    const bool sdk = fs::exists(kRoot / "kernel/include" / name);
    if (file.folder.ends_with("/include")) {
      const std::string plugin = file.folder.substr(0, file.folder.rfind('/'));
      const bool own = offered.count(name) != 0 && offered.at(name) == plugin;
      if (!sdk && !own)
        breaches.add(
            file, line,
            "a header a plugin offers includes the SDK and its own folder, not \"" + name + "\"");
      return;
    }
    const fs::path source = kRoot / file.folder;
    const bool own =
        fs::exists(source / name) || fs::exists((kRoot / file.path).parent_path() / name);
    if (!sdk && !own && offered.count(name) == 0) {
      breaches.add(
          file, line,
          "\"" + name + "\" is neither SDK, nor the plugin's own, nor offered by a plugin");
    }
  });
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

TEST(Rules, TheKernelNamesNoPlugin) {
  const std::regex name("\"(http|ws|store|async)(\"|\\.)");
  const std::regex directive("^\\s*#\\s*include");
  Breaches breaches;
  for (const File& file : sources()) {
    if (!file.path.starts_with("kernel/")) continue;
    // Tables of words: soft keywords, schemes of URLs, words of JavaScript.
    if (file.path.ends_with(".def")) continue;
    for (const Line& line : file.lines) {
      std::smatch m;
      if (std::regex_search(line.text, directive)) continue;
      if (std::regex_search(line.text, m, name))
        breaches.add(file, line, "the kernel names the plugin \"" + m[1].str() + "\"");
    }
  }
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

TEST(Rules, EveryHeaderIsIncludedOnce) {
  Breaches breaches;
  for (const File& file : sources()) {
    if (!file.is_header() || file.path == "kernel/include/flin/abi.h")
      continue;  // abi.h is C and has a guard
    const bool once = std::any_of(file.lines.begin(), file.lines.end(), [](const Line& line) {
      return line.text.starts_with("#pragma once");
    });
    if (!once) breaches.add(file, Line{1, ""}, "a header has #pragma once");
  }
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

TEST(Rules, NoHeaderOpensANamespaceForItsReaders) {
  const std::regex directive("\\busing\\s+namespace\\b");
  Breaches breaches;
  for (const File& file : sources()) {
    if (!file.is_header()) continue;
    for (const Line& line : file.lines) {
      if (std::regex_search(line.text, directive))
        breaches.add(file, line, "no `using namespace` in a header");
    }
  }
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

TEST(Rules, PocoStaysOutOfHeaders) {
  Breaches breaches;
  each_include([&](const File& file, const Line& line, const std::string& name, bool) {
    if (file.is_header() && name.starts_with("Poco/"))
      breaches.add(file, line, "Poco stays in .cpp files");
  });
  EXPECT_TRUE(breaches.told().empty()) << breaches.told();
}

TEST(Rules, TheReaderOfSourcesKnowsCommentsFromStrings) {
  bool in_block = false;
  EXPECT_EQ(without_comments("a = \"x // y\"; // \"store\"", in_block), "a = \"x // y\"; ");
  EXPECT_EQ(without_comments("b /* \"ws\" */ c", in_block), "b  c");
  EXPECT_EQ(without_comments("n = 1'000; // z", in_block), "n = 1'000; ");
  EXPECT_EQ(without_comments("open /* until", in_block), "open ");
  EXPECT_TRUE(in_block);
  EXPECT_EQ(without_comments("here */ d", in_block), " d");
  EXPECT_FALSE(in_block);
}

}  // namespace
