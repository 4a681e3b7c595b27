// The plugin's manifest, settings and start.
#include "entity_store_fixture.h"
#include "store_plugin.h"

#include <set>

namespace flin::store::tests {
namespace {

class PluginTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program.table = schema.rows();
    host.settings = {{"backend", "memory"}, {"log_keep", "100000"}, {"max_rows", "10000"}};
    host.give<IProgram>(&program);
    host.give<ISources>(&sources);
  }
  testing::Host host;
  testing::FakeProgram program;
  testing::FakeSources sources;
  testing::FakeSchema schema = todo_schema();
  StorePlugin plugin;
};

TEST_F(PluginTest, BindsEveryFormToAnOpcodeItHas) {
  std::set<std::string_view> ops;
  for (const OpDecl& op : kManifest.ops) {
    EXPECT_EQ(std::string_view(op.name).substr(0, 6), "store.");
    EXPECT_NE(std::string_view(op.help), "");
    ops.insert(op.name);
  }
  for (const FormDecl& form : kManifest.forms)
    EXPECT_EQ(ops.count(form.op), 1u) << std::string_view(form.op);
  EXPECT_EQ(kManifest.forms.size, 22u);
}

TEST_F(PluginTest, HandsItsStoreOutBeforeItIsLoaded) {
  EXPECT_NE(plugin.query(IEntityStore::kId), nullptr);
  EXPECT_EQ(plugin.query("flin.ws.IHub/1"), nullptr);
}

TEST_F(PluginTest, OpensTheProgramThatIsServed) {
  ASSERT_TRUE(plugin.load(host).ok());
  ASSERT_TRUE(host.emit(plugin, {sizeof(Event), kProgramBeforeServed, nullptr}).ok());
  ASSERT_TRUE(plugin.start().ok());
  EXPECT_TRUE(plugin.store().model());
  plugin.stop();
}

TEST_F(PluginTest, RefusesABackendItDoesNotKnow) {
  host.settings["backend"] = "postgres:app";
  const Status status = plugin.load(host);
  EXPECT_EQ(status.code(), code('S', 102));
  EXPECT_EQ(status.message(),
            "setting store.backend cannot be 'postgres:app': the known backends are sqlite, memory "
            "and those that loaded plugins offer by name");
}

TEST_F(PluginTest, RefusesLimitsThatAreNoNumbersAboveZero) {
  for (const char* bad : {"0", "-1", "many", "1.5", ""}) {
    host.settings["max_rows"] = bad;
    StorePlugin other;
    EXPECT_EQ(other.load(host).message(), std::string("setting store.max_rows cannot be '") + bad +
                                              "': it needs a whole number above 0");
  }
}

TEST_F(PluginTest, DoesNotStartWithAProgramItCannotServe) {
  testing::FakeSchema odd;
  odd.entity("T").field("x", "text", Kind::kText).validator("nice");
  program.table = odd.rows();
  ASSERT_TRUE(plugin.load(host).ok());
  EXPECT_TRUE(host.emit(plugin, {sizeof(Event), kProgramBeforeServed, nullptr}).ok());
  EXPECT_EQ(plugin.start().message(), "T.x: the store has no validator @nice")
      << "said once, and by the start";
}

TEST_F(PluginTest, SaysThatALaterProgramIsRefused) {
  ASSERT_TRUE(plugin.load(host).ok());
  ASSERT_TRUE(plugin.start().ok());
  testing::FakeSchema odd;
  odd.entity("T").field("x", "text", Kind::kText).validator("nice");
  program.table = odd.rows();
  EXPECT_EQ(host.emit(plugin, {sizeof(Event), kProgramBeforeServed, nullptr}).message(),
            "T.x: the store has no validator @nice");
  plugin.stop();
}

}  // namespace
}  // namespace flin::store::tests
