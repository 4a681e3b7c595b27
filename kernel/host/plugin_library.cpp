#include "host/plugin_library.h"

#include "base/edit_distance.h"
#include "flin/base.h"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>

#include <algorithm>
#include <filesystem>

namespace flin {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "flin_";
constexpr std::string_view kSuffix = ".so";

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out.empty() ? "no folder" : out;
}

Error unusable(const std::string& path, const std::string& why) {
  return Error{code('P', 102), path + " " + why};
}

bool everyone_may_write(const fs::path& path) {
  std::error_code failure;
  const fs::perms perms = fs::status(path, failure).permissions();
  return !failure && (perms & fs::perms::others_write) != fs::perms::none;
}

}  // namespace

std::vector<std::string> plugin_directories(const std::vector<std::string>& given,
                                            std::string_view path, const std::string& executable) {
  std::vector<std::string> out;
  for (const std::string& directory : given) {
    if (!directory.empty()) out.push_back(directory);
  }
  while (!path.empty()) {
    const std::size_t colon = std::min(path.find(':'), path.size());
    if (colon > 0) out.emplace_back(path.substr(0, colon));
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  if (!executable.empty()) {
    const fs::path beside = fs::path(executable).parent_path() / ".." / "lib" / "flin" / "plugins";
    out.push_back(beside.lexically_normal().string());
  }
  return out;
}

std::string plugin_file_name(std::string_view id) {
  return std::string(kPrefix) + std::string(id) + std::string(kSuffix);
}

bool is_plugin_id(std::string_view id) {
  if (id.empty() || id.front() < 'a' || id.front() > 'z') return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::vector<std::string> plugins_in(const std::string& directory) {
  std::vector<std::string> out;
  std::error_code failure;
  for (fs::directory_iterator it(directory, failure), end; !failure && it != end;
       it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const std::string id =
        name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    if (is_plugin_id(id)) out.push_back(id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::string> find_plugin(std::string_view id, const std::vector<std::string>& directories) {
  const std::string quoted = "plugin '" + std::string(id) + "'";
  if (!is_plugin_id(id)) {
    return Error{code('P', 101), quoted + " not found: an id has small letters, digits and '_'"};
  }
  std::vector<std::string> there;
  for (const std::string& directory : directories) {
    const fs::path path = fs::path(directory) / plugin_file_name(id);
    std::error_code failure;
    if (fs::exists(path, failure)) return path.string();
    for (std::string& other : plugins_in(directory)) there.push_back(std::move(other));
  }
  std::string message =
      quoted + " not found: no " + plugin_file_name(id) + " in " + joined(directories);
  const std::string_view near = nearest_name(id, there);
  if (!near.empty()) message += ". Did you mean '" + std::string(near) + "'?";
  return Error{code('P', 101), message};
}

struct PluginLibrary::Handle {
  Poco::SharedLibrary library;
};

PluginLibrary::PluginLibrary() : handle_(std::make_unique<Handle>()) {}

PluginLibrary::~PluginLibrary() {
  if (!kept_ && handle_->library.isLoaded()) handle_->library.unload();
}

void PluginLibrary::keep() { kept_ = true; }

Result<std::unique_ptr<PluginLibrary>> PluginLibrary::open(const std::string& path) {
  const fs::path file(path);
  if (everyone_may_write(file) || everyone_may_write(file.parent_path())) {
    return unusable(path, "cannot be loaded: everyone may write to it or to its folder");
  }
  std::unique_ptr<PluginLibrary> out(new PluginLibrary);
  out->path_ = path;
  try {
    out->handle_->library.load(fs::absolute(file).string(), Poco::SharedLibrary::SHLIB_LOCAL);
  } catch (const Poco::Exception& e) { return unusable(path, "cannot be loaded: " + e.message()); }
  if (!out->handle_->library.hasSymbol(FLIN_ENTRY_SYMBOL)) {
    return unusable(path, "is not a FLIN plugin: it exports no symbol '" FLIN_ENTRY_SYMBOL "'");
  }
  out->entry_ =
      static_cast<const flin_plugin_entry*>(out->handle_->library.getSymbol(FLIN_ENTRY_SYMBOL));
  return out;
}

}  // namespace flin
