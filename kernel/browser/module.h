// One page module while it is written: its imports, what stands at its top (constants, functions,
// components), and what its parts have used that tables must tell of.
#pragma once

#include "browser/imports.h"
#include "browser/type_table.h"
#include "check/program.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flin::browser {

class Module {
 public:
  Module(const check::CheckedProgram& program, const check::Page& page, const Exports& exports);

  // The module's text, with the paths of the assets it imports.
  struct Paths {
    std::string_view runtime, library;
  };
  std::string text(std::string_view build, const Paths& paths);

  const check::CheckedProgram& program;
  const check::Page& page;
  Imports imports;
  TypeTable types;

  // ---- Names at the top of the module, made with their first use ----
  std::string function(const check::Function& function);
  std::string constant(const check::Symbol& symbol);
  std::string component(const check::Component& component);

  // Whether a name stands at the top, now or later.
  bool takes(std::string_view name) const;
  // A name for a variable of the page or of a component, the same in all its sections.
  std::string variable(const check::Symbol& symbol);
  // The handler whose code is this block, of a function value or a hook; null: none.
  const check::Handler* handler_of(const syntax::Block* body) const;
  // Whether functions at the top read the event: it is a variable of the module then.
  bool shares_event() const { return shares_event_; }

 private:
  std::string top_name(std::string_view wanted);

  std::vector<std::string> declarations_;
  std::map<std::string, const void*, std::less<>> top_;  // name -> what has it
  std::unordered_map<const void*, std::string> names_;   // the other way round
  std::set<const void*> written_;
  std::unordered_map<const syntax::Block*, const check::Handler*> by_body_;
  bool shares_event_ = false;
};

// A page or a component: what both have, by one name.
struct Part {
  explicit Part(const check::Page& page);
  explicit Part(const check::Component& component);

  const check::Page* page = nullptr;
  const check::Component* component = nullptr;
  const std::vector<check::Symbol*>& variables;
  const std::vector<check::SetupStatement>& setup;
  const std::vector<check::Handler*>& handlers;
  const std::vector<check::LiveValue*>& live;
  const std::vector<const syntax::ViewStmt*>& views;
  const std::vector<syntax::HookStmt*>& hooks;
  std::string_view scope;  // of `<style scoped>`
};

// Pure setup statements that write the same variables: they run again as one (L 8.3).
struct DerivedGroup {
  std::vector<const syntax::Stmt*> statements;
  std::vector<const check::Symbol*> outputs;
  bool in_browser = false;  // touches browser things: first run after the first show
  bool once = false;        // writes state: runs once
};
std::vector<DerivedGroup> derived_groups(const Part& part);
// The variables of pages and components that statements write.
void collect_written(const syntax::Block& block, std::vector<const check::Symbol*>& out);
void collect_written(const syntax::Stmt& statement, std::vector<const check::Symbol*>& out);

// What the sections of a part have used: for its tables.
struct Used {
  std::set<const check::Symbol*> cells;
  std::map<std::string, std::string> props;  // name -> type text, of undeclared ones
  std::set<const check::LiveValue*> live;
};

// The keys of `page({..})` and `component({..})` as "key: value" (module_parts.cpp).
std::vector<std::string> part_keys(Module& module, const Part& part);

}  // namespace flin::browser
