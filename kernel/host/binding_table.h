// What forms, built-ins, validators, guards and types mean: the kernel's own built-ins and the rows
// of the loaded plugins' manifests, as the compiler asks for them (A 6). Filled while loading by
// one thread, then only read.
#pragma once

#include "base/result.h"
#include "check/bindings.h"
#include "flin/plugin.h"

#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

struct BoundType {
  std::string name, fields;  // "response", "{ status: int, body: text }"
};
// A validator with its function: what runs where values are checked. [any-thread]
struct ValidatorEntry {
  std::string plugin;  // its id
  check::BoundValidator declared;
  std::string message, help;  // message: "must be at most {0}"
  ValidateFn check;
  IPlugin* self;
};

class BindingTable final : public check::Bindings {
 public:
  // `hint` names the plugin that would bind a form or built-in ("" if nobody knows); asked for
  // E1001 only.
  explicit BindingTable(std::function<std::string(std::string_view)> hint)
      : hint_(std::move(hint)) {}

  // A built-in of the kernel's own library, to be given before any plugin. One name may come
  // several times, with other receivers.
  void add_kernel_builtin(check::Builtin builtin);

  // Everything the manifest of one plugin binds. P108 when a name is taken or an opcode is none of
  // the plugin's. What was added before a failure stays: remove_all_of() takes it back.
  Result<void> add(std::string_view plugin, IPlugin& self, const Manifest& manifest);
  void remove_all_of(std::string_view plugin);

  // check::Bindings. Answers stay valid until the plugin they come from is removed.
  const check::BoundOp* form(std::string_view form) const override;
  const std::vector<const check::Builtin*>& builtins(std::string_view name) const override;
  const std::vector<std::string>& builtin_names() const override { return builtin_names_; }
  const check::BoundValidator* validator(std::string_view name) const override;
  const check::BoundGuard* guard(std::string_view name) const override;
  std::vector<std::string> guard_names() const override;
  std::string plugin_for(std::string_view form_or_builtin) const override {
    return hint_(form_or_builtin);
  }
  const std::vector<std::string>& loaded_plugins() const override { return loaded_; }

  const ValidatorEntry* validator_entry(std::string_view name) const;
  const BoundType* type(std::string_view name) const;

 private:
  template <class T>
  struct Owned {
    std::string plugin;
    T what;
  };
  template <class T>
  using Table = std::map<std::string, Owned<T>, std::less<>>;

  Result<void> add_form(std::string_view plugin, const FormDecl& decl, const Manifest& manifest);
  Result<void> add_builtin(std::string_view plugin, const BuiltinDecl& decl,
                           const Manifest& manifest);
  Result<void> add_validator(std::string_view plugin, IPlugin& self, const ValidatorDecl& decl);
  Result<void> add_guard(std::string_view plugin, const GuardDecl& decl, const Manifest& manifest);
  void index_builtins();

  std::function<std::string(std::string_view)> hint_;
  std::vector<std::string> loaded_;
  Table<check::BoundOp> forms_;
  Table<ValidatorEntry> validators_;
  Table<check::BoundGuard> guards_;
  Table<BoundType> types_;
  std::list<Owned<check::Builtin>> builtins_;  // plugin "" is the kernel
  std::map<std::string, std::vector<const check::Builtin*>, std::less<>> builtins_by_name_;
  std::vector<std::string> builtin_names_;
};

}  // namespace flin
