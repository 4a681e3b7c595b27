// The types that cross between the tiers of one page module, its components included: the table
// `types` of W 8.
#pragma once

#include "browser/imports.h"
#include "check/program.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace flin::browser {

class TypeTable {
 public:
  TypeTable(const check::CheckedProgram& program, Imports& imports)
      : program_(program), imports_(imports) {}

  // Notes a type that crosses; gives its text.
  std::string add(const check::Type* type);
  void note(const check::Type* type);
  // Rows of a live value hold its fields only.
  void note_live(const check::LiveValue& live);
  // An input or output of an action: rows of live lists come by `live`, and go back with their
  // version.
  void note_sent(const check::Type* type);
  // An entity with all its visible fields.
  void note_entity(const check::Entity& entity);
  bool has_functions() const { return has_functions_; }

  std::string text() const;

 private:
  struct Row {
    std::set<std::string, std::less<>> fields;
    bool has_version = false, is_whole = false;
  };
  void note_all();
  void note_enum(const check::Enum& of);
  static std::string entity_row(const check::Entity& entity, const Row& row);
  static std::string enum_row(const check::Enum& of);

  const check::CheckedProgram& program_;
  Imports& imports_;
  std::map<const check::Entity*, Row> entities_;
  std::set<const check::Enum*> enums_;
  bool has_functions_ = false, has_any_ = false;
};

}  // namespace flin::browser
