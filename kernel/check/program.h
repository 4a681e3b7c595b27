// What the checker finds out about a program: the contract between kernel/check and the two code
// generators, kernel/compile (bytecode) and kernel/browser (page modules). Annotations on the tree
// itself are marked [check] in syntax/ast.h.
#pragma once

#include "check/bindings.h"
#include "check/types.h"
#include "syntax/ast.h"
#include "syntax/diagnostic.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flin::check {

struct Page;
struct Unit;
struct Component;

// ---- How calls, members and names are annotated, beyond what ast.h says ----
//
// Calls (CallExpr::target)
//   kValue     callee with MemberExpr::target kDynamic: a method by its name at run time
//   (CallMethod);
//              otherwise the callee's value is called.
//   kBuiltin   operands as the signature has them; those of a `T..` parameter at the end, in order.
//   A
//              default that is not given is null in the middle and left out at the end.
//   kForm      query_all: no operands, `entity`. query_find: the id, `entity`. Other query_*:
//   operands[0]
//              is the query (of `Todo.count` a made call of query_all). query_where: `predicate`.
//              query_order: `field`, `detail` "asc" or "desc"; if the direction is computed
//              `detail` is empty and operands[1] gives it. query_limit, query_offset: operands[1].
//              query_aggregate: `detail` sum avg min max, `field`. query_group with an aggregate
//              behind it is the built-in on its result. save .. destroy (`save(x)` as a call),
//              redirect, response: operands in order.
//   kVariant   operands are the payload. `detail` "values" or "from": E.values, E.from(text).
//   arguments with a spread: operands are empty and `arguments` hold all, in order (CallSpread).
// A name whose symbol is a field of an enclosing `where` has no annotation at all: code generators
// never walk into the argument of a query_where, `predicate` is all there is. A query (type
// Query<T>) that is consumed as a list has `converted` [T]: run it (form query_run). A call on a
// symbol that `stands_for` a query is annotated like any other; the receiver is the name.

// The argument of a `where`, for constants of tag 0E. `code` is L 21.5 with these operands: `01`
// field is followed by u8 n and n x u8 indexes into `names`, `02` by u8 index into `parameters`,
// `03` by u8 index into `constants`.
struct Predicate {
  std::vector<std::uint8_t> code;
  std::vector<std::string> names;
  std::vector<const syntax::Expr*> parameters;  // evaluated once, before the query
  std::vector<const syntax::Expr*> constants;   // literals, also lists and ranges of literals
};

// Numbers of automatic fields in MemberExpr::field, as flin/program.h has them. Declared ones count
// from 0.
constexpr std::uint32_t kAutomaticFields =
    0xFFFF0000;  // id version created_at updated_at deleted_at
constexpr std::string_view kAutomaticFieldNames[] = {"id", "version", "created_at", "updated_at",
                                                     "deleted_at"};

// ---- Variables and the things that own them ----
enum class SymbolKind : std::uint8_t {
  kPageVariable,       // global of the page; `slot` counts per page in order of declaration
  kComponentVariable,  // state of the instance; `slot` counts per component
  kProp,               // declared parameter of a component, or `props.x` (by name)
  kParameter,
  kLocal,     // of a unit; loop variables, pattern names and catch names are locals
  kConstant,  // program-wide const: `constant` is its value
  kContext,   // event props children params query body headers cookies session request user: `slot`
              // is the number of L 20.3 note 1
  kBrowserObject  // window document ..
};
struct LiveValue;
struct LivePlace;
struct Symbol {
  SymbolKind kind;
  syntax::Name name;
  syntax::Span declared;
  const Type* type = nullptr;
  std::uint32_t slot = 0;  // page and component variables, context; others: the compiler's business
  Unit* unit = nullptr;    // that declares it
  bool is_const = false;
  bool is_state =
      false;  // page/component variables: assigned or changed in place outside setup (L 8.2)
  bool is_captured = false;    // locals and parameters: used by an inner unit
  bool is_reassigned = false;  // assigned after its creation
  bool browser_reads = false;  // page/component variables: code in the browser reads it (state,
                               // `cells` of the module)
  bool server_action_uses = false;  // an action of the page reads or writes it
  bool is_live_input = false;       // an input of a live value
  const syntax::Expr* stands_for =
      nullptr;  // a query set by one pure setup statement: the variable stands for it (L 11.9)
  const LiveValue* live_output = nullptr;  // set by a live setup group: read-only in the browser
  const syntax::Expr* constant = nullptr;  // kConstant
};

enum class UnitKind : std::uint8_t {
  kScript,
  kPage,
  kComponent,
  kFunction,
  kLambda,
  kRoute,
  kHook
};
enum Touch : std::uint32_t {  // what a unit, handler, binding or setup statement touches, itself or
                              // through what it calls
  kTouchesBrowser = 1,
  kTouchesServer = 2,
  kTouchesSession = 4 /* may write session or cookies */,
  kWritesState = 8
};
// A piece of code with a frame of its own.
struct Unit {
  UnitKind kind;
  Unit* parent = nullptr;  // of a lambda: where it is written
  std::vector<syntax::Param>* params = nullptr;
  const syntax::Block* body = nullptr;
  std::vector<Symbol*>
      captures;               // locals and parameters of outer units it uses, in order of first use
  std::uint32_t touches = 0;  // Touch
  bool uses_event = false;
  Page* page = nullptr;  // whose variables it sees
  Component* component = nullptr;
};
struct TraitMethod;
struct Function {
  syntax::FunctionStmt* declaration = nullptr;
  Unit* unit = nullptr;
  std::vector<const Type*> parameters;
  const Type* result = nullptr;
  std::size_t least_arguments = 0;
  bool page_bound = false;       // reads or writes a page variable (L 1.5): compiled per page
  bool used_in_browser = false;  // some browser code calls it: part of page modules
  // Methods of traits: the first parameter is `self`, of this type.
  const Type* self_type = nullptr;
  const TraitMethod* implements = nullptr;
  bool is_test = false;  // compiled for `flin test` only
};

struct Field {
  syntax::Name name;
  const Type* type = nullptr;
  const syntax::FieldNode* node = nullptr;
  std::uint32_t flags = 0;  // flin::FieldFlag
};
struct Entity {
  syntax::EntityStmt* declaration = nullptr;
  syntax::Name name;
  std::uint32_t number = 0;   // row of the entity table
  std::vector<Field> fields;  // declared ones
};
struct Variant {
  syntax::Name name;
  std::vector<const Type*> payload;
};
struct Enum {
  syntax::EnumStmt* declaration = nullptr;  // null: Option, Result
  syntax::Name name;
  std::uint32_t number = 0;
  std::vector<Variant> variants;
};

// A method of a trait (L 7.8). A call on a value whose type is known goes to the impl of that type;
// any other goes to `dispatcher`, a function made by the checker that asks for the type at run
// time.
struct TraitMethod {
  syntax::FunctionStmt* declaration = nullptr;
  Function* fallback = nullptr;         // the body in the trait, null: each impl has to give one
  std::vector<const Type*> parameters;  // without self; Self is the variable kGenericBase
  const Type* result = nullptr;
};
struct Trait {
  syntax::TraitStmt* declaration = nullptr;
  syntax::Name name;
  std::vector<TraitMethod> methods;
  std::vector<const Type*> types;  // that have an impl
};

// ---- Views ----
enum class BindingKind : std::uint8_t {
  kText = 1,
  kAttribute,
  kBind,
  kIf,
  kFor,
  kMatch,
  kComponent,
  kSetup,
  kSlot
};
// One row of the view table (L 21.8), numbered per page or component in order of the source.
struct Binding {
  BindingKind kind;
  std::uint32_t row = 0;
  bool browser_only = false;         // touches browser things: none at the first show
  bool is_static = false;            // reads nothing that can change: no work in the browser
  bool is_step = false;              // a step of the addresses of what lies inside (W 4.2)
  std::uint32_t slot = 0;            // kSlot: its number among the slots of the component
  const LivePlace* place = nullptr;  // the server opens scopes here; null: none are needed
  const void* node = nullptr;        // syntax::Node*, Attribute* or Stmt*
};

enum class InputKind : std::uint8_t {  // as in L 21.11 and 21.12
  kPageVariable,
  kComponentVariable,
  kProp,
  kLocal,
  kUpvalue,
  kArgument,
  kPath
};
struct Input {
  InputKind kind;
  Symbol* symbol = nullptr;  // of a variable
  std::string path;          // kPath: "params.id", "session.user"
  const Type* type = nullptr;
  // Of a live value:
  const LivePlace* place = nullptr;  // kLocal: the loop whose item or index it is
  bool is_index = false;
  bool is_loaded = false;  // an entity of which more than the id is read: the store is asked for it
};

enum class HandlerKind : std::uint8_t {
  kEvent,
  kTopic,
  kChange,
  kFunctionValue,
  kMount,
  kUpdate,
  kUnmount
};
struct Handler {          // HNDL, L 21.11
  std::uint32_t row = 0;  // program-wide; also rows of the browser tier have one
  HandlerKind kind = HandlerKind::kEvent;
  Unit* unit = nullptr;  // page or component that holds it
  std::string event;     // "click"
  const syntax::Block* body = nullptr;
  syntax::Attribute* attribute = nullptr;  // kEvent
  bool on_server = false;                  // an action
  bool uses_event = false;
  bool posts = false;                  // may write session or cookies: goes by POST /_action
  bool without_scripts = false;        // submit of a form (L 10.12)
  std::vector<Input> inputs, outputs;  // of an action
  std::string why;                     // for `flin check --tiers`: "saves a Todo"
};
// A condition that hides what a live value stands in: a branch of an {if} (`number` ==
// branches.size(): its {else}) or an arm of a {match}.
struct LiveGuard {
  const syntax::IfNode* branch_of = nullptr;
  const syntax::MatchNode* arm_of = nullptr;
  std::size_t number = 0;
};
enum class LivePurpose : std::uint8_t {
  kShown,  // part of a binding or a setup group: the browser gets it
  kGuard,  // whether a component is shown: true or none; the server's alone
  kProp    // what a component is given: the server's alone
};
struct LiveValue {  // LIVE, L 21.12
  std::uint32_t row = 0;
  LivePurpose purpose = LivePurpose::kShown;
  Unit* unit = nullptr;                     // page or component
  const syntax::Expr* root = nullptr;       // the expression; null for a setup group
  const syntax::Attribute* prop = nullptr;  // kProp: where it is written; null: `root` or none
  std::vector<const syntax::Stmt*> group;   // setup group: its statements in order
  std::vector<Symbol*> outputs;             // setup group: the variables it writes
  std::vector<LiveGuard> guards;            // it is none unless all hold; outermost first
  std::vector<const LiveValue*> before;     // setup groups it reads, which run before it, in order
  std::vector<Input> inputs;
  const Type* type = nullptr;  // of the value as delivered: [Todo] for a query; a tuple for a group
                               // of several outputs
  bool is_entity_list = false;
  bool sends_entity_back = false;   // rows carry `version`: some code sends the entity to an action
  std::vector<std::string> fields;  // of the entity that browser code reads, in order of
                                    // declaration, without id and version
  const LivePlace* place = nullptr;  // the innermost loop it depends on: one per row
  bool in_instance = false;          // one per instance of its component
  bool passes_on = false;            // kProp: its value is its only input
};

// A place in a view where scopes open and close with data of the server (W 4.2): the rows of a live
// list, a component use, the content of a slot.
enum class PlaceKind : std::uint8_t { kRows, kUse, kSlot };
struct LivePlace {
  PlaceKind kind = PlaceKind::kRows;
  std::uint32_t row = 0;              // program-wide
  Unit* unit = nullptr;               // whose view it is in
  const LivePlace* parent = nullptr;  // the place around it in that view
  std::string_view content_of;        // `parent` is a use: the slot it is content of
  const Binding* binding = nullptr;
  bool is_needed = false;  // something below it depends on it
  // kRows
  const LiveValue* list = nullptr;
  std::size_t output = 0;  // of a setup group: which of its outputs
  const syntax::ForNode* loop = nullptr;
  // kUse
  const Component* component = nullptr;
  const LiveValue* guard = nullptr;  // kGuard
  struct Prop {
    std::string_view name;
    const LiveValue* value;  // kProp
  };
  std::vector<Prop> props;  // those the server can compute, if live values read them
  std::string_view slot;    // kSlot: its name
};

// Setup statements by how they run again (L 8.3).
enum class SetupTier : std::uint8_t {
  kOnce,
  kDerived /* again in the browser */,
  kLive /* a live value on the server */,
  kBrowser
};
struct SetupStatement {
  const syntax::Stmt* statement = nullptr;
  SetupTier tier = SetupTier::kOnce;
  LiveValue* live = nullptr;   // kLive
  Binding* binding = nullptr;  // kDerived, kLive, kBrowser: its view row
};

struct Component {
  syntax::Name name;
  syntax::ComponentStmt* declaration = nullptr;
  Unit* unit = nullptr;
  std::uint32_t number = 0;
  std::vector<Symbol*> props;  // declared parameters; empty with `declared` false: any
  bool declared = false;
  std::vector<Symbol*> variables;  // by slot
  std::vector<Binding*> bindings;
  std::vector<Handler*> handlers;
  std::vector<LiveValue*> live;
  std::vector<SetupStatement> setup;  // as in Page
  std::vector<const syntax::ViewStmt*> views;
  std::vector<syntax::HookStmt*> hooks;
  std::vector<std::string> slots;
  std::string scope;  // hash of `<style scoped>`, "" without
};

struct Page {
  std::string path;   // "/", "/blog/[id]"
  std::string scope;  // hash of `<style scoped>`, "" without
  std::string title;  // name of the program: the document's title without head nodes
  std::uint32_t file = 0;
  Unit* unit = nullptr;
  std::vector<Symbol*> variables;  // by slot
  std::vector<SetupStatement>
      setup;  // top-level statements that are no declarations, hooks or views, in order
  std::vector<const syntax::ViewStmt*> views;
  std::vector<syntax::HookStmt*> hooks;
  std::vector<Binding*> bindings;
  std::vector<Handler*> handlers;  // also those of hooks
  std::vector<LiveValue*> live;
  std::vector<const Component*> components;  // used in it, directly or not, in order of first use
  std::vector<Function*> browser_functions;  // its module carries them
};
struct Route {
  syntax::RouteStmt* declaration = nullptr;
  std::string method, path;
  Unit* unit = nullptr;
};

// What a plugin gives its meaning to beside routes and pages (forms.def, kind decl).
struct Declaration {
  syntax::DeclFormStmt* statement = nullptr;
  std::string_view form;  // "guard", "middleware", "layout", "ws", "agent"
  // ws: its path; middleware: its directory; guard: "" for its file, "GET /path", "ws /path"
  std::string place;
  std::vector<syntax::LambdaExpr*> bodies;  // as forms.def has them; null: left out
  syntax::CallExpr* check = nullptr;        // guard: its arguments, then a call of its opcode
  const BoundGuard* guard = nullptr;        // guard: what is called; null after E0903
  Unit* unit = nullptr;                     // guard: of `check`
};

struct CheckedProgram {
  Arena arena;  // symbols, units, rows: all pointers below
  std::unique_ptr<Types> types = std::make_unique<Types>();
  std::string name;        // "todo"
  bool is_server = false;  // L 1.6
  std::vector<syntax::File*> files;
  std::vector<Function*> functions;
  std::vector<Entity*> entities;  // by number
  std::vector<Enum*> enums;       // by number
  std::vector<Trait*> traits;
  std::vector<Function*> tests;        // of `test` blocks, in order; among `functions` too
  std::vector<Component*> components;  // by number
  std::vector<Page*> pages;
  std::vector<Route*> routes;
  std::vector<Declaration*> declarations;        // other decl forms, in order of the source
  std::vector<syntax::HookStmt*> process_hooks;  // on start, on stop
  std::vector<const syntax::StyleStmt*> styles;
  std::vector<Handler*> handlers;         // by row
  std::vector<LiveValue*> live;           // by row
  std::vector<LivePlace*> places;         // by row
  std::vector<Symbol*> script_variables;  // of a script: kPageVariable by slot, its globals
  Unit* script = nullptr;                 // a program that is no server program: its main code
};

// Checks parsed files. Gives the program also after errors (then only for tools); `diagnostics`
// tells whether a build may go on. The result holds pointers into the trees' arena and into
// `bindings`.
std::unique_ptr<CheckedProgram> check(std::vector<syntax::File*> files,
                                      const syntax::Sources& sources, std::string name,
                                      const Bindings& bindings, syntax::Diagnostics& diagnostics);

// The text of `flin check --tiers`: a line per handler, binding with live values and setup
// statement, with the place, where it runs and why.
std::string explain_tiers(const CheckedProgram& program, const syntax::Sources& sources);

}  // namespace flin::check
