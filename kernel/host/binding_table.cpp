#include "host/binding_table.h"

#include <algorithm>

namespace flin {

namespace {

std::string text(Text t) { return std::string(std::string_view(t)); }

Error taken(const char* what, std::string_view name, std::string_view plugin,
            std::string_view owner) {
  const std::string by = owner.empty() ? "flin itself" : "plugin '" + std::string(owner) + "'";
  return Error{code('P', 108), std::string(what) + " '" + std::string(name) + "' of plugin '" +
                                   std::string(plugin) + "' is already bound by " + by};
}

const OpDecl* op_of(const Manifest& manifest, std::string_view name) {
  for (const OpDecl& op : manifest.ops) {
    if (std::string_view(op.name) == name) return &op;
  }
  return nullptr;
}

Error no_such_op(const char* what, std::string_view name, Text op, std::string_view plugin) {
  return Error{code('P', 108), std::string(what) + " '" + std::string(name) +
                                   "' is bound to opcode '" + text(op) + "', which plugin '" +
                                   std::string(plugin) + "' does not have"};
}

template <class Table>
const auto* entry(const Table& table, std::string_view name) {
  const auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second.what;
}

check::Tier tier_of(std::uint32_t tier) {
  if (tier == kBrowserTier) return check::Tier::kBrowser;
  return tier == kServerTier ? check::Tier::kServer : check::Tier::kBoth;
}

}  // namespace

void BindingTable::add_kernel_builtin(check::Builtin builtin) {
  builtins_.push_back({"", std::move(builtin)});
  const check::Builtin& added = builtins_.back().what;
  auto& of_name = builtins_by_name_[added.name];
  if (of_name.empty()) builtin_names_.push_back(added.name);
  of_name.push_back(&added);
}

Result<void> BindingTable::add(std::string_view plugin, IPlugin& self, const Manifest& manifest) {
  loaded_.emplace_back(plugin);
  for (const FormDecl& decl : manifest.forms) {
    if (auto added = add_form(plugin, decl, manifest); !added) return added;
  }
  for (const BuiltinDecl& decl : manifest.builtins) {
    if (auto added = add_builtin(plugin, decl, manifest); !added) return added;
  }
  for (const ValidatorDecl& decl : manifest.validators) {
    if (auto added = add_validator(plugin, self, decl); !added) return added;
  }
  for (const GuardDecl& decl : manifest.guards) {
    if (auto added = add_guard(plugin, decl, manifest); !added) return added;
  }
  for (const TypeDecl& decl : manifest.types) {
    const auto [it, fresh] = types_.try_emplace(
        text(decl.name),
        Owned<BoundType>{std::string(plugin), {text(decl.name), text(decl.fields)}});
    if (!fresh) return taken("type", decl.name, plugin, it->second.plugin);
  }
  return {};
}

Result<void> BindingTable::add_form(std::string_view plugin, const FormDecl& decl,
                                    const Manifest& manifest) {
  const OpDecl* op = op_of(manifest, decl.op);
  if (op == nullptr) return no_such_op("form", decl.form, decl.op, plugin);
  const auto [it, fresh] = forms_.try_emplace(
      text(decl.form),
      Owned<check::BoundOp>{std::string(plugin), {text(decl.op), op->flags, op->results}});
  if (!fresh) return taken("form", decl.form, plugin, it->second.plugin);
  return {};
}

Result<void> BindingTable::add_builtin(std::string_view plugin, const BuiltinDecl& decl,
                                       const Manifest& manifest) {
  const std::string_view name = decl.name;
  for (const auto& other : builtins_) {
    if (other.what.name == name) return taken("built-in", name, plugin, other.plugin);
  }
  if (op_of(manifest, decl.op) == nullptr) return no_such_op("built-in", name, decl.op, plugin);
  check::Builtin builtin{text(decl.name),    text(decl.signature), text(decl.op),
                         tier_of(decl.tier), decl.flags,           text(decl.help)};
  builtins_.push_back({std::string(plugin), std::move(builtin)});
  builtins_by_name_[std::string(name)] = {&builtins_.back().what};
  builtin_names_.emplace_back(name);
  return {};
}

Result<void> BindingTable::add_validator(std::string_view plugin, IPlugin& self,
                                         const ValidatorDecl& decl) {
  ValidatorEntry row{std::string(plugin), {text(decl.name), text(decl.fits), text(decl.arguments)},
                     text(decl.message),  text(decl.help),
                     decl.check,          &self};
  const auto [it, fresh] = validators_.try_emplace(
      text(decl.name), Owned<ValidatorEntry>{std::string(plugin), std::move(row)});
  if (!fresh) return taken("validator", decl.name, plugin, it->second.plugin);
  return {};
}

Result<void> BindingTable::add_guard(std::string_view plugin, const GuardDecl& decl,
                                     const Manifest& manifest) {
  const OpDecl* op = op_of(manifest, decl.op);
  if (op == nullptr) return no_such_op("guard", decl.name, decl.op, plugin);
  const std::string signature = decl.signature.size == 0 ? "()" : text(decl.signature);
  check::Builtin check{text(decl.name),      signature + " -> bool", text(decl.op),
                       check::Tier::kServer, op->flags | kServer,    text(decl.help)};
  const auto [it, fresh] = guards_.try_emplace(
      text(decl.name),
      Owned<check::BoundGuard>{std::string(plugin), {std::move(check), decl.status}});
  if (!fresh) return taken("guard", decl.name, plugin, it->second.plugin);
  return {};
}

void BindingTable::remove_all_of(std::string_view plugin) {
  const auto owned = [&](const auto& row) { return row.second.plugin == plugin; };
  std::erase_if(forms_, owned);
  std::erase_if(validators_, owned);
  std::erase_if(guards_, owned);
  std::erase_if(types_, owned);
  std::erase_if(builtins_, [&](const auto& row) { return row.plugin == plugin; });
  std::erase(loaded_, plugin);
  index_builtins();
}

void BindingTable::index_builtins() {
  builtins_by_name_.clear();
  builtin_names_.clear();
  for (const auto& row : builtins_) {
    auto& of_name = builtins_by_name_[row.what.name];
    if (of_name.empty()) builtin_names_.push_back(row.what.name);
    of_name.push_back(&row.what);
  }
}

const check::BoundOp* BindingTable::form(std::string_view form) const {
  return entry(forms_, form);
}

const std::vector<const check::Builtin*>& BindingTable::builtins(std::string_view name) const {
  static const std::vector<const check::Builtin*> kNone;
  const auto it = builtins_by_name_.find(name);
  return it == builtins_by_name_.end() ? kNone : it->second;
}

const check::BoundValidator* BindingTable::validator(std::string_view name) const {
  const ValidatorEntry* found = validator_entry(name);
  return found == nullptr ? nullptr : &found->declared;
}

const ValidatorEntry* BindingTable::validator_entry(std::string_view name) const {
  return entry(validators_, name);
}
const check::BoundGuard* BindingTable::guard(std::string_view name) const {
  return entry(guards_, name);
}
std::vector<std::string> BindingTable::guard_names() const {
  std::vector<std::string> out;
  for (const auto& [name, guard] : guards_) out.push_back(name);
  return out;
}
const BoundType* BindingTable::type(std::string_view name) const { return entry(types_, name); }

}  // namespace flin
