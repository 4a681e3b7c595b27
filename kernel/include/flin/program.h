// What was compiled, as plugins see it (A 14). The object stands for the Program served now;
// `program.loaded` announces a new one. Host-implemented; grows at the end. [any-thread]
#pragma once

#include "flin/plugin.h"

namespace flin {

// FieldRow::flags, as in L 21.7.
enum FieldFlag : std::uint32_t {
  kFieldRequired = 1,
  kFieldUnique = 2,
  kFieldIndex = 4,
  kFieldHidden = 8,
  kFieldImmutable = 16,
  kFieldReadonly = 32,
  kFieldSemantic = 64
};
// RuleRow::operations.
enum RuleOperation : std::uint32_t {
  kRuleRead = 1,
  kRuleCreate = 2,
  kRuleUpdate = 4,
  kRuleDelete = 8
};

// Automatic fields of every entity (L 14.1) have numbers of their own; declared ones count from 0.
constexpr std::uint32_t kFieldId = 0xFFFF0000;
constexpr std::uint32_t kFieldVersion = 0xFFFF0001;
constexpr std::uint32_t kFieldCreatedAt = 0xFFFF0002;
constexpr std::uint32_t kFieldUpdatedAt = 0xFFFF0003;
constexpr std::uint32_t kFieldDeletedAt = 0xFFFF0004;

struct ValidatorRow {
  Text name;
  List<Plain> arguments;
};
struct FieldRow {
  Text name, type;       // type: text of L 3.1, "text", "User?"
  Kind kind;             // of a value that is not none
  std::uint32_t target;  // kRecord: row of the entity table it refers to
  std::uint32_t flags;   // FieldFlag
  Plain fallback;        // constant default; kNone: none, or part of the code that builds the value
  List<ValidatorRow> validators;
};
struct RuleRow {
  std::uint32_t operations;
  List<std::uint8_t> predicate;
  List<Text> parameters;       // paths of session
  List<Plain> constants = {};  // `03 u32` of the predicate: its literals
};
struct EntityRow {
  Text name;
  List<FieldRow> fields;
  List<RuleRow> rules;
};
struct DeclRow {
  Text form;             // "route", "page"
  List<Plain> operands;  // as forms.def has them; kFunction: `i` is FunctionId::function
  FunctionId function;
  Text file;
  std::uint32_t line;
};
struct Asset {
  Text bytes, type, hash;
};  // type: of its content ("text/javascript; charset=utf-8")

class IProgram {
 public:
  static constexpr Text kId = "flin.host.IProgram/1";
  virtual std::uint32_t number() noexcept = 0;
  virtual Text build() noexcept = 0;                // 8 hex digits; also in pages and modules (W 2)
  virtual List<EntityRow> entities() noexcept = 0;  // row number = type number everywhere
  virtual List<DeclRow> decls() noexcept = 0;
  virtual std::uint32_t asset(Text path,
                              Asset& out) noexcept = 0;  // 1: found; "/_flin/page/3d0b96e1.js"
  virtual Text name() noexcept = 0;                      // of the file without ending: "todo"
  virtual Text directory() noexcept = 0;                 // absolute path of the folder it lies in

 protected:
  ~IProgram() = default;
};

}  // namespace flin
