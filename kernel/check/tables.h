// What a program declares, by name: filled by declare.cpp, read by all later steps. Inside
// kernel/check only.
#pragma once

#include "check/program.h"
#include "check/report.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace flin::check {

// The variables that setup makes in one page, component or script, and the functions that see them.
struct Frame {
  Unit* unit = nullptr;
  SymbolKind kind = SymbolKind::kPageVariable;
  std::vector<Symbol*>* slots = nullptr;  // of the page or component, by slot
  std::unordered_map<std::string_view, Symbol*> variables;
  std::unordered_map<std::string_view, Function*>
      functions;                     // declared in the same file or component
  std::vector<syntax::Stmt*> setup;  // in order
  std::vector<Function*> uses;       // functions that setup names
};

// What names.cpp finds out about a function, for the order of inference and for tiers.
struct FunctionFacts {
  Frame* frame = nullptr;       // whose variables it sees, null: none
  std::vector<Function*> uses;  // functions it names, in order of first use
  std::vector<Symbol*> writes;  // variables of other units that it assigns
  bool reads_frame = false;     // names a variable of its frame
};

struct FileFacts {
  syntax::File* file = nullptr;
  Page* page = nullptr;
  Component* component = nullptr;  // a file that is a component
  Frame* frame = nullptr;          // null: a file of declarations
};

// `impl Shape for Circle`: the functions in the order of the trait's methods.
struct Impl {
  Trait* trait = nullptr;
  const Type* type = nullptr;
  syntax::ImplStmt* declaration = nullptr;
  std::vector<Function*> methods;
};
// A name of a type that is being written out.
struct Expanding {
  const syntax::TypeAliasStmt* alias;
  int wrapped;
};

struct Tables {
  Tables(CheckedProgram& p, const syntax::Sources& s, const Bindings& b, Reports& r)
      : program(p), sources(s), bindings(b), reports(r) {}

  CheckedProgram& program;
  const syntax::Sources& sources;
  const Bindings& bindings;
  Reports& reports;

  std::unordered_map<std::string_view, std::vector<Function*>> functions;  // of all files
  std::unordered_map<std::string_view, Entity*> entities;
  std::unordered_map<std::string_view, Enum*> enums;
  std::unordered_map<std::string_view, Component*> components;
  std::unordered_map<std::string_view, Trait*> traits;
  std::unordered_map<std::string_view, const syntax::TypeAliasStmt*> aliases;
  std::vector<Impl> impls;
  // By the name of a method: the function that finds the impl at run time.
  std::unordered_map<std::string_view, Function*> dispatchers;
  // Type parameters (and Self) where a type is read, the names of types being written out, and
  // how many lists, maps, optionals and enums are around.
  std::unordered_map<std::string_view, const Type*> type_parameters;
  std::vector<Expanding> expanding;
  int wrapped = 0;
  std::unordered_map<std::string_view, std::vector<std::pair<Enum*, std::uint32_t>>> variants;
  std::unordered_map<std::string_view, Symbol*> constants;
  std::unordered_map<std::string_view, Symbol*> contexts;         // event, props, params ..
  std::unordered_map<std::string_view, Symbol*> browser_objects;  // window, document ..
  std::unordered_map<const Function*, FunctionFacts> facts;
  std::unordered_map<const Component*, Frame*> component_frames;
  std::vector<FileFacts> files;
  // Names left open inside arguments of query methods: an error if they turn out to be no fields.
  std::unordered_map<const syntax::NameExpr*, Report> open_names;

  // Decl forms that stand where they may: each has its Declaration.
  std::unordered_set<const syntax::Stmt*> placed;

  Types& types() { return *program.types; }
  const Type* simple(TypeTag tag) { return program.types->simple(tag); }
  std::uint32_t line_of(const syntax::Span& span) const {
    return sources.at(span.file).position(span.begin).line;
  }
};

// Type variables with such numbers are the parameters of a generic enum, in the payload of its
// variants.
constexpr std::uint32_t kGenericBase = 0x80000000;

// Enters the declarations of all files: functions, entities, enums, components, routes, pages.
void declare(Tables& tables);
// Enters traits and impls, with the dispatchers of their methods (traits.cpp).
void declare_traits(Tables& tables);
// Resolves names to symbols, makes units and captures (L 1.4, L 1.5, L 5.1).
void resolve_names(Tables& tables);

// The type that is written; E0005 and `any` if there is none of that name.
const Type* type_of(Tables& tables, const syntax::TypeNode* node);
// Number of type parameters of an enum.
std::size_t generics_of(const Enum& e);
// E0317 if a name of a type stands for itself.
void check_alias(Tables& tables, const syntax::TypeAliasStmt& alias);
// Bits of Field::flags, as flin::FieldFlag has them.
enum FieldBit : std::uint32_t {
  kRequiredField = 1,
  kUniqueField = 2,
  kIndexField = 4,
  kHiddenField = 8,
  kImmutableField = 16,
  kReadonlyField = 32
};
// The declared or automatic field `name`: its number, or kNoField.
constexpr std::uint32_t kNoField = 0xFFFFFFFF;
std::uint32_t field_number(const Entity& entity, std::string_view name);
const Type* field_type(Tables& tables, const Entity& entity, std::uint32_t number);
std::vector<std::string_view> field_names(const Entity& entity);

// "did you mean 'cost'?" or "".
std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& names);
// Adds that help to the report, if a name is near enough.
void suggest(Report& report, std::string_view wanted, const std::vector<std::string_view>& names);

}  // namespace flin::check
