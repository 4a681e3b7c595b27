// Every P code, by a plugin that commits exactly that fault; code and text.
#include "fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace flin::test {
namespace {

const std::string kDir = FIXTURE_PLUGINS;
std::string file(const char* id) { return kDir + "/flin_" + id + ".so"; }

struct Refusal {
  const char* name;
  std::vector<std::string> ids;
  std::string says;
};

class BadPlugin : public testing::TestWithParam<Refusal> {};

TEST_P(BadPlugin, IsRefusedWithItsCodeAndLeavesNothingLoaded) {
  HostFixture f;
  f.host->bindings().add_kernel_builtin({"print", "(v: any)", "", check::Tier::kBoth, 0, ""});
  auto outcome = f.host->load(GetParam().ids);
  if (outcome.ok()) {
    outcome = f.host->start();
    f.host->unload();
  }
  EXPECT_EQ(told(outcome), GetParam().says);
  EXPECT_TRUE(f.host->order().empty());
  EXPECT_TRUE(f.host->ops().all().empty());
  EXPECT_EQ(f.host->bindings().form("save"), nullptr);
  EXPECT_EQ(f.host->bindings().builtin_names(), Lines{"print"});
  EXPECT_EQ(f.host->bindings().validator("alpha_fits"), nullptr);
  EXPECT_TRUE(f.host->bindings().loaded_plugins().empty());
  EXPECT_EQ(f.host->offered("flin.test.IAlpha/1"), nullptr);
  EXPECT_EQ(f.config.find("alpha", "port"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPlugin,
    testing::Values(
        Refusal{"P101Missing",
                {"nowhere"},
                "P101 plugin 'nowhere' not found: no flin_nowhere.so in " + kDir},
        Refusal{"P101Misspelt",
                {"alhpa"},
                "P101 plugin 'alhpa' not found: no flin_alhpa.so in " + kDir +
                    ". Did you mean 'alpha'?"},
        Refusal{"P101Path",
                {"../alpha"},
                "P101 plugin '../alpha' not found: an id has small letters, digits and '_'"},
        Refusal{"P102NoSymbol",
                {"no_symbol"},
                "P102 " + file("no_symbol") +
                    " is not a FLIN plugin: it exports no symbol 'flin_plugin'"},
        Refusal{"P102NoMark",
                {"no_mark"},
                "P102 " + file("no_mark") + " is not a FLIN plugin: its entry has no FLIN mark"},
        Refusal{"P102ShortEntry",
                {"short_entry"},
                "P102 " + file("short_entry") + " is not a FLIN plugin: its entry is not complete"},
        Refusal{"P103",
                {"other_major"},
                "P103 plugin 'other_major' was built for plugin ABI 9.1; this flin speaks 1.1. "
                "Rebuild it with this flin's SDK."},
        Refusal{"P104",
                {"newer_minor"},
                "P104 plugin 'newer_minor' needs plugin ABI 1.9; this flin has 1.1. Update flin."},
        Refusal{"P105",
                {"other_toolchain"},
                "P105 plugin 'other_toolchain' was built with toolchain 'other'; this flin needs "
                "'itanium'"},
        Refusal{"P106WrongId",
                {"wrong_id"},
                "P106 " + file("wrong_id") + " says it is plugin 'somethingelse', not 'wrong_id'"},
        Refusal{"P106Twice", {"alpha", "alpha"}, "P106 plugin 'alpha' is named twice"},
        Refusal{"P107NotHandedOut",
                {"alpha", "hollow_offer"},
                "P107 plugin 'hollow_offer' offers flin.test.IGhost/1 but does not hand it out"},
        Refusal{"P107Both",
                {"alpha", "second_offer"},
                "P107 plugins 'alpha' and 'second_offer' both offer flin.test.IAlpha/1"},
        Refusal{"P108ForeignOp",
                {"alpha", "foreign_op"},
                "P108 opcode 'store.save' does not start with the plugin's id 'foreign_op.'"},
        Refusal{"P108BareOp",
                {"bare_op"},
                "P108 opcode 'bare_op.' does not start with the plugin's id 'bare_op.'"},
        Refusal{"P108Op",
                {"double_op"},
                "P108 opcode 'double_op.x' is already registered by plugin 'double_op'"},
        Refusal{"P108Form",
                {"alpha", "taken_form"},
                "P108 form 'save' of plugin 'taken_form' is already bound by plugin 'alpha'"},
        Refusal{"P108Builtin",
                {"alpha", "taken_builtin"},
                "P108 built-in 'alpha_call' of plugin 'taken_builtin' is already bound by plugin "
                "'alpha'"},
        Refusal{"P108KernelBuiltin",
                {"alpha", "core_builtin"},
                "P108 built-in 'print' of plugin 'core_builtin' is already bound by flin itself"},
        Refusal{"P108Validator",
                {"alpha", "taken_validator"},
                "P108 validator 'alpha_fits' of plugin 'taken_validator' is already bound by "
                "plugin 'alpha'"},
        Refusal{
            "P108Guard",
            {"alpha", "taken_guard"},
            "P108 guard 'alpha_guard' of plugin 'taken_guard' is already bound by plugin 'alpha'"},
        Refusal{"P108Type",
                {"alpha", "taken_type"},
                "P108 type 'alpha_type' of plugin 'taken_type' is already bound by plugin 'alpha'"},
        Refusal{"P108NoSuchOp",
                {"no_such_op"},
                "P108 form 'destroy' is bound to opcode 'no_such_op.gone', which plugin "
                "'no_such_op' does not have"},
        Refusal{"P109NotCreated",
                {"alpha", "not_created"},
                "P109 plugin 'not_created' could not be created"},
        Refusal{"P109Refuses",
                {"alpha", "refuses"},
                "P109 plugin 'refuses' refused to load: port 80 is taken"},
        Refusal{"P109NullHandler",
                {"alpha", "null_handler"},
                "P109 plugin 'null_handler' refused to load: on() needs a function"},
        Refusal{
            "S102ByThePlugin",
            {"alpha", "refuses_value"},
            "S102 setting refuses_value.port cannot be '70000': it takes an int from 0 to 65535"},
        Refusal{"P110InP113",
                {"alpha", "late_on"},
                "P113 plugin 'late_on' did not start: on() is only allowed inside load()"},
        Refusal{"P111",
                {"alpha", "lonely"},
                "P111 plugin 'lonely' needs flin.test.INobody/1, which no loaded plugin offers. "
                "Add a plugin that offers it to --plugins."},
        Refusal{"P112",
                {"alpha", "ring_a", "ring_b"},
                "P112 plugins need each other in a circle: ring_a -> ring_b -> ring_a"},
        Refusal{"P113", {"alpha", "late"}, "P113 plugin 'late' did not start: port 80 is taken"}),
    [](const testing::TestParamInfo<Refusal>& info) { return std::string(info.param.name); });

TEST(BadPluginFile, ThatIsNoLibraryIsP102AndEndsTheSearch) {
  HostFixture f;
  const PluginFolder folder({});
  std::ofstream(folder.path() + "/flin_alpha.so") << "not a library";
  PluginHost host({{folder.path(), kDir}}, f.config, f.log);
  const std::string said = told(host.load({"alpha"}));
  EXPECT_EQ(said.rfind("P102 " + folder.path() + "/flin_alpha.so cannot be loaded: ", 0), 0u)
      << said;
}

TEST(BadPluginFile, InAFolderEveryoneMayWriteToIsP102) {
  HostFixture f;
  const PluginFolder folder({"alpha"});
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  PluginHost host({{folder.path()}}, f.config, f.log);
  EXPECT_EQ(told(host.load({"alpha"})),
            "P102 " + folder.path() +
                "/flin_alpha.so cannot be loaded: everyone may write to it or to its folder");
}

TEST(BadPlugin, OfAnInterfaceTheKernelOffersIsP107) {
  HostFixture f;
  int service = 0;
  f.host->services().add("flin.test.IAlpha/1", &service);
  EXPECT_EQ(told(f.host->load({"alpha"})),
            "P107 plugin 'alpha' offers flin.test.IAlpha/1, which flin offers itself");
}

TEST(BadPlugin, CallingOnAfterLoadIsP110) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const Status status = f.seen_by("alpha").on("test.happened", 0, nullptr);
  EXPECT_EQ(code_text(status.code()), "P110");
  EXPECT_EQ(status.message(), "on() is only allowed inside load()");
}

TEST(PluginSearch, TakesGivenFoldersThenThePathThenTheOneBesideTheProgram) {
  EXPECT_EQ(plugin_directories({"/a", ""}, "/b::/c:", "/usr/bin/flin"),
            (Lines{"/a", "/b", "/c", "/usr/lib/flin/plugins"}));
}

TEST(PluginSearch, NeverMeansTheCurrentDirectorySilently) {
  EXPECT_EQ(plugin_directories({}, ":", ""), Lines{});
}

}  // namespace
}  // namespace flin::test
