#include "fixture.h"
#include "host/describe.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace flin::test {
namespace {

TEST(Catalogue, IsWrittenBesideEachPluginOnce) {
  const PluginFolder folder({"alpha", "beta"});
  const auto written = write_catalogue(folder.path());
  ASSERT_EQ(told(written), "ok");
  EXPECT_EQ(written.value(),
            (Lines{folder.path() + "/flin_alpha.json", folder.path() + "/flin_beta.json"}));
  EXPECT_TRUE(write_catalogue(folder.path()).value().empty());
}

TEST(Catalogue, IsReadWithoutThePlugins) {
  const PluginFolder folder({"alpha", "beta"});
  ASSERT_TRUE(write_catalogue(folder.path()).ok());
  std::ofstream(folder.path() + "/flin_alpha.so", std::ios::trunc) << "no library any more";
  const Catalogue catalogue({folder.path()});
  ASSERT_EQ(catalogue.ids(), (Lines{"alpha", "beta"}));
  EXPECT_EQ(catalogue.entries()[0].version, "1.2.3");
  EXPECT_EQ(catalogue.entries()[0].summary, "A probe for tests.");
  EXPECT_EQ(catalogue.plugin_for("save"), "alpha");
  EXPECT_EQ(catalogue.plugin_for_op("beta.add"), "beta");
  EXPECT_EQ(catalogue.plugin_for_op("beta.gone"), "");
}

TEST(Catalogue, LeavesOutWhatIsBroken) {
  const PluginFolder folder({"alpha", "beta"});
  ASSERT_TRUE(write_catalogue(folder.path()).ok());
  std::ofstream(folder.path() + "/flin_alpha.json", std::ios::trunc) << "{\"id\": ";
  EXPECT_EQ(Catalogue({folder.path()}).ids(), Lines{"beta"});
}

TEST(Catalogue, OfABadPluginIsItsPCode) {
  const PluginFolder folder({"other_major"});
  EXPECT_EQ(told(write_catalogue(folder.path())),
            "P103 plugin 'other_major' was built for plugin ABI 9.1; this flin speaks 1.1. Rebuild "
            "it with this flin's SDK.");
}

TEST(Catalogue, ListsPluginsByLine) {
  const PluginFolder folder({"alpha"});
  ASSERT_TRUE(write_catalogue(folder.path()).ok());
  std::ostringstream out;
  write_plugin_list(out, Catalogue({folder.path()}));
  EXPECT_EQ(out.str(), "alpha  1.2.3  A probe for tests.\n");
}

TEST(StandardSet, IsTheFirstFileFound) {
  const PluginFolder first({}), second({});
  EXPECT_TRUE(standard_set({first.path(), second.path()}).value().empty());
  std::ofstream(second.path() + "/standard.json") << R"({"plugins": ["alpha", "beta"]})";
  EXPECT_EQ(standard_set({first.path(), second.path()}).value(), (Lines{"alpha", "beta"}));
}

TEST(StandardSet, ThatNamesNoPluginsIsP102) {
  const PluginFolder folder({});
  std::ofstream(folder.path() + "/standard.json") << "[]";
  EXPECT_EQ(told(standard_set({folder.path()})),
            "P102 " + folder.path() +
                "/standard.json names no plugins: it must hold {\"plugins\": [\"<id>\", ..]}");
}

TEST(Describe, TellsEverythingInTheManifest) {
  const auto text = describe_plugin("alpha", {FIXTURE_PLUGINS}, DescribeAs::kText);
  ASSERT_EQ(told(text), "ok");
  for (const char* part :
       {"alpha 1.2.3\nA probe for tests.\n", "Needs\n  flin.test.IKernel/1  optional\n",
        "flin.test.IProbe/1  as alpha\n", "--alpha.limit=64KiB  bytes\n",
        "--alpha.path=app.db  text  also --alpha=\n", "save -> alpha.add\n",
        "alpha_call(a: int, b: int) -> int  server  -> alpha.add  pure\n      Adds.\n",
        "alpha_type { n: int }\n", "@alpha_fits()  of int\n",
        "@alpha_guard(role: text)  else 403\n",
        "alpha.add  2 arguments, 1 result  pure\n      Adds two ints.\n",
        "alpha.any  any number of arguments, no result  may_suspend  writes\n"}) {
    EXPECT_NE(text.value().find(part), std::string::npos) << part << "\nin\n" << text.value();
  }
}

TEST(Describe, WritesJson) {
  const auto json = describe_plugin("alpha", {FIXTURE_PLUGINS}, DescribeAs::kJson);
  ASSERT_EQ(told(json), "ok");
  std::string flat;
  for (const char c : json.value()) {
    if (c != ' ' && c != '\n') flat += c;
  }
  for (
      const char* part :
      {R"({"id":"alpha","version":"1.2.3")",
       R"("needs":[{"interface":"flin.test.IKernel/1","optional":true}])",
       R"({"name":"alpha.any","args":-1,"results":0,"flags":["may_suspend","writes"],"timeout_ms":-1,)",
       R"("forms":[{"form":"save","op":"alpha.add"}])",
       R"({"key":"patience","type":"duration","fallback":"5s","main":false,)"}) {
    EXPECT_NE(flat.find(part), std::string::npos) << part << "\nin\n" << flat;
  }
}

TEST(Describe, OfAMissingPluginIsP101) {
  EXPECT_EQ(told(describe_plugin("nowhere", {FIXTURE_PLUGINS}, DescribeAs::kText)),
            "P101 plugin 'nowhere' not found: no flin_nowhere.so in " FIXTURE_PLUGINS);
}

}  // namespace
}  // namespace flin::test
