#include "host/catalogue.h"

#include "flin/base.h"
#include "host/describe.h"
#include "host/plugin_library.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>

namespace flin {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Null when `text` is no JSON object.
Poco::JSON::Object::Ptr parse_object(const std::string& text) {
  try {
    Poco::JSON::Parser parser;
    const Poco::Dynamic::Var root = parser.parse(text);
    if (root.type() == typeid(Poco::JSON::Object::Ptr))
      return root.extract<Poco::JSON::Object::Ptr>();
  } catch (const std::exception&) { return {}; }
  return {};
}

std::string text_at(const Poco::JSON::Object& object, const char* key) {
  const Poco::Dynamic::Var value = object.get(key);
  return value.isString() ? value.extract<std::string>() : std::string();
}

// The texts under `key` of every row in the list `list`.
std::vector<std::string> column(const Poco::JSON::Object& root, const char* list, const char* key) {
  std::vector<std::string> out;
  const Poco::JSON::Array::Ptr rows = root.getArray(list);
  if (rows.isNull()) return out;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Poco::JSON::Object::Ptr row = rows->getObject(static_cast<unsigned>(i));
    if (!row.isNull()) out.push_back(text_at(*row, key));
  }
  return out;
}

std::optional<CatalogueEntry> read_entry(const fs::path& path, const std::string& id) {
  const auto text = read_whole(path);
  if (!text) return std::nullopt;
  const Poco::JSON::Object::Ptr root = parse_object(*text);
  if (root.isNull() || text_at(*root, "id") != id) return std::nullopt;
  CatalogueEntry out;
  out.id = id;
  out.version = text_at(*root, "version");
  out.summary = text_at(*root, "summary");
  out.path = path.string();
  out.ops = column(*root, "ops", "name");
  out.forms = column(*root, "forms", "form");
  out.builtins = column(*root, "builtins", "name");
  out.offers = column(*root, "offers", "interface");
  return out;
}

fs::path catalogue_path(const std::string& directory, const std::string& id) {
  return fs::path(directory) / ("flin_" + id + ".json");
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error bad_file(const fs::path& path, const std::string& why) {
  return Error{code('P', 102), path.string() + " " + why};
}

}  // namespace

const std::vector<CatalogueEntry>& Catalogue::entries() const {
  std::call_once(read_, [this] {
    std::set<std::string> seen;
    for (const std::string& directory : directories_) {
      for (const std::string& id : plugins_in(directory)) {
        if (!seen.insert(id).second) continue;
        auto entry = read_entry(catalogue_path(directory, id), id);
        if (entry) entries_.push_back(std::move(*entry));
      }
    }
    std::sort(entries_.begin(), entries_.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
  });
  return entries_;
}

std::string Catalogue::plugin_for(std::string_view form_or_builtin) const {
  for (const CatalogueEntry& entry : entries()) {
    if (has(entry.forms, form_or_builtin) || has(entry.builtins, form_or_builtin)) return entry.id;
  }
  return "";
}

std::string Catalogue::plugin_for_op(std::string_view op) const {
  for (const CatalogueEntry& entry : entries()) {
    if (has(entry.ops, op)) return entry.id;
  }
  return "";
}

std::vector<std::string> Catalogue::ids() const {
  std::vector<std::string> out;
  for (const CatalogueEntry& entry : entries()) out.push_back(entry.id);
  return out;
}

Result<std::vector<std::string>> standard_set(const std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    const fs::path path = fs::path(directory) / "standard.json";
    const auto text = read_whole(path);
    if (!text) continue;
    const Poco::JSON::Object::Ptr root = parse_object(*text);
    const Poco::JSON::Array::Ptr ids =
        root.isNull() ? Poco::JSON::Array::Ptr() : root->getArray("plugins");
    if (ids.isNull()) {
      return bad_file(path, "names no plugins: it must hold {\"plugins\": [\"<id>\", ..]}");
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < ids->size(); ++i) {
      const Poco::Dynamic::Var id = ids->get(static_cast<unsigned>(i));
      if (!id.isString()) return bad_file(path, "names a plugin that is not a text");
      out.push_back(id.extract<std::string>());
    }
    return out;
  }
  return std::vector<std::string>();
}

Result<std::vector<std::string>> write_catalogue(const std::string& directory) {
  std::vector<std::string> written;
  for (const std::string& id : plugins_in(directory)) {
    auto json = describe_plugin(id, {directory}, DescribeAs::kJson);
    if (!json) return json.error();
    const fs::path path = catalogue_path(directory, id);
    if (read_whole(path) == json.value()) continue;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << json.value();
    out.close();
    if (!out) return bad_file(path, "cannot be written");
    written.push_back(path.string());
  }
  return written;
}

void write_plugin_list(std::ostream& out, const Catalogue& catalogue) {
  std::size_t id_width = 0, version_width = 0;
  for (const CatalogueEntry& entry : catalogue.entries()) {
    id_width = std::max(id_width, entry.id.size());
    version_width = std::max(version_width, entry.version.size());
  }
  for (const CatalogueEntry& entry : catalogue.entries()) {
    out << std::left << std::setw(static_cast<int>(id_width + 2)) << entry.id
        << std::setw(static_cast<int>(version_width + 2)) << entry.version << entry.summary << "\n";
  }
}

}  // namespace flin
