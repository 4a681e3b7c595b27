// What gives meaning to forms, built-ins, validators and guards: an interface between the compiler
// and whoever knows the plugins and the kernel's own library. The compiler never sees a plugin.
// Its answers stay valid as long as the object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flin::check {

// Where a built-in is at home (L 24) and what it does. Values of flin::Tier and flin::OpFlag.
enum class Tier : std::uint8_t { kBoth, kBrowser, kServer };
enum BuiltinFlag : std::uint32_t {
  kBuiltinMaySuspend = 1,
  kBuiltinPure = 2,
  kBuiltinWrites = 8,
  kBuiltinServer = 16,
  kBuiltinDetachable = 32
};

// A built-in function. `signature` is in the language's own types: "(t: text, sep: text) ->
// [text]"; type parameters are single upper-case letters, `= v` marks a default, `x: T..` any
// number of T.
struct Builtin {
  std::string name;
  std::string signature;
  std::string op;  // of a plugin: opcode name. Empty: the kernel's own, called by CallNative `name`
  Tier tier = Tier::kBoth;
  std::uint32_t flags = 0;
  std::string help;
};

struct BoundOp {
  std::string name;         // "store.save"
  std::uint32_t flags = 0;  // flin::OpFlag
  std::uint32_t results = 1;
};

struct BoundValidator {
  std::string name, fits, arguments;  // "max_size", "file", "(size: text)"
};

// A guard: an opcode that gives a bool, and the status answered when that is false.
struct BoundGuard {
  Builtin check;  // name; signature with "-> bool" at its end; op
  std::uint32_t status = 0;
};

class Bindings {
 public:
  virtual ~Bindings() = default;

  virtual const BoundOp* form(std::string_view form) const = 0;  // null: unbound, E1001
  // All built-ins of that name (overloads by receiver: text.contains, list.contains); empty: none.
  virtual const std::vector<const Builtin*>& builtins(std::string_view name) const = 0;
  virtual const std::vector<std::string>& builtin_names() const = 0;  // for "did you mean"
  virtual const BoundValidator* validator(std::string_view name) const = 0;
  virtual const BoundGuard* guard(std::string_view name) const = 0;  // null: E0903
  virtual std::vector<std::string> guard_names() const = 0;          // for "did you mean"
  // For E1001: the plugin that would give the form or built-in its meaning ("" if nobody knows),
  // and the ids of the loaded ones in order.
  virtual std::string plugin_for(std::string_view form_or_builtin) const = 0;
  virtual const std::vector<std::string>& loaded_plugins() const = 0;
};

}  // namespace flin::check
