// What the runtime and its library give on, and what a module takes of them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flin::browser {

// The names that the `export{..}` of a bundle lists.
std::set<std::string, std::less<>> exported_names(std::string_view bundle);

class Exports {
 public:
  Exports(std::string_view core, std::string_view library);
  bool has(std::string_view name) const { return is_core(name) || library_.count(name) != 0; }
  static bool is_core(std::string_view name);
  // Names that variables of a program must leave alone.
  bool takes(std::string_view name) const { return has(name); }

 private:
  std::set<std::string, std::less<>> library_;
};

// The imports of one module, in order of first use.
class Imports {
 public:
  explicit Imports(const Exports& exports) : exports_(exports) {}
  // The name itself, now imported.
  std::string use(std::string_view name);
  bool has(std::string_view name) const { return exports_.has(name); }
  bool takes(std::string_view name) const { return exports_.takes(name); }
  // The library is needed for what importing it puts in.
  void use_library() { needs_library_ = true; }
  bool needs_library() const { return needs_library_; }
  std::string text(std::string_view runtime_path, std::string_view library_path) const;

 private:
  const Exports& exports_;
  std::vector<std::string> core_, library_;
  bool needs_library_ = false;
};

}  // namespace flin::browser
