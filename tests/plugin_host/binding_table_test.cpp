#include "fixture.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

TEST(BindingTable, BindsFormsToOpcodes) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const check::BoundOp* op = f.host->bindings().form("save");
  ASSERT_NE(op, nullptr);
  EXPECT_EQ(op->name, "alpha.add");
  EXPECT_EQ(op->flags, std::uint32_t{kPure});
  EXPECT_EQ(op->results, 1u);
  EXPECT_EQ(f.host->bindings().form("delete"), nullptr);
}

TEST(BindingTable, BindsBuiltins) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const auto& found = f.host->bindings().builtins("alpha_call");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]->signature, "(a: int, b: int) -> int");
  EXPECT_EQ(found[0]->op, "alpha.add");
  EXPECT_EQ(found[0]->tier, check::Tier::kServer);
  EXPECT_EQ(found[0]->flags, std::uint32_t{check::kBuiltinPure});
  EXPECT_TRUE(f.host->bindings().builtins("beta_call").empty());
}

TEST(BindingTable, KeepsOverloadsOfTheKernelAndListsNamesOnce) {
  HostFixture f;
  auto& table = f.host->bindings();
  table.add_kernel_builtin(
      {"contains", "(t: text, part: text) -> bool", "", check::Tier::kBoth, 0, ""});
  table.add_kernel_builtin(
      {"contains", "(l: [T], item: T) -> bool", "", check::Tier::kBoth, 0, ""});
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  EXPECT_EQ(table.builtins("contains").size(), 2u);
  EXPECT_EQ(table.builtin_names(), (Lines{"contains", "alpha_call"}));
  f.host->unload();
  EXPECT_EQ(table.builtins("contains").size(), 2u);
  EXPECT_EQ(table.builtin_names(), (Lines{"contains"}));
}

TEST(BindingTable, BindsValidatorsWithTheirFunction) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  const check::BoundValidator* declared = f.host->bindings().validator("alpha_fits");
  ASSERT_NE(declared, nullptr);
  EXPECT_EQ(declared->fits, "int");
  const ValidatorEntry* entry = f.host->bindings().validator_entry("alpha_fits");
  Plain value;
  value.i = 1;
  EXPECT_EQ(entry->check(*entry->self, value, {}), 1u);
  value.i = -1;
  EXPECT_EQ(entry->check(*entry->self, value, {}), 0u);
  EXPECT_EQ(entry->message, "must be positive");
}

TEST(BindingTable, BindsGuardsAndTypes) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  ASSERT_NE(f.host->bindings().guard("alpha_guard"), nullptr);
  EXPECT_EQ(f.host->bindings().guard("alpha_guard")->status, 403u);
  ASSERT_NE(f.host->bindings().type("alpha_type"), nullptr);
  EXPECT_EQ(f.host->bindings().type("alpha_type")->fields, "{ n: int }");
  EXPECT_EQ(f.host->bindings().guard("beta_guard"), nullptr);
}

TEST(BindingTable, NamesThePluginThatWouldGiveTheMeaning) {
  HostFixture f;
  const PluginFolder folder({"alpha", "beta"});
  ASSERT_TRUE(write_catalogue(folder.path()).ok());
  PluginHost host({{folder.path()}}, f.config, f.log);
  EXPECT_EQ(host.bindings().plugin_for("save"), "alpha");
  EXPECT_EQ(host.bindings().plugin_for("alpha_call"), "alpha");
  EXPECT_EQ(host.bindings().plugin_for("teleport"), "");
}

TEST(BindingTable, ListsLoadedPluginsInOrder) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  EXPECT_EQ(f.host->bindings().loaded_plugins(), (Lines{"alpha", "beta"}));
}

}  // namespace
}  // namespace flin::test
