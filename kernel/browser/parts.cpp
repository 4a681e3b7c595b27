// The keys of `page({..})` and `component({..})`: the tables of W 8, then setup, head and view.
#include "browser/js_text.h"
#include "browser/module.h"
#include "browser/template.h"
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::InputKind;
using check::Type;
using check::TypeTag;

namespace {

// What `any` may hold has any type; its codecs are in the library.
bool is_basic(const Type* type) {
  if (!type) return false;
  switch (type->tag) {
    case TypeTag::kText:
    case TypeTag::kInt:
    case TypeTag::kBool:
    case TypeTag::kNone:
    case TypeTag::kEntity: return true;
    case TypeTag::kList: {
      const Type* item = without_none(type->items[0]);
      bool nested = is_tag(item, TypeTag::kList);
      return !nested && is_basic(item);
    }
    case TypeTag::kQuery: return true;
    case TypeTag::kOptional: return is_basic(type->items[0]);
    default: return false;
  }
}

// The types that cross for one part, and what their table must hold.
class TypeTable {
 public:
  explicit TypeTable(Module& module) : module_(module) {}

  std::string add(const Type* type) {
    note(type);
    return type ? check::compact_text_of(type) : "any";
  }
  // Rows of a live value hold its fields only.
  void add_live(const check::LiveValue& live) {
    const Type* type = live.type;
    const Type* item = is_tag(type, TypeTag::kList) ? type->items[0] : without_none(type);
    if (is_tag(type, TypeTag::kQuery)) item = module_.program.types->entity(type->entity);
    if (!is_tag(item, TypeTag::kEntity)) return void(note(type));
    Row& row = entities_[item->entity];
    row.has_version = row.has_version || live.sends_entity_back;
    for (const std::string& field : live.fields) row.fields.insert(field);
    for (const check::Field& field : item->entity->fields)
      if (row.fields.count(std::string(field.name))) note(field.type);
  }
  void note(const Type* type) {
    if (!is_basic(type)) module_.imports.use_library();
    if (!type || is_tag(type, TypeTag::kAny) || is_tag(type, TypeTag::kUnion)) note_all();
    if (!type) return;
    for (const Type* item : type->items) note(item);
    if (type->tag == TypeTag::kEnum) note_enum(*type->enumeration);
    if (type->entity) note_entity(*type->entity);
    if (type->tag == TypeTag::kFunction) functions_ = true;
  }
  // Rows of live lists come as they are; what is sent back is written by the same table.
  void note_sent(const Type* type) {
    if (is_tag(type, TypeTag::kEntity) && entities_.count(type->entity)) {
      entities_[type->entity].has_version = true;
      return;
    }
    note(type);
  }
  bool has_functions() const { return functions_; }

  std::string text() const {
    std::vector<std::string> rows;
    for (const check::Entity* entity : module_.program.entities)
      if (auto row = entities_.find(entity); row != entities_.end())
        rows.push_back(entity_row(*entity, row->second));
    for (const check::Enum* of : module_.program.enums)
      if (enums_.count(of)) rows.push_back(enum_row(*of));
    return rows.empty() ? std::string() : listed("{ ", rows, " }");
  }

 private:
  struct Row {
    std::set<std::string> fields;
    bool has_version = false, all = false;
  };
  void note_all() {
    if (all_) return;
    all_ = true;
    for (const check::Entity* entity : module_.program.entities) note_entity(*entity);
    for (const check::Enum* of : module_.program.enums) note_enum(*of);
  }
  void note_entity(const check::Entity& entity) {
    Row& row = entities_[&entity];
    row.has_version = true;
    if (row.all) return;
    row.all = true;
    for (const check::Field& field : entity.fields) {
      row.fields.insert(std::string(field.name));
      note(field.type);
    }
  }
  void note_enum(const check::Enum& of) {
    module_.imports.use_library();
    if (!enums_.insert(&of).second) return;
    for (const check::Variant& variant : of.variants)
      for (const Type* type : variant.payload) note(type);
  }
  static std::string entity_row(const check::Entity& entity, const Row& row) {
    std::vector<std::string> fields = {"id: \"int\""};
    if (row.has_version) fields.emplace_back("version: \"int\"");
    for (const check::Field& field : entity.fields)
      if (row.fields.count(std::string(field.name)))
        fields.push_back(property_key(field.name) + ": " +
                         quoted(check::compact_text_of(field.type)));
    for (std::string_view name : check::kAutomaticFieldNames)
      if (name.size() > 8 && row.fields.count(std::string(name)))
        fields.push_back(std::string(name) + (name == "deleted_at" ? ": \"time?\"" : ": \"time\""));
    return property_key(entity.name) + ": " + listed("{ ", fields, " }");
  }
  static std::string enum_row(const check::Enum& of) {
    std::vector<std::string> variants;
    for (const check::Variant& variant : of.variants) {
      std::vector<std::string> types;
      for (const Type* type : variant.payload)
        types.push_back(quoted(check::compact_text_of(type)));
      variants.push_back(property_key(variant.name) + ": [" + joined(types, ", ") + ']');
    }
    return property_key(of.name) + ": " + listed("{ ", variants, " }");
  }

  Module& module_;
  std::map<const check::Entity*, Row> entities_;
  std::set<const check::Enum*> enums_;
  bool functions_ = false, all_ = false;
};

std::string table(const std::vector<std::string>& rows) {
  return rows.empty() ? std::string() : listed("{ ", rows, " }");
}

std::string cells_table(const Part& part, const Used& used, TypeTable& types) {
  std::vector<std::string> rows;
  std::vector<DerivedGroup> groups = derived_groups(part);
  for (const check::Symbol* symbol : part.variables) {
    bool is_cell = !symbol->stands_for && !symbol->live_output;
    bool is_derived = std::any_of(groups.begin(), groups.end(), [&](const DerivedGroup& g) {
      return !g.in_browser &&
             std::find(g.outputs.begin(), g.outputs.end(), symbol) != g.outputs.end();
    });
    bool is_read = symbol->browser_reads && (!is_derived || symbol->is_live_input);
    if (is_cell && (is_read || used.cells.count(symbol)))
      rows.push_back(property_key(symbol->name) + ": " + quoted(types.add(symbol->type)));
  }
  return table(rows);
}

std::string props_table(const Part& part, const Used& used, TypeTable& types) {
  std::vector<std::string> rows;
  if (!part.component) return {};
  std::set<std::string_view> declared;
  for (const check::Symbol* prop : part.component->props) {
    declared.insert(prop->name);
    std::string text = check::compact_text_of(prop->type);  // codecs are needed only of inputs
    if (prop->is_live_input) types.note(prop->type);
    rows.push_back(property_key(prop->name) + ": " + quoted(text));
  }
  for (const auto& [name, type] : used.props)
    if (!declared.count(name)) rows.push_back(property_key(name) + ": " + quoted(type));
  return table(rows);
}

// Of a setup group the array of its outputs.
std::string live_type(const check::LiveValue& live, TypeTable& types) {
  if (live.root) {
    types.add_live(live);
    if (is_tag(live.type, TypeTag::kQuery)) return '[' + std::string(live.type->entity->name) + ']';
    return check::compact_text_of(live.type);
  }
  std::vector<std::string> outputs;
  for (const check::Symbol* output : live.outputs) outputs.push_back(types.add(output->type));
  return outputs.size() == 1 ? '[' + outputs[0] + ']' : '(' + joined(outputs, ",") + ')';
}

std::string live_table(const Part& part, TypeTable& types, Module& module) {
  std::vector<std::string> rows;
  for (const check::LiveValue* live : part.live) {
    if (!live->root) module.imports.use_library();
    std::vector<std::string> keys = {"type: " + quoted(live_type(*live, types))}, in;
    for (const check::Input& input : live->inputs) {
      if (input.kind == InputKind::kPageVariable || input.kind == InputKind::kComponentVariable)
        in.push_back(quoted(input.symbol->name));
      else if (input.kind == InputKind::kProp)
        in.push_back(quoted(input.symbol ? input.symbol->name : std::string_view(input.path)));
    }
    if (!in.empty()) keys.push_back("in: [" + joined(in, ", ") + ']');
    if (live->loop) keys.push_back("loop: " + std::to_string(live->loop->row));
    rows.push_back(std::to_string(live->row) + ": " + listed("{ ", keys, " }"));
  }
  return table(rows);
}

// [kind, name or number of the input, type]
std::string output_row(const check::Handler& handler, const check::Input& output, TypeTable& types,
                       Module& module) {
  std::string place;
  if (output.kind == InputKind::kPageVariable || output.kind == InputKind::kComponentVariable ||
      output.kind == InputKind::kProp) {
    place = quoted(output.symbol ? output.symbol->name : std::string_view(output.path));
  } else {
    auto same =
        std::find_if(handler.inputs.begin(), handler.inputs.end(),
                     [&](const check::Input& input) { return input.symbol == output.symbol; });
    place = std::to_string(same - handler.inputs.begin());
  }
  bool takes_contents = output.kind >= InputKind::kProp && !is_tag(output.type, TypeTag::kEntity);
  if (takes_contents) module.imports.use_library();
  types.note_sent(output.type);
  std::string type = output.type ? check::compact_text_of(output.type) : "any";
  return '[' + std::to_string(static_cast<int>(output.kind)) + ", " + place + ", " + quoted(type) +
         ']';
}

std::string calls_table(const Part& part, TypeTable& types, Module& module) {
  std::vector<std::string> rows;
  for (const check::Handler* handler : part.handlers) {
    if (!handler->on_server) continue;
    std::vector<std::string> keys, in, out;
    for (const check::Input& input : handler->inputs) {
      types.note_sent(input.type);
      in.push_back(quoted(input.type ? check::compact_text_of(input.type) : "any"));
    }
    for (const check::Input& output : handler->outputs)
      out.push_back(output_row(*handler, output, types, module));
    if (!in.empty()) keys.push_back("in: [" + joined(in, ", ") + ']');
    if (!out.empty()) keys.push_back("out: [" + joined(out, ", ") + ']');
    if (handler->uses_event) keys.emplace_back("event: true");
    if (handler->posts) keys.emplace_back("post: true");
    if (handler->uses_event || handler->posts) module.imports.use_library();
    rows.push_back(std::to_string(handler->row) + ": " +
                   (keys.empty() ? "{}" : listed("{ ", keys, " }")));
  }
  return table(rows);
}

bool is_dynamic(const std::vector<Node*>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node* node) {
    if (node->kind == NodeKind::kText) return false;
    if (node->kind != NodeKind::kElement) return true;
    const auto& element = as<ElementNode>(*node);
    bool plain =
        std::all_of(element.attributes.begin(), element.attributes.end(), [](const Attribute* a) {
          return a->kind == AttributeKind::kStatic || a->kind == AttributeKind::kBare;
        });
    return !plain || is_dynamic(element.children);
  });
}

// Variables that only the browser makes must be cells before their tables are written.
std::string functions_table(Module& module, const TypeTable& types) {
  std::vector<std::string> rows;
  if (!types.has_functions()) return {};
  for (const check::Function* function : module.page.browser_functions)
    if (!function->page_bound)
      rows.push_back(property_key(function->declaration->name.text) + ": " +
                     module.function(*function));
  return table(rows);
}

}  // namespace

std::vector<std::string> part_keys(Module& module, const Part& part) {
  Used used;
  std::string view, head;
  PageNodes nodes;
  if (part.page) {
    nodes = page_nodes(part.views);
  } else {
    for (const ViewStmt* from : part.views)
      nodes.body.insert(nodes.body.end(), from->nodes.begin(), from->nodes.end());
  }
  if (part.page) module.imports.use("page");
  view = Writer(module, &part, &used).view_section(nodes.body);
  if (is_dynamic(nodes.head)) {
    module.imports.use_library();
    head = Writer(module, &part, &used).head_section(nodes.head);
  }
  std::string setup = Writer(module, &part, &used).setup_section();
  std::string init = part.component ? Writer(module, &part, &used).init_section() : std::string();
  TypeTable types(module);
  std::string live = live_table(part, types, module);
  std::string cells = cells_table(part, used, types);
  std::string props = props_table(part, used, types);
  std::string calls = calls_table(part, types, module);
  std::string functions = functions_table(module, types);
  std::vector<std::string> keys;
  auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) keys.push_back(std::string(key) + ": " + value);
  };
  add("types", types.text());
  add("functions", functions);
  add("cells", cells);
  add("props", props);
  add("live", live);
  add("calls", calls);
  add("init", init);
  add("setup", setup);
  add("head", head);
  add("view", view);
  return keys;
}

std::string Module::text(std::string_view build, const Paths& paths) {
  std::vector<std::string> keys = part_keys(*this, Part(page));
  std::string out = imports.text(paths.runtime, paths.library);
  for (const std::string& declaration : declarations_) out += declaration + '\n';
  out += "export default page({\n  build: " + quoted(build) + ",\n";
  for (const std::string& key : keys) out += indented(key) + ",\n";
  return out + "});\n";
}

}  // namespace flin::browser
