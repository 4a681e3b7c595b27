// Where settings come from, who wins, S101 and S102.
#include "fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace flin::test {
namespace {

std::string load_with(std::vector<Argument> arguments, Environment environment = {},
                      const std::string& file = "{}",
                      const std::vector<std::string>& ids = {"alpha"}) {
  HostFixture f(std::move(arguments), std::move(environment), file);
  return told(f.host->load(ids));
}

std::string read_with(std::vector<Argument> arguments, Environment environment = {},
                      const std::string& file = "{}") {
  Config config;
  auto parsed = parse_config_file(file, "flin.json");
  if (!parsed.ok()) return told(parsed);
  return told(config.read({std::move(arguments), std::move(environment), parsed.value()}));
}

struct Value {
  std::string value, source;
  Origin origin;
};
Value port_of(HostFixture& f) {
  EXPECT_EQ(told(f.host->load({"alpha"})), "ok");
  const Setting* s = f.config.find("alpha", "port");
  return {s->value, s->source, s->origin};
}

TEST(Config, TakesTheCommandLineBeforeTheEnvironmentBeforeTheFileBeforeTheFallback) {
  const char* file = R"({"alpha": {"port": 3}})";
  HostFixture all(Arguments{{"alpha.port", "1"}}, {{"FLIN_ALPHA_PORT", "2"}}, file),
      two({}, {{"FLIN_ALPHA_PORT", "2"}}, file), one({}, {}, file), none;
  EXPECT_EQ(port_of(all).value, "1");
  EXPECT_EQ(port_of(two).value, "2");
  EXPECT_EQ(port_of(one).value, "3");
  EXPECT_EQ(port_of(none).value, "80");
  EXPECT_EQ(all.config.find("alpha", "port")->source, "--alpha.port");
  EXPECT_EQ(two.config.find("alpha", "port")->source, "FLIN_ALPHA_PORT");
  EXPECT_EQ(one.config.find("alpha", "port")->source, "flin.json");
  EXPECT_EQ(none.config.find("alpha", "port")->origin, Origin::kFallback);
}

TEST(Config, TakesTheLastOfTheCommandLine) {
  HostFixture f(Arguments{{"alpha.port", "1"}, {"alpha.port", "2"}});
  EXPECT_EQ(port_of(f).value, "2");
}

TEST(Config, SetsTheMainKeyByTheIdAlone) {
  HostFixture by_argument(Arguments{{"alpha", "x.db"}}, {{"FLIN_ALPHA", "y.db"}}),
      by_variable({}, {{"FLIN_ALPHA", "y.db"}});
  ASSERT_EQ(told(by_argument.host->load({"alpha"})), "ok");
  ASSERT_EQ(told(by_variable.host->load({"alpha"})), "ok");
  EXPECT_EQ(by_argument.config.find("alpha", "path")->value, "x.db");
  EXPECT_EQ(by_variable.config.find("alpha", "path")->value, "y.db");
}

TEST(Config, TurnsABoolOnByItsNameAlone) {
  HostFixture f(Arguments{{"alpha.first", std::nullopt}});
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  EXPECT_EQ(f.config.find("alpha", "first")->value, "true");
}

TEST(Config, ReadsNumbersAndBoolsOfTheFile) {
  HostFixture f({}, {}, R"({"loops": 3, "alpha": {"first": true, "ratio": 0.25, "secret": null}})");
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  EXPECT_EQ(f.config.kernel().loops, 3);
  EXPECT_EQ(f.config.find("alpha", "first")->value, "true");
  EXPECT_EQ(f.config.find("alpha", "ratio")->value, "0.25");
  EXPECT_EQ(f.config.find("alpha", "secret")->origin, Origin::kFallback);
}

TEST(Config, HoldsTheKernelsSettingsInTheirUnits) {
  Config config;
  ASSERT_EQ(told(config.read({{{"deadline", "500ms"}}, {{"FLIN_MAILBOX", "5"}}, {}})), "ok");
  EXPECT_EQ(config.kernel().deadline, 500);
  EXPECT_EQ(config.kernel().mailbox, 5);
  EXPECT_EQ(config.kernel().loops, 0);
  EXPECT_EQ(config.kernel().handler_time, 10000);
  EXPECT_EQ(config.kernel().agent_memory, 64 * 1024 * 1024);
  EXPECT_EQ(config.kernel().log, "pretty");
  EXPECT_EQ(config.kernel().log_level, "info");
}

TEST(Config, RefusesUnknownKeysOfALoadedPluginWithS101) {
  EXPECT_EQ(load_with({{"alpha.pth", "x"}}),
            "S101 plugin alpha has no setting 'pth': did you mean 'path'?");
  EXPECT_EQ(load_with({{"alpha.colour", "x"}}), "S101 plugin alpha has no setting 'colour'");
  EXPECT_EQ(
      load_with({}, {{"FLIN_ALPHA_PROT", "1"}}),
      "S101 plugin alpha has no setting 'prot': did you mean 'port'? (given by FLIN_ALPHA_PROT)");
  EXPECT_EQ(load_with({}, {}, R"({"alpha": {"modes": "x"}})"),
            "S101 plugin alpha has no setting 'modes': did you mean 'mode'? (given by flin.json)");
}

TEST(Config, RefusesAMainValueForAPluginWithoutMainKey) {
  EXPECT_EQ(load_with({{"older", "x"}}, {}, "{}", {"older"}),
            "S101 plugin older has no main setting: write --older.<key>=<value>");
}

TEST(Config, RefusesUnknownKeysOfTheKernelInTheFileWithS101) {
  EXPECT_EQ(read_with({}, {}, R"({"lops": 2})"),
            "S101 flin has no setting 'lops': did you mean 'loops'? (given by flin.json)");
}

TEST(Config, RefusesValuesWithS102AndSaysWhatItTakes) {
  EXPECT_EQ(load_with({{"alpha.port", "abc"}}),
            "S102 setting alpha.port cannot be 'abc': it takes an int");
  EXPECT_EQ(load_with({{"alpha.first", "maybe"}}),
            "S102 setting alpha.first cannot be 'maybe': it takes true or false");
  EXPECT_EQ(load_with({{"alpha.limit", "big"}}),
            "S102 setting alpha.limit cannot be 'big': it takes a number of bytes, like 512, 64KiB "
            "or 10MB");
  EXPECT_EQ(
      load_with({{"alpha.patience", "5 years"}}),
      "S102 setting alpha.patience cannot be '5 years': it takes a duration, like 500ms or 5s");
  EXPECT_EQ(load_with({{"alpha.ratio", "half"}}),
            "S102 setting alpha.ratio cannot be 'half': it takes a number");
  EXPECT_EQ(load_with({{"alpha.mode", "slow"}}),
            "S102 setting alpha.mode cannot be 'slow': it takes one of fast, safe and off");
  EXPECT_EQ(load_with({{"alpha.port", std::nullopt}}),
            "S102 setting alpha.port cannot be '': it takes an int");
  EXPECT_EQ(load_with({}, {{"FLIN_ALPHA_PORT", "x"}}),
            "S102 setting alpha.port cannot be 'x': it takes an int (given by FLIN_ALPHA_PORT)");
  EXPECT_EQ(load_with({}, {}, R"({"alpha": {"path": ["a"]}})"),
            "S102 setting alpha.path cannot be '[\"a\"]': it takes a text (given by flin.json)");
}

TEST(Config, RefusesValuesOfTheKernelWithS102) {
  EXPECT_EQ(read_with({{"loops", "many"}}),
            "S102 setting loops cannot be 'many': it takes an int from 0 to 1024");
  EXPECT_EQ(read_with({{"loops", "-1"}}),
            "S102 setting loops cannot be '-1': it takes an int from 0 to 1024");
  EXPECT_EQ(read_with({{"log", "loud"}}),
            "S102 setting log cannot be 'loud': it takes one of pretty and json");
}

TEST(Config, RefusesAFileThatIsNoJsonObjectWithS102) {
  EXPECT_EQ(read_with({}, {}, "[1]"),
            "S102 flin.json cannot be read: it must hold one JSON object, like {\"loops\": 4}");
  EXPECT_EQ(read_with({}, {}, "{\"loops\": ")
                .rfind("S102 flin.json cannot be read: it is not valid JSON (", 0),
            0u);
  EXPECT_EQ(read_with({}, {}, "").rfind("S102 flin.json cannot be read: it is not valid JSON (", 0),
            0u);
}

TEST(Config, ReadsNoFileAsAnEmptyOne) {
  const auto none = read_config_file(std::string(testing::TempDir()) + "there_is_none.json");
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none.value().values.empty());
  EXPECT_EQ(told(read_config_file(testing::TempDir())).rfind("S102 ", 0), 0u);
}

TEST(Config, LeavesPluginsThatAreNotLoadedAlone) {
  EXPECT_EQ(load_with({}, {{"FLIN_GAMMA_PORT", "x"}, {"FLIN_PLUGIN_PATH", "/x"}},
                      R"({"gamma": {"port": "x"}})"),
            "ok");
}

TEST(Config, WarnsAboutThemOnTheCommandLine) {
  HostFixture f(Arguments{{"gamma.port", "x"},
                          {"gamma", "y"},
                          {"alhpa.port", "1"},
                          {"loops", "2"},
                          {"alpha.port", "1"}});
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const Leftovers left = f.config.leftovers(f.host->order(), {"alpha", "gamma"});
  EXPECT_EQ(
      left.warnings,
      (Lines{"--gamma.port is ignored: plugin 'gamma' is not loaded",
             "--gamma is ignored: plugin 'gamma' is not loaded",
             "--alhpa.port is ignored: plugin 'alhpa' is not loaded: did you mean 'alpha'?"}));
  EXPECT_TRUE(left.unknown_options.empty());
}

TEST(Config, TellsUnknownOptionsFromSettings) {
  HostFixture f(Arguments{{"verbos", std::nullopt}, {"loops", "2"}});
  EXPECT_EQ(f.config.leftovers({}, {"alpha"}).unknown_options, Lines{"verbos"});
}

TEST(Config, GivesAVariableToThePluginWithTheLongestId) {
  Config config;
  ASSERT_EQ(told(config.read({{}, {{"FLIN_A_B_C", "1"}}, {}})), "ok");
  const SettingDecl c[] = {{"c", "0", "", kIntSetting, 0}};
  const SettingDecl other[] = {{"other", "0", "", kIntSetting, 0}};
  ASSERT_EQ(told(config.declare("a", other)), "ok");
  ASSERT_EQ(told(config.declare("a_b", c)), "ok");
  EXPECT_EQ(told(config.check_names({"a", "a_b"})), "ok");
  EXPECT_EQ(config.find("a_b", "c")->value, "1");
}

TEST(Config, ShowsEveryValueWithItsOrigin) {
  HostFixture f(Arguments{{"alpha.limit", "1MB"}}, {{"FLIN_LOOPS", "2"}});
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  std::ostringstream out;
  show_config(out, f.config);
  const auto line_of = [&](const std::string& name) {
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string first, second, third;
      words >> first >> second >> third;
      if (first == name) return first + " " + second + " " + third;
    }
    return std::string("missing");
  };
  EXPECT_EQ(line_of("loops"), "loops 2 FLIN_LOOPS");
  EXPECT_EQ(line_of("alpha.limit"), "alpha.limit 1MB --alpha.limit");
  EXPECT_EQ(line_of("mailbox"), "mailbox 1000 default");
  EXPECT_NE(out.str().find("\n    Loop threads; 0: one per processor core. (int, default 0)\n"),
            std::string::npos);
  EXPECT_NE(out.str().find("\n    How large it may grow (bytes, default 64KiB)\n"),
            std::string::npos);
}

TEST(Config, IsShownAsJson) {
  HostFixture f(Arguments{{"alpha.limit", "1MB"}}, {{"FLIN_LOOPS", "2"}},
                R"({"alpha": {"mode": "safe"}})");
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const std::string out = config_json(f.config);
  for (const char* row :
       {R"({"name": "loops", "value": "2", "origin": "environment", "source": "FLIN_LOOPS", )"
        R"("default": "0", "type": "int", "help": "Loop threads; 0: one per processor core."})",
        R"({"name": "alpha.limit", "value": "1000000", "origin": "command line", )"
        R"("source": "--alpha.limit", "default": "64KiB", "type": "bytes", )",
        R"({"name": "alpha.mode", "value": "safe", "origin": "file", "source": "flin.json", )",
        R"({"name": "mailbox", "value": "1000", "origin": "default", "source": "", )"})
    EXPECT_NE(out.find(row), std::string::npos) << row << "\n" << out;
  EXPECT_TRUE(out.starts_with("[\n  {") && out.ends_with("}\n]\n"));
}

}  // namespace
}  // namespace flin::test
