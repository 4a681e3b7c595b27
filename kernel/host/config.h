// Settings: declared by the kernel (kernel_settings.def) and by the manifests of loaded plugins,
// given by command line, environment, flin.json or their fallback, in this order (A 9).
//
//   key `k` of plugin `p`:  --p.k=v   FLIN_P_K   {"p": {"k": v}}      its main key also  --p=v
//   FLIN_P key `k` of the kernel:  --k=v     FLIN_K     {"k": v}
//
// Made and changed by one thread while loading; afterwards read by all.
#pragma once

#include "base/result.h"
#include "flin/plugin.h"
#include "host/config_sources.h"
#include "host/setting_value.h"

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

// How a field of KernelSettings is held: whole numbers (int; bytes; milliseconds) or a name.
template <SettingType type>
struct SettingField {
  using Held = std::int64_t;
};
template <>
struct SettingField<kChoiceSetting> {
  using Held = std::string;
};
template <>
struct SettingField<kTextSetting> {
  using Held = std::string;
};

// Each kernel setting under its key; bytes in bytes, durations in milliseconds.
struct KernelSettings {
#define SETTING(type, key, fallback, lowest, highest, help) SettingField<type>::Held key{};
#include "host/kernel_settings.def"
#undef SETTING
};

enum class Origin { kFallback, kFile, kEnvironment, kCommandLine };

struct Setting {
  std::string plugin;  // "": the kernel
  std::string key, fallback, help;
  SettingShape shape;
  bool main = false;
  std::string written;  // as it was given
  std::string value;    // its normal form (setting_value.h)
  Origin origin = Origin::kFallback;
  std::string source;  // "--http.port", "FLIN_HTTP_PORT", "flin.json"; "" for the fallback

  std::string name() const { return plugin.empty() ? key : plugin + "." + key; }
};

// What of the command line no setting took.
struct Leftovers {
  std::vector<std::string> warnings;  // "--store.path is ignored: plugin 'store' is not loaded"
  std::vector<std::string> unknown_options;  // names without a dot that are neither setting nor
                                             // known plugin: usage errors
};

class Config {
 public:
  // Takes the sources and settles the kernel's settings. S101 for an unknown key in flin.json,
  // S102.
  Result<void> read(ConfigSources sources);

  const KernelSettings& kernel() const { return kernel_; }

  // Settles the settings of one plugin. S102 for a value that its type refuses.
  Result<void> declare(std::string_view plugin, List<SettingDecl> settings);

  // S101 for a key given to one of `plugins` that it does not declare. Call it when each was
  // declared.
  Result<void> check_names(const std::vector<std::string>& plugins) const;

  // Forgets the settings of one plugin.
  void retract(std::string_view plugin);

  // Null when it was not declared. Stays valid until retract().
  const Setting* find(std::string_view plugin, std::string_view key) const;

  // The kernel's, then plugin by plugin in order of name.
  std::vector<const Setting*> all() const;

  // `loaded`: ids of plugins that run; `known`: ids of plugins that are installed.
  Leftovers leftovers(const std::vector<std::string>& loaded,
                      const std::vector<std::string>& known) const;

  const Environment& environment() const { return sources_.environment; }

 private:
  struct Given {
    std::string written, source;
    Origin origin;
    bool readable;
  };
  Result<void> settle(Setting setting);
  Result<void> settle_kernel();
  Result<void> check_file_values() const;
  bool given(const Setting& setting, Given& out) const;
  bool given_by_argument(const Setting& setting, Given& out) const;
  bool given_by_environment(const Setting& setting, Given& out) const;
  bool given_by_file(const Setting& setting, Given& out) const;
  Result<void> unknown(std::string_view plugin, std::string_view key,
                       const std::string& source) const;
  std::vector<std::string> keys_of(std::string_view plugin) const;
  const Setting* main_of(std::string_view plugin) const;

  ConfigSources sources_;
  KernelSettings kernel_;
  std::map<std::string, std::map<std::string, Setting, std::less<>>, std::less<>>
      settings_;  // plugin, key
};

// The S102 of a plugin that refuses a value of its own, in the host's words.
Error refused_setting(const Setting& setting);

// `flin config show`: name, value as written and where it comes from on one line, then what it is
// for, its type and its default.
void show_config(std::ostream& out, const Config& config);
// The same as a JSON array of {"name", "value", "origin", "source", "default", "type", "help"};
// `origin` is "default", "file", "environment" or "command line"; `value` is the normal form.
std::string config_json(const Config& config);

}  // namespace flin
