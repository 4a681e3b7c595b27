#include "host/describe.h"

#include "host/entry_check.h"
#include "host/plugin_library.h"
#include "host/setting_value.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

namespace flin {

namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

std::string text(Text t) { return std::string(std::string_view(t)); }

struct FlagName {
  std::uint32_t flag;
  const char* name;
};
constexpr FlagName kFlags[] = {
    {kMaySuspend, "may_suspend"}, {kPure, "pure"},     {kLeaf, "leaf"},
    {kWrites, "writes"},          {kServer, "server"}, {kDetachable, "detachable"}};

std::vector<std::string> flag_names(std::uint32_t flags) {
  std::vector<std::string> out;
  for (const FlagName& row : kFlags) {
    if ((flags & row.flag) != 0) out.push_back(row.name);
  }
  return out;
}

const char* tier_name(std::uint32_t tier) {
  if (tier == kBrowserTier) return "browser";
  return tier == kServerTier ? "server" : "both";
}

Object::Ptr object() { return new Object(Poco::JSON_PRESERVE_KEY_ORDER); }

Array::Ptr flag_array(std::uint32_t flags) {
  Array::Ptr out = new Array;
  for (const std::string& name : flag_names(flags)) out->add(name);
  return out;
}

// One array of `items`; `fill` writes the fields of one row.
template <class T, class Fill>
Array::Ptr rows(const List<T>& items, Fill fill) {
  Array::Ptr out = new Array;
  for (const T& item : items) {
    Object::Ptr row = object();
    fill(*row, item);
    out->add(row);
  }
  return out;
}

void add_code(Object& root, const Manifest& m) {
  root.set("ops", rows(m.ops, [](Object& row, const OpDecl& op) {
             row.set("name", text(op.name)).set("args", op.args).set("results", op.results);
             row.set("flags", flag_array(op.flags));
             const std::int64_t timeout =
                 op.timeout_ms == kNoTimeout ? -1 : std::int64_t{op.timeout_ms};
             row.set("timeout_ms", timeout).set("help", text(op.help));
           }));
  root.set("forms", rows(m.forms, [](Object& row, const FormDecl& form) {
             row.set("form", text(form.form)).set("op", text(form.op));
           }));
  root.set(
      "builtins", rows(m.builtins, [](Object& row, const BuiltinDecl& b) {
        row.set("name", text(b.name)).set("signature", text(b.signature)).set("op", text(b.op));
        row.set("tier", std::string(tier_name(b.tier))).set("flags", flag_array(b.flags));
        row.set("help", text(b.help));
      }));
}

void add_rules(Object& root, const Manifest& m) {
  root.set(
      "settings", rows(m.settings, [](Object& row, const SettingDecl& s) {
        row.set("key", text(s.key));
        row.set("type", std::string(setting_type_name(static_cast<SettingType>(s.type))));
        row.set("fallback", text(s.fallback)).set("main", s.main != 0).set("help", text(s.help));
      }));
  root.set(
      "validators", rows(m.validators, [](Object& row, const ValidatorDecl& v) {
        row.set("name", text(v.name)).set("fits", text(v.fits)).set("arguments", text(v.arguments));
        row.set("message", text(v.message)).set("help", text(v.help));
      }));
  root.set(
      "guards", rows(m.guards, [](Object& row, const GuardDecl& g) {
        row.set("name", text(g.name)).set("signature", text(g.signature)).set("op", text(g.op));
        row.set("status", g.status).set("help", text(g.help));
      }));
  root.set("types", rows(m.types, [](Object& row, const TypeDecl& t) {
             row.set("name", text(t.name)).set("fields", text(t.fields));
           }));
}

// "Title" and one line per item, or nothing for an empty list.
template <class T, class Line>
void section(std::ostream& out, const char* title, const List<T>& items, Line line) {
  if (items.empty()) return;
  out << "\n" << title << "\n";
  for (const T& item : items) {
    out << "  ";
    line(out, item);
    out << "\n";
  }
}

void write_help(std::ostream& out, Text help) {
  if (help.size > 0) out << "\n      " << std::string_view(help);
}

void write_flags(std::ostream& out, std::uint32_t flags) {
  for (const std::string& name : flag_names(flags)) out << "  " << name;
}

void write_op(std::ostream& out, const OpDecl& op) {
  out << std::string_view(op.name) << "  ";
  if (op.args == kCounted) {
    out << "any number of arguments";
  } else {
    out << op.args << (op.args == 1 ? " argument" : " arguments");
  }
  out << (op.results == 0 ? ", no result" : ", 1 result");
  write_flags(out, op.flags);
  write_help(out, op.help);
}

void write_services(std::ostream& out, const Manifest& m) {
  section(out, "Needs", m.needs, [](std::ostream& o, const NeedDecl& need) {
    o << std::string_view(need.interface_id) << (need.optional != 0 ? "  optional" : "");
  });
  section(out, "Offers", m.offers, [](std::ostream& o, const OfferDecl& offer) {
    o << std::string_view(offer.interface_id);
    if (offer.name.size > 0) o << "  as " << std::string_view(offer.name);
  });
}

void write_language(std::ostream& out, const Manifest& m) {
  section(out, "Forms", m.forms, [](std::ostream& o, const FormDecl& form) {
    o << std::string_view(form.form) << " -> " << std::string_view(form.op);
  });
  section(out, "Built-ins", m.builtins, [](std::ostream& o, const BuiltinDecl& b) {
    o << std::string_view(b.name) << std::string_view(b.signature) << "  " << tier_name(b.tier)
      << "  -> " << std::string_view(b.op);
    write_flags(o, b.flags);
    write_help(o, b.help);
  });
  section(out, "Types", m.types, [](std::ostream& o, const TypeDecl& t) {
    o << std::string_view(t.name) << " " << std::string_view(t.fields);
  });
  section(out, "Validators", m.validators, [](std::ostream& o, const ValidatorDecl& v) {
    o << "@" << std::string_view(v.name) << std::string_view(v.arguments) << "  of "
      << std::string_view(v.fits);
    write_help(o, v.help);
  });
  section(out, "Guards", m.guards, [](std::ostream& o, const GuardDecl& g) {
    o << "@" << std::string_view(g.name) << std::string_view(g.signature) << "  else " << g.status;
    write_help(o, g.help);
  });
}

}  // namespace

std::string describe_json(const Manifest& m) {
  Object::Ptr root = object();
  root->set("id", text(m.id)).set("version", text(m.version)).set("summary", text(m.summary));
  root->set("needs", rows(m.needs, [](Object& row, const NeedDecl& need) {
              row.set("interface", text(need.interface_id)).set("optional", need.optional != 0);
            }));
  root->set("offers", rows(m.offers, [](Object& row, const OfferDecl& offer) {
              row.set("interface", text(offer.interface_id)).set("name", text(offer.name));
            }));
  add_code(*root, m);
  add_rules(*root, m);
  std::ostringstream out;
  root->stringify(out, 2);
  out << "\n";
  return out.str();
}

std::string describe_text(const Manifest& m) {
  std::ostringstream out;
  out << text(m.id) << " " << text(m.version) << "\n" << text(m.summary) << "\n";
  write_services(out, m);
  section(out, "Settings", m.settings, [&m](std::ostream& o, const SettingDecl& s) {
    o << "--" << std::string_view(m.id) << "." << std::string_view(s.key) << "="
      << (s.fallback.size > 0 ? std::string_view(s.fallback) : std::string_view("..")) << "  "
      << setting_type_name(static_cast<SettingType>(s.type));
    if (s.main != 0) o << "  also --" << std::string_view(m.id) << "=";
    write_help(o, s.help);
  });
  write_language(out, m);
  section(out, "Opcodes", m.ops, write_op);
  return out.str();
}

Result<std::string> describe_plugin(std::string_view id,
                                    const std::vector<std::string>& directories, DescribeAs form) {
  auto path = find_plugin(id, directories);
  if (!path) return path.error();
  auto library = PluginLibrary::open(path.value());
  if (!library) return library.error();
  auto manifest = check_entry(library.value()->entry(), path.value(), id);
  if (!manifest) return manifest.error();
  return form == DescribeAs::kJson ? describe_json(manifest.value())
                                   : describe_text(manifest.value());
}

}  // namespace flin
