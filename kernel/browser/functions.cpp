// Functions, lambdas, handlers and the sections of a module.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;

std::string Writer::arrow(const std::string& params, const Frame& frame,
                          const std::string& result) {
  std::string head = '(' + params + ") => ";
  if (frame.constants.empty() && frame.lines.empty()) {
    if (result.empty()) return head + "{}";
    return head + (result[0] == '{' ? '(' + result + ')' : result);
  }
  std::vector<std::string> lines;
  if (!frame.constants.empty()) {
    std::string one = "const " + joined(frame.constants, ", ") + ';';
    bool fits = one.size() <= 120 && one.find('\n') == one.npos;
    if (fits)
      lines.push_back(one);
    else
      for (const std::string& constant : frame.constants)
        lines.push_back("const " + constant + ';');
  }
  for (const std::string& line : frame.lines)
    if (!line.empty()) lines.push_back(line);
  if (!result.empty()) lines.push_back("return " + result + ';');
  std::string out = head + '{';
  for (const std::string& line : lines) out += '\n' + indented(line);
  return out + "\n}";
}

std::string Writer::section(const std::function<std::string()>& body) {
  open_scope();
  if (part_)
    for (const check::Symbol* symbol : part_->variables)
      scopes_.back().insert(module_.variable(*symbol));
  Frame frame;
  frames_.push_back(&frame);
  std::vector<std::string> lines;
  lines_ = &lines;
  std::string result = body();
  lines_ = nullptr;
  frames_.pop_back();
  close_scope();
  frame.lines.insert(frame.lines.end(), lines.begin(), lines.end());
  return arrow("p", frame, result);
}

// ---- Functions ----

std::string Writer::parameters(const std::vector<Param>& params, std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const Param& param : params) {
    bool is_hidden = param.name.text.empty();
    std::string name = param.symbol && !param.pattern ? declare(*param.symbol)
                       : param.symbol                 ? declare(*param.symbol)
                                      : fresh(is_hidden ? "value" : param.name.text);
    std::string text = name;
    if (param.fallback) text += " = " + argument(*param.fallback);
    out.push_back(text);
    if (!param.pattern) continue;
    std::vector<std::string>* outer = lines_;
    lines_ = &lines;
    destructure(*param.pattern, {name}, nullptr);
    lines_ = outer;
  }
  return joined(out, ", ");
}

// What stands behind `=>` or the parameters: an expression or braces.
std::string Writer::body(const std::vector<std::string>& before, const Block& block) {
  std::vector<std::string> lines = collect([&] { statements(block, {Sink::kReturn, {}}); });
  lines.insert(lines.begin(), before.begin(), before.end());
  return braces(lines);
}

namespace {

// "return x;" alone: "x", fit to stand behind `=>`; else the braces.
std::string as_arrow_body(const std::string& text) {
  constexpr std::string_view kStart = "{ return ";
  bool is_expression = text.rfind(kStart, 0) == 0 && text.size() > kStart.size() + 3;
  if (!is_expression) return text;
  std::string inner = text.substr(kStart.size(), text.size() - kStart.size() - 3);
  return inner[0] == '{' ? '(' + inner + ')' : inner;
}

// The only statement, if it is an assignment written as an expression: "{ count.set(1); }".
std::string as_call_body(const std::vector<std::string>& lines) {
  bool is_one =
      lines.size() == 1 && lines[0].find('\n') == std::string::npos && lines[0].back() == ';';
  if (!is_one) return {};
  for (std::string_view keyword :
       {"const ", "let ", "if ", "for ", "while ", "return", "throw ", "try ", "{"})
    if (lines[0].rfind(keyword, 0) == 0) return {};
  return lines[0].substr(0, lines[0].size() - 1);
}

}  // namespace

std::string Writer::function_text(const std::string& name, const check::Function& function) {
  auto* outer_lines = lines_;
  std::vector<Loop> loops;
  loops.swap(loops_);
  auto* reads = reads_;
  reads_ = nullptr;
  auto* guards = guards_;
  guards_ = nullptr;
  open_scope();
  std::vector<std::string> before;
  std::string params = parameters(function.declaration->params, before);
  std::string text =
      "function " + name + '(' + params + ") " + body(before, *function.declaration->body);
  close_scope();
  guards_ = guards;
  reads_ = reads;
  loops.swap(loops_);
  lines_ = outer_lines;
  return text;
}

Js Writer::lambda(const LambdaExpr& lambda) {
  std::vector<Loop> loops;
  loops.swap(loops_);
  auto* reads = reads_;
  reads_ = nullptr;
  open_scope();
  std::vector<std::string> before;
  std::string params = parameters(lambda.params, before), text;
  const check::Handler* handler = module_.handler_of(lambda.body);
  if (handler && handler->on_server)
    text = server_call(*handler, false);
  else
    text = as_arrow_body(body(before, *lambda.body));
  close_scope();
  reads_ = reads;
  loops.swap(loops_);
  return {'(' + params + ") => " + text, Level::kAssign};
}

// ---- Handlers ----

// `p.call(row, [inputs], event)`: an action (L 11.4).
std::string Writer::server_call(const check::Handler& handler, bool passes_event) {
  std::vector<std::string> inputs;
  for (const check::Input& input : handler.inputs) {
    if (input.kind == check::InputKind::kProp && !input.symbol)
      inputs.push_back(read(prop(input.path, nullptr)).text);
    else
      inputs.push_back(input.symbol ? at(read(*input.symbol), Level::kAssign) : "null");
  }
  std::vector<std::string> arguments = {std::to_string(handler.row)};
  if (!inputs.empty() || passes_event) arguments.push_back('[' + joined(inputs, ", ") + ']');
  if (passes_event) arguments.push_back("event");
  return "p.call(" + joined(arguments, ", ") + ')';
}

std::string Writer::handler_body(const Block& block) {
  std::vector<std::string> lines = collect([&] { statements(block, {Sink::kReturn, {}}); });
  std::string call = as_call_body(lines);
  return call.empty() ? as_arrow_body(braces(lines)) : call;
}

// `() => ..` or `(event) => ..`.
std::string Writer::handler(const check::Handler& handler) {
  open_scope();
  std::vector<Loop> loops;
  loops.swap(loops_);
  std::string out;
  if (handler.on_server) {
    bool sends = handler.uses_event;
    out = (sends ? "(event) => " : "() => ") + server_call(handler, sends);
  } else if (!handler.body) {
    out = "() => {}";
  } else if (handler.uses_event && module_.shares_event()) {
    std::string text = handler_body(*handler.body);
    bool is_block = text[0] == '{';
    out = "(e) => " + (is_block ? "{ event = e; return (() => " + text + ")(); }"
                                : "(event = e, " + text + ')');
  } else {
    out = (handler.uses_event ? "(event) => " : "() => ") + handler_body(*handler.body);
  }
  loops.swap(loops_);
  close_scope();
  return out;
}

// ---- Sections ----

// Cells whose value the browser computes but live values read are set before anything is shown.
std::string Writer::view_section(const std::vector<Node*>& all) {
  return section([&] {
    for (const DerivedGroup& group : derived_groups(*part_)) {
      if (group.in_browser) continue;
      for (std::size_t n = 0; n < group.outputs.size(); ++n) {
        if (!group.outputs[n]->is_live_input) continue;
        std::string cell = variable(*group.outputs[n]).js.text, of = group_value(group);
        if (group.outputs.size() > 1)
          of = "(() => " + of + ")()[" + std::to_string(n) + ']';
        else if (of[0] == '{')
          of = "(() => " + of + ")()";
        frames_.front()->lines.push_back(module_.imports.use("effect") + "(() => " + cell +
                                         ".set(" + of + "));");
      }
    }
    return node_list(all);
  });
}

std::string Writer::head_section(const std::vector<Node*>& all) {
  return section([&] { return node_list(all); });
}

// Of instances that come later: what the server does once for those of the first show.
std::string Writer::init_section() {
  bool has = false;
  std::string text = section([&] {
    for (const check::SetupStatement& row : part_->setup) {
      bool is_code =
          row.statement->kind != StmtKind::kView && row.statement->kind != StmtKind::kStyle;
      if (row.tier != check::SetupTier::kOnce || !is_code) continue;
      has = true;
      statement(*row.statement);
    }
    return std::string();
  });
  return has ? text : std::string();
}

std::string Writer::setup_section() {
  std::size_t count = 0;
  std::string text = section([&] {
    for (const DerivedGroup& group : derived_groups(*part_)) {
      if (!group.in_browser) continue;
      ++count;
      if (group.once) {
        for (const Stmt* next : group.statements) statement(*next);
        continue;
      }
      std::string of = group_value(group), set;
      std::string run = of[0] == '{' ? "(() => " + of + ")()" : of;
      if (group.outputs.empty()) {
        line(module_.imports.use("effect") + "(() => " + of + ");");
      } else if (group.outputs.size() == 1) {
        line(module_.imports.use("effect") + "(() => " + variable(*group.outputs[0]).js.text +
             ".set(" + run + "));");
      } else {
        std::vector<std::string> lines = {"const values = " + run + ';'};
        for (std::size_t n = 0; n < group.outputs.size(); ++n)
          lines.push_back(variable(*group.outputs[n]).js.text + ".set(values[" + std::to_string(n) +
                          "]);");
        line(module_.imports.use("effect") + "(() => " + braces(lines) + ");");
      }
    }
    for (const HookStmt* hook : part_->hooks) {
      if (!hook->handler) continue;
      if (hook->hook == Hook::kMount || hook->hook == Hook::kUnmount) {
        ++count;
        line(std::string(hook->hook == Hook::kMount ? "p.mount(" : "p.unmount(") +
             handler(*hook->handler) + ");");
      } else if (hook->hook == Hook::kUpdate) {
        ++count;
        std::set<std::string> reads;
        reads_ = &reads;
        std::string run = handler(*hook->handler);
        reads_ = nullptr;
        if (!hook->names.empty()) {  // `onUpdate(x)`: only after changes of x
          reads.clear();
          for (const Word& word : hook->names)
            for (const check::Symbol* symbol : part_->variables)
              if (symbol->name == word.text) reads.insert(getter_of(read(*symbol).text));
          reads.erase("");
        }
        std::vector<std::string> lines;
        for (const std::string& name : reads) lines.push_back(name + "();");
        lines.push_back("if (!first_run) " + module_.imports.use("untracked") + '(' + run + ");");
        line("p.update((first_run) => " + braces(lines) + ");");
      }
    }
    return std::string();
  });
  return count > 0 ? text : std::string();
}

}  // namespace flin::browser
