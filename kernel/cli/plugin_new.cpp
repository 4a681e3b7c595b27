#include "cli/plugin_new.h"

#include "host/plugin_library.h"

#include <filesystem>
#include <fstream>

namespace flin::cli {

namespace fs = std::filesystem;

namespace {

std::string filled(std::string_view text, const std::string& name) {
  std::string out(text);
  const auto replace = [&out](std::string_view mark, std::string_view by) {
    for (std::size_t at = out.find(mark); at != out.npos; at = out.find(mark, at + by.size()))
      out.replace(at, mark.size(), by);
  };
  replace("@NAME@", name);
  replace("@VERSION@", FLIN_VERSION);
  return out;
}

Error usage(std::string message) { return Error{0, std::move(message)}; }

Result<void> write(const fs::path& path, const std::string& text, bool is_program) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (error || !out) return usage("cannot write " + path.string());
  if (is_program)
    fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add, error);
  return {};
}

}  // namespace

Result<std::vector<std::string>> new_plugin(const std::string& name, const std::string& directory) {
  if (!is_plugin_id(name)) {
    return usage("'" + name +
                 "' cannot be the name of a plugin: it has small letters, digits and '_', a letter "
                 "first");
  }
  std::error_code error;
  const fs::path root(directory);
  if (fs::exists(root, error) && !fs::is_empty(root, error))
    return usage(directory + " has something in it already; give another folder by --dir=");
  std::vector<std::string> written;
  for (const TemplateFile& file : plugin_template()) {
    const fs::path path = root / filled(file.path, name);
    if (Result<void> done = write(path, filled(file.text, name), file.is_program); !done.ok())
      return done.error();
    written.push_back(path.string());
  }
  return written;
}

}  // namespace flin::cli
