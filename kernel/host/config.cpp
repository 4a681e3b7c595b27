#include "host/config.h"

#include "base/assert.h"
#include "base/edit_distance.h"
#include "base/json.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <utility>

namespace flin {

namespace {

constexpr std::string_view kFileName = "flin.json";
// Variables that begin like settings and are something else.
constexpr std::string_view kReserved[] = {"FLIN_PLUGIN_PATH", "FLIN_KEEP_PLUGINS", "FLIN_SECRET",
                                          "FLIN_PLUGIN_CHECK_FD"};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '.' || c == '-') c = '_';
  }
  return out;
}

std::string variable(std::string_view plugin, std::string_view key) {
  std::string out = "FLIN";
  if (!plugin.empty()) out += "_" + upper(plugin);
  if (!key.empty()) out += "_" + upper(key);
  return out;
}

// "store.path" is plugin "store" and key "path"; "store" is no plugin and key "store".
std::pair<std::string_view, std::string_view> split_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {{}, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

bool contains(const std::vector<std::string>& items, std::string_view item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

std::string hint(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string_view near = nearest_name(wanted, names);
  return near.empty() ? "" : ": did you mean '" + std::string(near) + "'?";
}

// The loaded plugin whose settings a variable is about: the longest id that fits, so that
// FLIN_A_B_C belongs to plugin a_b where both a and a_b are loaded.
std::string_view plugin_of_variable(std::string_view name,
                                    const std::vector<std::string>& plugins) {
  std::string_view found;
  for (const std::string& plugin : plugins) {
    if (plugin.size() > found.size() && name.starts_with(variable(plugin, {}) + "_"))
      found = plugin;
  }
  return found;
}

void hold(std::int64_t& field, const std::string& value) { field = std::stoll(value); }
void hold(std::string& field, const std::string& value) { field = value; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

Error refused_setting(const Setting& setting) {
  std::string message = "setting " + setting.name() + " cannot be '" + setting.written +
                        "': it takes " + what_it_takes(setting.shape);
  if (setting.origin == Origin::kEnvironment || setting.origin == Origin::kFile) {
    message += " (given by " + setting.source + ")";
  }
  return Error{code('S', 102), message};
}

Result<void> Config::read(ConfigSources sources) {
  sources_ = std::move(sources);
  settings_.clear();
  if (auto settled = settle_kernel(); !settled) return settled;
  return check_file_values();
}

Result<void> Config::settle_kernel() {
#define SETTING(type, key_name, fallback_value, low, high, help_text)                      \
  {                                                                                        \
    Setting setting;                                                                       \
    setting.key = #key_name;                                                               \
    setting.fallback = fallback_value;                                                     \
    setting.help = help_text;                                                              \
    setting.shape = {                                                                      \
        type, low, high,                                                                   \
        type == kChoiceSetting ? choices_in_help(help_text) : std::vector<std::string>{}}; \
    if (auto settled = settle(std::move(setting)); !settled) return settled;               \
    hold(kernel_.key_name, find({}, #key_name)->value);                                    \
  }
#include "host/kernel_settings.def"
#undef SETTING
  return {};
}

// A plain value at the top of flin.json is a setting of the kernel or a mistake.
Result<void> Config::check_file_values() const {
  for (const auto& [key, value] : sources_.file.values) {
    if (find({}, key) == nullptr) return unknown({}, key, sources_.file.name);
  }
  return {};
}

Result<void> Config::declare(std::string_view plugin, List<SettingDecl> settings) {
  settings_[std::string(plugin)];
  for (const SettingDecl& decl : settings) {
    Setting setting;
    setting.plugin = plugin;
    setting.key = std::string_view(decl.key);
    setting.fallback = std::string_view(decl.fallback);
    setting.help = std::string_view(decl.help);
    setting.shape.type = static_cast<SettingType>(decl.type);
    setting.main = decl.main != 0;
    if (setting.shape.type == kChoiceSetting) setting.shape.choices = choices_in_help(decl.help);
    if (auto settled = settle(std::move(setting)); !settled) return settled;
  }
  return {};
}

Result<void> Config::settle(Setting setting) {
  Given found{setting.fallback, "", Origin::kFallback, true};
  given(setting, found);
  setting.written = found.written;
  setting.origin = found.origin;
  setting.source = found.source;
  // An empty fallback says "not set", whatever the type; a plugin tells it by the empty text.
  const bool unset = found.origin == Origin::kFallback && setting.fallback.empty();
  const auto value = unset            ? std::optional<std::string>("")
                     : found.readable ? normal_value(setting.shape, setting.written)
                                      : std::nullopt;
  if (!value) return refused_setting(setting);
  setting.value = *value;
  auto& of_plugin = settings_[setting.plugin];
  const std::string key = setting.key;
  of_plugin.insert_or_assign(key, std::move(setting));
  return {};
}

bool Config::given(const Setting& setting, Given& out) const {
  return given_by_argument(setting, out) || given_by_environment(setting, out) ||
         given_by_file(setting, out);
}

// The last one on the command line wins.
bool Config::given_by_argument(const Setting& setting, Given& out) const {
  const std::string name = setting.name();
  bool found = false;
  for (const Argument& argument : sources_.arguments) {
    const bool by_main = setting.main && argument.name == setting.plugin;
    if (argument.name != name && !by_main) continue;
    const bool bare = !argument.value.has_value();
    const bool switched_on = bare && setting.shape.type == kBoolSetting;
    out = {switched_on ? "true" : argument.value.value_or(""), "--" + argument.name,
           Origin::kCommandLine, !bare || switched_on};
    found = true;
  }
  return found;
}

bool Config::given_by_environment(const Setting& setting, Given& out) const {
  auto it = sources_.environment.find(variable(setting.plugin, setting.key));
  if (it == sources_.environment.end() && setting.main) {
    it = sources_.environment.find(variable(setting.plugin, {}));
  }
  if (it == sources_.environment.end()) return false;
  out = {it->second, it->first, Origin::kEnvironment, true};
  return true;
}

bool Config::given_by_file(const Setting& setting, Given& out) const {
  const auto& file = sources_.file;
  const auto* values = &file.values;
  if (!setting.plugin.empty()) {
    const auto section = file.plugins.find(setting.plugin);
    if (section == file.plugins.end()) return false;
    values = &section->second;
  }
  const auto it = values->find(setting.key);
  if (it == values->end()) return false;
  out = {it->second.text, file.name.empty() ? std::string(kFileName) : file.name, Origin::kFile,
         it->second.scalar};
  return true;
}

Result<void> Config::unknown(std::string_view plugin, std::string_view key,
                             const std::string& source) const {
  std::string message = plugin.empty() ? "flin" : "plugin " + std::string(plugin);
  message += " has no setting '" + std::string(key) + "'" + hint(key, keys_of(plugin));
  if (!source.empty()) message += " (given by " + source + ")";
  return Error{code('S', 101), message};
}

Result<void> Config::check_names(const std::vector<std::string>& plugins) const {
  for (const Argument& argument : sources_.arguments) {
    const auto [plugin, key] = split_name(argument.name);
    if (plugin.empty() && contains(plugins, key) && main_of(key) == nullptr) {
      return Error{code('S', 101), "plugin " + std::string(key) + " has no main setting: write --" +
                                       std::string(key) + ".<key>=<value>"};
    }
    if (contains(plugins, plugin) && find(plugin, key) == nullptr) return unknown(plugin, key, "");
  }
  for (const auto& [name, value] : sources_.environment) {
    if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved))
      continue;
    const std::string_view plugin = plugin_of_variable(name, plugins);
    if (plugin.empty()) continue;
    const std::string key = lower(std::string_view(name).substr(variable(plugin, {}).size() + 1));
    const auto keys = keys_of(plugin);
    const bool declared = std::any_of(keys.begin(), keys.end(), [&](const std::string& known) {
      return variable(plugin, known) == name;
    });
    if (!declared) return unknown(plugin, key, name);
  }
  for (const auto& [plugin, values] : sources_.file.plugins) {
    if (!contains(plugins, plugin)) continue;
    for (const auto& [key, value] : values) {
      if (find(plugin, key) == nullptr) return unknown(plugin, key, sources_.file.name);
    }
  }
  return {};
}

void Config::retract(std::string_view plugin) {
  FLIN_ASSERT(!plugin.empty(), "the kernel's settings are never retracted");
  const auto it = settings_.find(plugin);
  if (it != settings_.end()) settings_.erase(it);
}

const Setting* Config::find(std::string_view plugin, std::string_view key) const {
  const auto section = settings_.find(plugin);
  if (section == settings_.end()) return nullptr;
  const auto it = section->second.find(key);
  return it == section->second.end() ? nullptr : &it->second;
}

const Setting* Config::main_of(std::string_view plugin) const {
  const auto section = settings_.find(plugin);
  if (section == settings_.end()) return nullptr;
  for (const auto& [key, setting] : section->second) {
    if (setting.main) return &setting;
  }
  return nullptr;
}

std::vector<std::string> Config::keys_of(std::string_view plugin) const {
  std::vector<std::string> out;
  const auto section = settings_.find(plugin);
  if (section == settings_.end()) return out;
  for (const auto& [key, setting] : section->second) out.push_back(key);
  return out;
}

std::vector<const Setting*> Config::all() const {
  std::vector<const Setting*> out;
  for (const auto& [plugin, settings] : settings_) {
    for (const auto& [key, setting] : settings) out.push_back(&setting);
  }
  return out;
}

Leftovers Config::leftovers(const std::vector<std::string>& loaded,
                            const std::vector<std::string>& known) const {
  Leftovers out;
  for (const Argument& argument : sources_.arguments) {
    const auto [prefix, key] = split_name(argument.name);
    const std::string plugin(prefix.empty() ? key : prefix);
    if (contains(loaded, plugin)) continue;
    if (prefix.empty() && find({}, key) != nullptr) continue;
    if (prefix.empty() && !contains(known, plugin)) {
      out.unknown_options.push_back(argument.name);
      continue;
    }
    out.warnings.push_back("--" + argument.name + " is ignored: plugin '" + plugin +
                           "' is not loaded" + hint(plugin, loaded));
  }
  return out;
}

void show_config(std::ostream& out, const Config& config) {
  std::size_t name_width = 0, value_width = 0;
  for (const Setting* setting : config.all()) {
    name_width = std::max(name_width, setting->name().size());
    value_width = std::max(value_width, setting->written.size());
  }
  for (const Setting* setting : config.all()) {
    const std::string from = setting->origin == Origin::kFallback ? "default" : setting->source;
    out << std::left << std::setw(static_cast<int>(name_width + 2)) << setting->name()
        << std::setw(static_cast<int>(value_width + 2)) << setting->written << from << "\n    "
        << setting->help << " (" << setting_type_name(setting->shape.type) << ", default "
        << (setting->fallback.empty() ? "none" : setting->fallback) << ")\n";
  }
}

std::string config_json(const Config& config) {
  constexpr const char* kOrigins[] = {"default", "file", "environment", "command line"};
  std::string out = "[";
  for (const Setting* setting : config.all()) {
    const auto origin = static_cast<std::size_t>(setting->origin);
    const std::string name = setting->name();
    const std::pair<const char*, std::string_view> fields[] = {
        {"name", name},
        {"value", setting->value},
        {"origin", kOrigins[origin]},
        {"source", setting->source},
        {"default", setting->fallback},
        {"type", setting_type_name(setting->shape.type)},
        {"help", setting->help}};
    out += out.size() > 1 ? ",\n  {" : "\n  {";
    for (const auto& field : fields) {
      out += &field == fields ? "\"" : ", \"";
      out += std::string(field.first) + "\": ";
      json::append_text(out, field.second);
    }
    out += "}";
  }
  return out + "\n]\n";
}

}  // namespace flin
