#include "cli/manifest_check.h"

#include "host/setting_value.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace flin::cli {

namespace {

constexpr std::uint32_t kAllFlags = kMaySuspend | kPure | kLeaf | kWrites | kServer | kDetachable;

bool is_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_form(std::string_view name) {
  static constexpr std::string_view kForms[] = {
#define FORM(name, kind, operands, word, home) #name,
#include "syntax/forms.def"
#undef FORM
  };
  return std::find(std::begin(kForms), std::end(kForms), name) != std::end(kForms);
}

class Faults {
 public:
  explicit Faults(const Manifest& manifest) : m_(manifest) {}

  std::vector<std::string> find() {
    if (m_.version.size == 0) add("the plugin", "has no version");
    if (m_.summary.size == 0) add("the plugin", "has no summary");
    for (const OpDecl& op : m_.ops) check(op);
    for (const FormDecl& form : m_.forms) check(form);
    for (const BuiltinDecl& builtin : m_.builtins) check(builtin);
    for (const ValidatorDecl& validator : m_.validators) check(validator);
    for (const GuardDecl& guard : m_.guards) check(guard);
    for (const SettingDecl& setting : m_.settings) check(setting);
    for (const TypeDecl& type : m_.types) check(type);
    if (mains_ > 1) add("the plugin", "has more than one main setting");
    return std::move(faults_);
  }

 private:
  void add(const std::string& what, const std::string& fault) {
    faults_.push_back(what + " " + fault);
  }
  static std::string named(const char* what, Text name) {
    return std::string(what) + " '" + std::string(std::string_view(name)) + "'";
  }
  void once(const std::string& what) {
    if (!seen_.insert(what).second) add(what, "is declared twice");
  }
  void needs_help(const std::string& what, Text help) {
    if (help.size == 0) add(what, "has no help");
  }
  const OpDecl* op_of(Text name) const {
    for (const OpDecl& op : m_.ops)
      if (std::string_view(op.name) == std::string_view(name)) return &op;
    return nullptr;
  }
  const OpDecl* needs_op(const std::string& what, Text name) {
    const OpDecl* op = op_of(name);
    if (op == nullptr)
      add(what, "is bound to opcode '" + std::string(std::string_view(name)) +
                    "', which the plugin does not have");
    return op;
  }
  void needs_name(const std::string& what, Text name) {
    if (!is_name(name)) add(what, "is no name: letters, digits and '_', no digit first");
  }

  void check(const OpDecl& op) {
    const std::string what = named("opcode", op.name);
    once(what);
    const std::string prefix = std::string(std::string_view(m_.id)) + ".";
    const std::string_view name = op.name;
    if (!name.starts_with(prefix) || !is_name(name.substr(std::min(prefix.size(), name.size()))))
      add(what, "is not named '" + prefix + "verb'");
    if (op.args < kCounted) add(what, "takes a number of arguments that is not allowed");
    if (op.results > 1) add(what, "has more than one result");
    if ((op.flags & ~kAllFlags) != 0) add(what, "has flags that this flin does not know");
    if ((op.flags & kLeaf) != 0 && (op.flags & kMaySuspend) != 0)
      add(what, "is leaf and may suspend: it can be one of them only");
    if ((op.flags & kPure) != 0 && (op.flags & kWrites) != 0)
      add(what, "is pure and writes: it can be one of them only");
    if (op.run == nullptr) add(what, "has no function");
    needs_help(what, op.help);
  }
  void check(const FormDecl& form) {
    const std::string what = named("form", form.form);
    once(what);
    if (!is_form(form.form)) add(what, "is none of the language");
    needs_op(what, form.op);
  }
  void check(const BuiltinDecl& builtin) {
    const std::string what = named("built-in", builtin.name);
    once(what);
    needs_name(what, builtin.name);
    const std::string_view signature = builtin.signature;
    if (!signature.starts_with('(') || signature.find(") -> ") == signature.npos)
      add(what, "has a signature that is not of the form '(a: text, b: int = 0) -> text'");
    if (builtin.tier > kServerTier) add(what, "has a tier that is not allowed");
    needs_op(what, builtin.op);
    needs_help(what, builtin.help);
  }
  void check(const ValidatorDecl& validator) {
    const std::string what = named("validator", validator.name);
    once(what);
    needs_name(what, validator.name);
    const std::string_view arguments = validator.arguments;
    if (!arguments.empty() && (arguments.front() != '(' || arguments.back() != ')'))
      add(what, "has arguments that are not of the form '(n: int)'");
    if (validator.check == nullptr) add(what, "has no function");
    if (validator.message.size == 0) add(what, "has no message");
    needs_help(what, validator.help);
  }
  void check(const GuardDecl& guard) {
    const std::string what = named("guard", guard.name);
    once(what);
    needs_name(what, guard.name);
    const OpDecl* op = needs_op(what, guard.op);
    if (op != nullptr && op->results != 1) add(what, "is bound to an opcode without a result");
    if (guard.status < 300 || guard.status > 599) add(what, "answers with a status that is none");
    needs_help(what, guard.help);
  }
  void check(const SettingDecl& setting) {
    const std::string what = named("setting", setting.key);
    once(what);
    needs_name(what, setting.key);
    mains_ += setting.main != 0 ? 1 : 0;
    if (setting.type > kChoiceSetting) return add(what, "has a type that is not allowed");
    SettingShape shape;
    shape.type = static_cast<SettingType>(setting.type);
    if (shape.type == kChoiceSetting) shape.choices = choices_in_help(setting.help);
    if (setting.fallback.size != 0 && !normal_value(shape, setting.fallback))
      add(what, "has the fallback '" + std::string(std::string_view(setting.fallback)) +
                    "', but it takes " + what_it_takes(shape));
    needs_help(what, setting.help);
  }
  void check(const TypeDecl& type) {
    const std::string what = named("type", type.name);
    once(what);
    needs_name(what, type.name);
    const std::string_view fields = type.fields;
    if (!fields.starts_with('{') || !fields.ends_with('}'))
      add(what, "has fields that are not of the form '{ status: int, body: text }'");
  }

  const Manifest& m_;
  int mains_ = 0;
  std::set<std::string> seen_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> manifest_faults(const Manifest& manifest) {
  return Faults(manifest).find();
}

}  // namespace flin::cli
