// Never fails: what a chunk that was not verified names wrongly is shown as "?".
#include "bytecode/disassembler.h"

#include "bytecode/opcodes.h"
#include "bytecode/types.h"

#include <cstdio>
#include <map>

namespace flin::bytecode {
namespace {

std::string number_text(double n) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", n);
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, n);
    double back = 0;
    if (std::sscanf(shorter, "%lf", &back) == 1 && back == n) return shorter;
  }
  return text;
}

// In double quotes, on one line.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string_view read_kind(ReadKind kind) {
  switch (kind) {
    case ReadKind::kGlobal: return "global";
    case ReadKind::kState: return "state";
    case ReadKind::kProp: return "prop";
    case ReadKind::kLive: return "live";
    case ReadKind::kAsync: return "async state";
  }
  return "?";
}

std::string_view input_kind(InputKind kind) {
  switch (kind) {
    case InputKind::kPageVariable: return "page";
    case InputKind::kComponentVariable: return "state";
    case InputKind::kProp: return "prop";
    case InputKind::kLocal: return "local";
    case InputKind::kUpvalue: return "upvalue";
    case InputKind::kArgument: return "argument";
    case InputKind::kPath: return "path";
  }
  return "?";
}

std::string_view view_kind(std::uint8_t kind) {
  constexpr std::string_view kKinds[] = {"?",   "text",  "attribute", "bind",  "if",
                                         "for", "match", "component", "setup", "slot"};
  return kind < std::size(kKinds) ? kKinds[kind] : "?";
}

std::string_view handler_kind(std::uint8_t kind) {
  constexpr std::string_view kKinds[] = {"event", "topic",  "change", "function value",
                                         "mount", "update", "unmount"};
  return kind < std::size(kKinds) ? kKinds[kind] : "?";
}

std::string_view tier(std::uint8_t tier) {
  return tier == 0 ? "both" : tier == 1 ? "browser" : "server";
}

class Dump {
 public:
  explicit Dump(const Chunk& chunk) : chunk_(chunk) {
    for (const NameRow& row : chunk.names) names_[{row.function, row.slot}] = row.name;
  }

  std::string run() {
    put("program " + chunk_.name + (chunk_.is_server ? " (server)" : " (script)"));
    for (std::uint32_t f = 0; f < chunk_.functions.size(); ++f) function(f);
    entities();
    enums();
    decls();
    pages();
    lives();
    handlers();
    views();
    imports();
    assets();
    return std::move(out_);
  }

 private:
  void put(const std::string& line) { out_ += line + '\n'; }
  void title(const std::string& text) { out_ += '\n' + text + '\n'; }

  std::string text_of(std::uint32_t k) const {
    return k < chunk_.constants.size() ? chunk_.constants[k].text : "?";
  }
  std::string function_name(std::uint32_t f) const {
    if (f >= chunk_.functions.size()) return "?";
    std::uint32_t k = chunk_.functions[f].name_k;
    return '#' + std::to_string(f) + (k == kNoIndex ? "" : ' ' + text_of(k));
  }
  std::string type_of(std::uint32_t k) const {
    return k < chunk_.constants.size() && chunk_.constants[k].tag == Tag::kType
               ? type_text(chunk_, chunk_.constants[k].text)
               : "?";
  }
  std::string names_of(const Constant& c, std::string_view between) const {
    std::string out;
    for (std::uint32_t k : c.items) out += (out.empty() ? "" : std::string(between)) + text_of(k);
    return out;
  }

  std::string constant(std::uint32_t k) const {
    if (k >= chunk_.constants.size()) return "?";
    const Constant& c = chunk_.constants[k];
    switch (c.tag) {
      case Tag::kInt: return std::to_string(c.i);
      case Tag::kNumber: return number_text(c.n) + " number";
      case Tag::kText: return quoted(c.text);
      case Tag::kMoney: return std::to_string(c.i) + " minor " + c.text;
      case Tag::kTime: return "time " + std::to_string(c.i) + "ms";
      case Tag::kDuration: return "duration " + std::to_string(c.i) + "ms";
      case Tag::kRegex: return '/' + c.text + "/ flags " + std::to_string(c.i);
      case Tag::kFunction: return function_name(static_cast<std::uint32_t>(c.i));
      case Tag::kType: return type_text(chunk_, c.text);
      case Tag::kVariant:
        return c.items.size() == 3 ? text_of(c.items[0]) + '.' + text_of(c.items[1]) : "?";
      case Tag::kNames: return names_of(c, ", ");
      case Tag::kComponent: return c.items.empty() ? "?" : '<' + text_of(c.items[0]) + '>';
      case Tag::kAgent: return "agent";
      case Tag::kPredicate: return predicate(c);
    }
    return "?";
  }

  // The postfix code in its order: "title ?1 contains".
  std::string predicate(const Constant& c) const {
    constexpr std::string_view kWords[] = {
        "==",    "!=",    "<",    "<=",  ">",     ">=",   "and",   "or",       "not",    "is none",
        "in",    "+",     "-",    "*",   "/",     "%",    "??",    "contains", "starts", "ends",
        "lower", "upper", "trim", "len", "count", "year", "month", "day"};
    std::string out;
    std::size_t at = 0;
    auto byte = [&] { return at < c.text.size() ? static_cast<std::uint8_t>(c.text[at++]) : 0u; };
    auto item = [&] {
      std::uint32_t index = 0;
      for (int i = 0; i < 4; ++i) index |= static_cast<std::uint32_t>(byte()) << (8 * i);
      return index < c.items.size() ? c.items[index] : kNoIndex;
    };
    while (at < c.text.size()) {
      if (!out.empty()) out += ' ';
      unsigned op = byte();
      if (op == 0x01) {
        for (unsigned n = byte(), i = 0; i < n; ++i) out += (i ? "." : "") + text_of(item());
      } else if (op == 0x02) {
        out += '?' + std::to_string(byte() + 1);
      } else if (op == 0x03) {
        std::uint32_t k = item();
        bool nested = k < chunk_.constants.size() && chunk_.constants[k].tag == Tag::kPredicate;
        out += nested ? "?" : constant(k);
      } else {
        out += op >= 0x10 && op < 0x10 + std::size(kWords) ? kWords[op - 0x10] : "?";
      }
    }
    return out;
  }

  static std::string_view kind_name(SlotKind kind) {
    switch (kind) {
      case SlotKind::kAny: return "any";
      case SlotKind::kInt: return "int";
      case SlotKind::kNumber: return "number";
      case SlotKind::kBool: return "bool";
    }
    return "?";
  }

  void function(std::uint32_t f) {
    const Function& row = chunk_.functions[f];
    std::string head = "function " + function_name(f) + ": ";
    if (row.arity > 0)
      head += (row.least_arity < row.arity ? std::to_string(row.least_arity) + " to " : "") +
              std::to_string(row.arity) + " parameters, ";
    head += std::to_string(row.locals) + " locals, stack " + std::to_string(row.max_stack) + ", " +
            std::to_string(row.code_size) + " bytes";
    if (row.flags & kServerFunction) head += ", server";
    if (row.flags & kClientFunction) head += ", client";
    if (row.flags & kPrelude) head += ", prelude";
    title(head);
    std::string slots;
    for (std::uint32_t slot = 0; slot < row.kinds.size(); ++slot)
      if (row.kinds[slot] != SlotKind::kAny)
        slots += (slots.empty() ? "" : ", ") + std::to_string(slot) + " " +
                 std::string(kind_name(row.kinds[slot]));
    if (!slots.empty()) put("  unboxed " + slots);
    if (row.result != SlotKind::kAny) put("  gives " + std::string(kind_name(row.result)));
    for (const UpvalueRow& up : row.upvalues)
      put(std::string("  captures ") + (up.from_parent_upvalue ? "upvalue " : "local ") +
          std::to_string(up.index));
    code(f, row);
  }

  void code(std::uint32_t f, const Function& row) {
    if (row.code_offset > chunk_.code.size() ||
        row.code_size > chunk_.code.size() - row.code_offset) {
      put("  (outside the code)");
      return;
    }
    const std::uint8_t* code = chunk_.code.data() + row.code_offset;
    Instruction i;
    for (std::uint32_t at = 0; at < row.code_size; at = i.end()) {
      if (!decode(code, row.code_size, at, i)) {
        put("  (broken from " + std::to_string(at) + " on)");
        return;
      }
      instruction(f, i);
    }
  }

  void instruction(std::uint32_t f, const Instruction& i) {
    const Opcode& row = kOpcodes[static_cast<std::uint8_t>(i.op)];
    char head[48];
    std::snprintf(head, sizeof head, "  %05u  %s", i.at, row.name.data());
    std::string line = head;
    std::string notes;
    operand(f, i, row.first, i.first, line, notes);
    operand(f, i, row.second, i.second, line, notes);
    if (!notes.empty()) {
      line.resize(std::max<std::size_t>(line.size() + 1, 32), ' ');
      line += "; " + notes;
    }
    put(line);
  }

  void operand(std::uint32_t f, const Instruction& i, Operand kind, std::int64_t value,
               std::string& line, std::string& notes) const {
    auto n = static_cast<std::uint32_t>(value);
    switch (kind) {
      case kNoOperand: return;
      case kDistance: line += " -> " + std::to_string(i.target()); return;
      case kConst:
        line += " k" + std::to_string(value);
        if (i.op != Op::Modifier || n < chunk_.constants.size()) notes += constant(n);
        return;
      case kLocal: line += ' ' + std::to_string(value), notes += local_name(f, n); return;
      case kImport:
        line += ' ' + std::to_string(value);
        notes += n < chunk_.imports.size() ? import_text(chunk_.imports[n]) : "?";
        return;
      case kBuiltin: {
        std::uint32_t builtin = n & 0xFFFFFF;
        line += ' ' + std::to_string(builtin) + ' ' + std::to_string(n >> 24);
        notes += builtin < chunk_.builtins.size() ? chunk_.builtins[builtin].name : "?";
        return;
      }
      case kGlobal:
        line += ' ' + std::to_string(value);
        notes += global_name(i.op, n);
        return;
      default: line += ' ' + std::to_string(value);
    }
  }

  std::string local_name(std::uint32_t f, std::uint32_t slot) const {
    auto it = names_.find({f, static_cast<std::uint16_t>(slot)});
    return it == names_.end() ? "" : it->second;
  }
  // Of the page, if the program has one only.
  std::string global_name(Op op, std::uint32_t slot) const {
    bool is_state = op == Op::LoadState || op == Op::StoreState || op == Op::BindState;
    if (is_state || chunk_.pages.size() != 1) return "";
    for (const CellRow& cell : chunk_.pages[0].cells)
      if (cell.slot == slot) return cell.name;
    return "";
  }
  static std::string import_text(const Import& import) {
    return import.name + '/' + std::to_string(import.args);
  }

  void entities() {
    for (const EntityRow& entity : chunk_.entities) {
      title("entity " + entity.name);
      for (const FieldRow& field : entity.fields) {
        std::string line = "  " + field.name + ": " + type_of(field.type_k);
        if (field.default_k != kNoIndex) line += " = " + constant(field.default_k);
        constexpr std::string_view kFlags[] = {"required",  "unique",   "index",   "hidden",
                                               "immutable", "readonly", "semantic"};
        for (std::size_t b = 0; b < std::size(kFlags); ++b)
          if (field.flags >> b & 1) line += " @" + std::string(kFlags[b]);
        for (const ValidatorRow& validator : field.validators) {
          line += " @" + validator.name;
          std::string arguments;
          for (std::uint32_t k : validator.argument_ks)
            arguments += (arguments.empty() ? "" : ", ") + constant(k);
          if (!arguments.empty()) line += '(' + arguments + ')';
        }
        put(line);
      }
    }
  }

  void enums() {
    for (const EnumRow& row : chunk_.enums) {
      title("enum " + row.name);
      for (const EnumRow::Variant& variant : row.variants) {
        std::string types;
        for (std::uint32_t k : variant.type_ks) types += (types.empty() ? "" : ", ") + type_of(k);
        put("  " + variant.name + (types.empty() ? "" : '(' + types + ')'));
      }
    }
  }

  void decls() {
    if (chunk_.decls.empty()) return;
    title("DECL");
    for (const DeclRow& row : chunk_.decls) {
      std::string line = "  " + text_of(row.form_k);
      for (std::uint32_t k : row.operand_ks) line += ' ' + (k == kNoIndex ? "none" : constant(k));
      if (row.function != kNoIndex) line += " " + function_name(row.function);
      line += row.import < chunk_.imports.size() ? " by " + chunk_.imports[row.import].name
                                                 : std::string(" by the kernel");
      put(line + " (" + row.file + ':' + std::to_string(row.line) + ')');
    }
  }

  void pages() {
    for (const PageRow& page : chunk_.pages) {
      title("PAGE " + quoted(page.path) + " title " + quoted(page.title) + ' ' +
            function_name(page.function));
      for (const CellRow& cell : page.cells) {
        std::string line =
            "  " + std::to_string(cell.slot) + ' ' + cell.name + ": " + type_of(cell.type_k);
        if (cell.flags & kCellInState) line += ", in the state";
        if (cell.flags & kCellInToken) line += ", in the token";
        put(line);
      }
      put("  live" + list(page.live) + ", handlers" + list(page.handlers));
      if (!page.module.empty()) put("  module " + page.module + " style " + quoted(page.style));
    }
  }
  static std::string list(const std::vector<std::uint32_t>& rows) {
    std::string out;
    for (std::uint32_t row : rows) out += ' ' + std::to_string(row);
    return out.empty() ? " none" : out;
  }

  std::string input(const InputRow& row) const {
    std::string out(input_kind(row.kind));
    if (row.kind == InputKind::kPath && row.index < chunk_.constants.size())
      out += ' ' + names_of(chunk_.constants[row.index], ".");
    else if (row.kind == InputKind::kProp)
      out += ' ' + text_of(row.index);
    else
      out += ' ' + std::to_string(row.index) + (row.name.empty() ? "" : ' ' + row.name);
    return out + ": " + type_of(row.type_k);
  }
  std::string inputs(std::string_view word, const std::vector<InputRow>& rows) const {
    std::string out;
    for (const InputRow& row : rows) out += (out.empty() ? "" : "; ") + input(row);
    return out.empty() ? "" : ", " + std::string(word) + " (" + out + ')';
  }

  void lives() {
    if (!chunk_.lives.empty()) title("LIVE");
    for (std::size_t n = 0; n < chunk_.lives.size(); ++n) {
      const LiveRow& row = chunk_.lives[n];
      std::string line = "  " + std::to_string(n) + ' ' + function_name(row.function) + ": " +
                         type_of(row.type_k) + " in " + function_name(row.unit);
      if (row.loop != kNoIndex) line += ", per item of view row " + std::to_string(row.loop);
      if (row.flags & kEntityList) line += ", entities";
      if (row.flags & kSetupGroup) line += ", setup";
      if (row.flags & kSendsEntityBack) line += ", sent back";
      if (row.flags & kInInstance) line += ", per instance";
      if (row.flags & kServerOnly) line += ", of the server alone";
      line += inputs("in", row.inputs) + inputs("out", row.outputs);
      for (std::size_t i = 0; i < row.fields.size(); ++i)
        line += (i == 0 ? ", fields " : " ") + row.fields[i];
      put(line);
    }
  }

  void handlers() {
    if (!chunk_.handlers.empty()) title("HNDL");
    for (std::size_t n = 0; n < chunk_.handlers.size(); ++n) {
      const HandlerRow& row = chunk_.handlers[n];
      std::string line = "  " + std::to_string(n) + ' ' + std::string(handler_kind(row.kind));
      if (!row.subject.empty()) line += ' ' + row.subject;
      line += ": " + function_name(row.function) + ' ' + std::to_string(row.start) + ".." +
              std::to_string(row.end) + ", " + std::string(tier(row.tier));
      if (row.flags & kUsesEvent) line += ", uses the event";
      if (row.flags & kPosts) line += ", posts";
      if (row.flags & kWithoutScripts) line += ", works without scripts";
      put(line + inputs("in", row.inputs) + inputs("out", row.outputs));
    }
  }

  void views() {
    if (!chunk_.views.empty()) title("VIEW");
    std::uint32_t function = kNoIndex, number = 0;
    for (const ViewRow& row : chunk_.views) {
      number = row.function == function ? number + 1 : 0;
      function = row.function;
      std::string line = "  " + function_name(function) + " row " + std::to_string(number) + ": " +
                         std::string(view_kind(row.kind)) + ' ' + std::to_string(row.start) + ".." +
                         std::to_string(row.end) + ", " + std::string(tier(row.tier));
      for (std::size_t i = 0; i < row.reads.size(); ++i)
        line += (i == 0 ? ", reads " : " ") + std::string(read_kind(row.reads[i].kind)) + ':' +
                std::to_string(row.reads[i].index);
      put(line);
    }
  }

  void imports() {
    if (!chunk_.imports.empty()) {
      title("imports");
      for (const Import& import : chunk_.imports)
        put("  " + import_text(import) + (import.results ? " -> value" : ""));
    }
    if (!chunk_.builtins.empty()) {
      title("built-ins");
      for (const BuiltinImport& row : chunk_.builtins)
        put("  " + row.name + '/' + std::to_string(row.least) +
            (row.most > row.least ? ".." + std::to_string(row.most) : ""));
    }
  }

  void assets() {
    if (!chunk_.assets.empty()) title("ASST");
    for (const AssetRow& asset : chunk_.assets)
      put("  " + asset.name + ' ' + asset.type + ' ' + std::to_string(asset.bytes.size()) +
          " bytes");
  }

  const Chunk& chunk_;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::string> names_;
  std::string out_;
};

}  // namespace

std::string disassemble(const Chunk& chunk) { return Dump(chunk).run(); }

}  // namespace flin::bytecode
