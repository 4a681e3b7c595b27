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
    types.note_live(live);
    if (is_tag(live.type, TypeTag::kQuery)) return '[' + std::string(live.type->entity->name) + ']';
    return check::compact_text_of(live.type);
  }
  std::vector<std::string> outputs;
  for (const check::Symbol* output : live.outputs) outputs.push_back(types.add(output->type));
  return outputs.size() == 1 ? '[' + outputs[0] + ']' : '(' + joined(outputs, ",") + ')';
}

std::string live_table(const Part& part, TypeTable& types, Module& module) {
  std::vector<std::string> rows;
  std::vector<const check::LiveValue*> lives(part.live.begin(), part.live.end());
  for (const check::LiveValue* live : module.program.live) {
    // Nothing shows it, but the server needs its inputs.
    bool is_guard = live->purpose == check::LivePurpose::kGuard &&
                    live->unit == (part.page ? part.page->unit : part.component->unit);
    if (is_guard) lives.push_back(live);
  }
  for (const check::LiveValue* live : lives) {
    bool is_shown = live->purpose == check::LivePurpose::kShown;
    if (is_shown && !live->root) module.imports.use_library();
    std::string type = is_shown ? live_type(*live, types) : "bool?";
    std::vector<std::string> keys = {"type: " + quoted(type)}, in;
    for (const check::Input& input : live->inputs) {
      if (input.kind == InputKind::kPageVariable || input.kind == InputKind::kComponentVariable)
        in.push_back(quoted(input.symbol->name));
      else if (input.kind == InputKind::kProp)
        in.push_back(quoted(input.symbol ? input.symbol->name : std::string_view(input.path)));
    }
    if (in.empty() && !is_shown) continue;
    if (!in.empty() || live->in_instance) keys.push_back("in: [" + joined(in, ", ") + ']');
    if (is_shown && !live->guards.empty() && !is_tag(live->type, TypeTag::kList))
      keys.emplace_back("hides: true");
    if (live->place) keys.push_back("loop: " + std::to_string(live->place->binding->row));
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
  TypeTable& types = module.types;
  std::string live = live_table(part, types, module);
  std::string cells = cells_table(part, used, types);
  std::string props = props_table(part, used, types);
  std::string calls = calls_table(part, types, module);
  std::string functions = part.page ? functions_table(module, types) : std::string();
  std::vector<std::string> keys;
  auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) keys.push_back(std::string(key) + ": " + value);
  };
  if (part.page) add("types", types.text());  // components read and write by the tables of the page
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
