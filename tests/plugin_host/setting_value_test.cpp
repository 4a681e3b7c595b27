#include "host/setting_value.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

std::string normal(SettingType type, std::string_view text) {
  SettingShape shape;
  shape.type = type;
  if (type == kChoiceSetting) shape.choices = {"fast", "safe"};
  return normal_value(shape, text).value_or("refused");
}

TEST(SettingValue, ReadsInts) {
  EXPECT_EQ(normal(kIntSetting, "8080"), "8080");
  EXPECT_EQ(normal(kIntSetting, "-1"), "-1");
  for (const char* bad : {"", "abc", "80 ", "8.5", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(normal(kIntSetting, bad), "refused") << bad;
  }
}

TEST(SettingValue, ReadsNumbers) {
  EXPECT_EQ(normal(kNumberSetting, "0.5"), "0.5");
  EXPECT_EQ(normal(kNumberSetting, "1e3"), "1000");
  for (const char* bad : {"", "half", "1,5", "inf", "nan"})
    EXPECT_EQ(normal(kNumberSetting, bad), "refused") << bad;
}

TEST(SettingValue, ReadsBools) {
  for (const char* yes : {"true", "yes", "on", "1"}) EXPECT_EQ(normal(kBoolSetting, yes), "true");
  for (const char* no : {"false", "no", "off", "0"}) EXPECT_EQ(normal(kBoolSetting, no), "false");
  EXPECT_EQ(normal(kBoolSetting, "maybe"), "refused");
}

TEST(SettingValue, ReadsBytes) {
  EXPECT_EQ(normal(kBytesSetting, "512"), "512");
  EXPECT_EQ(normal(kBytesSetting, "10MB"), "10000000");
  EXPECT_EQ(normal(kBytesSetting, "64KiB"), "65536");
  EXPECT_EQ(normal(kBytesSetting, "1 GiB"), "1073741824");
  for (const char* bad : {"", "MB", "-1", "10mb", "1.5MB", "9999999999GiB", "10 s"})
    EXPECT_EQ(normal(kBytesSetting, bad), "refused") << bad;
}

TEST(SettingValue, ReadsDurations) {
  EXPECT_EQ(normal(kDurationSetting, "500ms"), "500");
  EXPECT_EQ(normal(kDurationSetting, "5s"), "5000");
  EXPECT_EQ(normal(kDurationSetting, "2m"), "120000");
  EXPECT_EQ(normal(kDurationSetting, "1h"), "3600000");
  EXPECT_EQ(normal(kDurationSetting, "7d"), "604800000");
  for (const char* bad : {"", "s", "5x", "-5s", "5 s s"})
    EXPECT_EQ(normal(kDurationSetting, bad), "refused") << bad;
}

TEST(SettingValue, TakesChoicesOnly) {
  EXPECT_EQ(normal(kChoiceSetting, "fast"), "fast");
  EXPECT_EQ(normal(kChoiceSetting, "fas"), "refused");
}

TEST(SettingValue, KeepsNormalFormsAsTheyAre) {
  for (const auto& [type, text] : {std::pair{kBytesSetting, "64KiB"},
                                   {kDurationSetting, "5s"},
                                   {kBoolSetting, "on"},
                                   {kNumberSetting, "1e3"}}) {
    const std::string once = normal(type, text);
    EXPECT_EQ(normal(type, once), once);
  }
}

TEST(SettingValue, SaysWhatItTakes) {
  EXPECT_EQ(what_it_takes({kIntSetting, 0, 65535, {}}), "an int from 0 to 65535");
  EXPECT_EQ(what_it_takes({kChoiceSetting, 0, 0, {"fast", "safe", "off"}}),
            "one of fast, safe and off");
  SettingShape shape;
  shape.type = kDurationSetting;
  EXPECT_EQ(what_it_takes(shape), "a duration, like 500ms or 5s");
  shape.type = kBytesSetting;
  EXPECT_EQ(what_it_takes(shape), "a number of bytes, like 512, 64KiB or 10MB");
}

TEST(SettingValue, FindsChoicesAtTheEndOfTheHelp) {
  EXPECT_EQ(choices_in_help("How it does it: fast|safe|off"),
            (std::vector<std::string>{"fast", "safe", "off"}));
  EXPECT_EQ(choices_in_help("One of fast|safe."), (std::vector<std::string>{"fast", "safe"}));
  EXPECT_TRUE(choices_in_help("").empty());
}

}  // namespace
}  // namespace flin::test
