// A compiled program in portable form: code, constants and the tables of L 21. What .flinc holds,
// what the compiler writes and the verifier proves. Indexes named `..._k` are rows of `constants`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flin::bytecode {

constexpr std::uint32_t kNoIndex = 0xFFFFFFFF;

enum class Tag : std::uint8_t {  // L 21.2
  kInt = 1,
  kNumber,
  kText,
  kMoney,
  kTime,
  kDuration,
  kRegex,
  kFunction,
  kType,
  kVariant,
  kNames,
  kComponent,
  kAgent,
  kPredicate
};
struct Constant {
  Tag tag = Tag::kInt;
  std::int64_t i =
      0;  // int, money minor units, time, duration; function: row of `functions`; regex: flags
  double n = 0;
  std::string text;  // text; regex pattern; money: currency; type: prefix form of L 21.4;
                     // predicate: postfix form of L 21.5
  std::vector<std::uint32_t>
      items;  // names: text constants; variant: enum name, variant name, payload count;
              // component: name, function, then per prop name, type, default function;
              // predicate: names constants and value constants, as its code indexes them:
              // a u32 in the code is a position in `items`, `01`'s single texts; `i` is the
              // row of `entities` whose fields the names are
  bool operator==(const Constant&) const = default;
};

// How a local slot or a result is held: a value of any kind as one boxed word, or an unboxed int,
// number or bool. What is stored in a slot of a kind is converted to it, or fails with R0006.
enum class SlotKind : std::uint8_t { kAny, kInt, kNumber, kBool };
struct UpvalueRow {
  std::uint8_t from_parent_upvalue = 0;
  std::uint16_t index = 0;
};
enum FunctionFlag : std::uint8_t {
  kServerFunction = 1,
  kClientFunction = 2,
  kTakesEvent = 4,
  kPrelude = 8
};
struct Function {  // L 21.3; function 0 is the main code
  std::uint32_t name_k = kNoIndex;
  std::uint8_t arity = 0, least_arity = 0, flags = 0;
  std::uint16_t locals = 0, max_stack = 0;  // locals: parameters first
  std::uint32_t code_offset = 0, code_size = 0;
  std::vector<UpvalueRow> upvalues;
  std::vector<SlotKind> kinds;  // by local slot; those behind its end: any. Of a parameter that may
                                // be left out: any
  SlotKind result = SlotKind::kAny;

  SlotKind kind(std::uint32_t slot) const {
    return slot < kinds.size() ? kinds[slot] : SlotKind::kAny;
  }
};

struct Import {
  std::string name;
  std::uint32_t args = 0, results = 0, flags = 0;
};  // "store.save"; one row per name and argument count
struct BuiltinImport {
  std::string name;
  std::uint8_t least = 0, most = 0;
};

struct ValidatorRow {
  std::string name;
  std::vector<std::uint32_t> argument_ks;
};
struct FieldRow {
  std::string name;
  std::uint32_t type_k = kNoIndex, flags = 0, default_k = kNoIndex;  // flags: flin::FieldFlag
  std::vector<ValidatorRow> validators;
};
struct RuleRow {
  std::uint8_t operations = 0;
  std::uint32_t predicate_k = kNoIndex;
  std::vector<std::uint32_t> parameter_ks;
};
struct EntityRow {
  std::string name;
  std::vector<FieldRow> fields;
  std::vector<RuleRow> rules;
};
struct EnumRow {
  std::string name;
  struct Variant {
    std::string name;
    std::vector<std::uint32_t> type_ks;
  };
  std::vector<Variant> variants;
};

enum class ReadKind : std::uint8_t { kGlobal, kState, kProp, kLive, kAsync };
struct ViewRow {  // L 21.8
  std::uint32_t function = 0;
  std::uint8_t kind = 0, tier = 0;
  std::uint32_t start = 0, end = 0;  // code offsets within the function's code
  struct Read {
    ReadKind kind;
    std::uint32_t index;
  };
  std::vector<Read> reads;
};
struct DeclRow {  // L 21.10
  std::uint32_t form_k = kNoIndex, import = kNoIndex, function = kNoIndex;
  std::vector<std::uint32_t> operand_ks;
  std::string file;
  std::uint32_t line = 0;
};

enum class InputKind : std::uint8_t {  // L 21.11, 21.12
  kPageVariable,
  kComponentVariable,
  kProp,
  kLocal,
  kUpvalue,
  kArgument,
  kPath
};
struct InputRow {
  InputKind kind = InputKind::kPageVariable;
  std::uint32_t index = 0;  // slot; prop: text constant; path: names constant
  std::uint32_t type_k = kNoIndex;
  std::string name;  // of the variable, for addresses and messages
  // Of a live value, kLocal: the row of `places` whose item (or index in the list) it is.
  std::uint32_t place = kNoIndex;
  bool is_index = false;
};
enum HandlerFlag : std::uint8_t { kUsesEvent = 1, kPosts = 2, kWithoutScripts = 4 };
struct HandlerRow {
  std::uint32_t function = 0, start = 0,
                end =
                    0;  // its code is [start, end) of that function's code; it ends with EndHandler
  std::uint8_t kind = 0, tier = 2, flags = 0;  // tier: 1 browser, 2 server
  std::string subject;                         // event, topic, type
  std::vector<InputRow> inputs, outputs;
};
enum LiveFlag : std::uint8_t {
  kEntityList = 1,
  kSetupGroup = 2,
  kSendsEntityBack = 4,
  kInInstance = 8,   // one per instance of its component
  kServerOnly = 16,  // a prop or a condition: no browser ever gets it
  kPassesOn = 32,    // its value is its only input
};
struct LiveRow {
  std::uint32_t function =
      0;  // takes the inputs as arguments; gives the value, for a setup group a list of its outputs
  std::uint32_t unit = 0;          // function of the page or component
  std::uint32_t loop = kNoIndex;   // view row whose items open one each
  std::uint32_t place = kNoIndex;  // row of `places`: that loop
  std::uint8_t flags = 0;
  std::uint32_t type_k = kNoIndex;  // for a setup group a tuple of its outputs' types
  std::vector<InputRow> inputs, outputs;
  std::vector<std::string>
      fields;  // what code in the browser reads of its entity, in order of declaration
};

// Where scopes open and close with data of the server (W 4.2). Not in L 21, like pages.
enum class PlaceKind : std::uint8_t { kRows, kUse, kSlot };
struct PlaceRow {
  PlaceKind kind = PlaceKind::kRows;
  std::uint32_t unit = 0;            // function of the page or component whose view it is in
  std::uint32_t parent = kNoIndex;   // place around it in that view
  std::string content_of;            // `parent` is a use: the slot it is content of
  std::uint32_t view_row = 0;        // b4, c2; kSlot: s0
  std::uint32_t live = kNoIndex;     // kRows: the list; kUse: shown if that is true
  std::uint32_t output = 0;          // kRows: of a setup group, which of its outputs
  std::uint32_t component = 0;       // kUse: its function
  std::vector<std::uint32_t> props;  // kUse: rows of `lives` the server can compute
  std::vector<std::string> prop_names;
  std::string slot;  // kSlot: its name
};

enum CellFlag : std::uint8_t {
  kCellInState = 1,  // code in the browser reads it: part of `cells` of the state
  kCellInToken = 2,  // no browser code reads it, an action does: kept in the page token
};
struct CellRow {
  std::string name;
  std::uint32_t slot = 0, type_k = kNoIndex;
  std::uint8_t flags = 0;
};
// A component with variables that code in the browser reads, for the state of a page.
struct ComponentRow {
  std::uint32_t function = 0;
  std::vector<CellRow> cells;
};
// A page: not in L 21, kept in section PAGE (readers pass over sections they do not know).
struct PageRow {
  std::string path, title;
  std::uint32_t function = 0;           // setup and view; takes nothing, ends with Halt or Return
  std::uint32_t globals = 0;            // number of page variables
  std::vector<CellRow> cells;           // all page variables by slot
  std::vector<std::uint32_t> live;      // rows of `lives` with a bare key, open with the page
  std::vector<std::uint32_t> inputs;    // rows of `lives` it or its components may need
  std::vector<std::uint32_t> handlers;  // rows of `handlers` it may call
  std::string module, style;            // asset names: "/_flin/page/8e41f7aa.js"; style "" without
};
struct AssetRow {
  std::string name, type, bytes;
  std::string sha256;
};  // sha256: 64 hex digits

struct LineRow {
  std::uint32_t code_offset = 0;
  std::uint16_t file = 0, column = 0;
  std::uint32_t line = 0;
};  // code_offset in `code`
struct NameRow {
  std::uint32_t function = 0;
  std::uint16_t slot = 0;
  std::string name;
};

struct Chunk {
  std::string name;  // of the program: "todo"
  bool is_server = false;
  std::string build;  // 8 hex digits of the hash of everything else
  std::vector<Constant> constants;
  std::vector<std::uint8_t> code;
  std::vector<Function> functions;
  std::vector<Import> imports;
  std::vector<BuiltinImport> builtins;
  std::vector<EntityRow> entities;
  std::vector<EnumRow> enums;
  std::vector<ViewRow> views;  // grouped by function
  std::vector<DeclRow> decls;
  std::vector<HandlerRow> handlers;
  std::vector<LiveRow> lives;
  std::vector<PlaceRow> places;
  std::vector<ComponentRow> components;
  std::vector<PageRow> pages;
  std::vector<AssetRow> assets;
  std::vector<std::string> files;
  std::vector<LineRow> lines;  // ascending
  std::vector<NameRow> names;
  std::uint32_t globals = 0;  // of the main code of a script
  // fn (type: text, id: int): the entity from the store or none; reads what an action is given
  // (L 11.6). kNoIndex when no handler takes an entity.
  std::uint32_t entity_reader = kNoIndex;

  std::string_view text(std::uint32_t k) const { return constants[k].text; }
};

}  // namespace flin::bytecode
