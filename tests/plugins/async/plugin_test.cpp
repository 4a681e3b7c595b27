// The plugin's manifest, offers and settings.
#include "async_plugin.h"

#include "flin/testing.h"

#include <gtest/gtest.h>

namespace flin::async::tests {
namespace {

class PluginTest : public ::testing::Test {
 protected:
  PluginTest() {
    for (const SettingDecl& setting : kManifest.settings) {
      std::string value(std::string_view(setting.fallback));
      if (value == "16MiB") value = "16777216";  // the host gives bytes
      host.settings[std::string(std::string_view(setting.key))] = value;
    }
  }
  testing::Host host;
  AsyncPlugin plugin;
};

TEST_F(PluginTest, HandsOutWhatItOffers) {
  for (const OfferDecl& offer : kManifest.offers)
    EXPECT_NE(plugin.query(offer.interface_id), nullptr);
  EXPECT_EQ(plugin.query("flin.ws.IHub/1"), nullptr);
}

TEST_F(PluginTest, TakesItsOwnDefaults) {
  ASSERT_TRUE(plugin.load(host).ok());
  EXPECT_EQ(plugin.settings().threads, 8u);
  plugin.stop();
}

TEST_F(PluginTest, RefusesSettingsThatDoNotFit) {
  const std::pair<const char*, const char*> rows[] = {
      {"threads", "0"},      {"threads", "many"}, {"queue", "-1"},     {"watcher", "eyes"},
      {"answer_bytes", "0"}, {"file_bytes", "x"}, {"redirects", "101"}};
  for (const auto& [key, value] : rows) {
    testing::Host bad;
    bad.settings = host.settings;
    bad.settings[key] = value;
    const Status status = plugin.load(bad);
    EXPECT_EQ(status.code(), code('S', 102));
    EXPECT_EQ(std::string(std::string_view(status.message())),
              std::string("setting async.") + key + " cannot be '" + value + "'");
  }
}

}  // namespace
}  // namespace flin::async::tests
