// Constants, declarations of functions and the tables of L 21.7 to 21.13: they may name only what
// is there, of the right kind.
#include "bytecode/opcodes.h"
#include "bytecode/types.h"
#include "bytecode/verify_parts.h"

#include <algorithm>

namespace flin::bytecode {
namespace {

constexpr std::uint32_t kMostCode = 0x7FFFFFFF;

class Tables {
 public:
  explicit Tables(const Chunk& chunk) : chunk_(chunk) {}

  Result<void> run() {
    if (chunk_.entity_reader != kNoIndex &&
        (!is_function(chunk_.entity_reader) || chunk_.functions[chunk_.entity_reader].arity != 2))
      fail("the reader of entities is no function of two parameters");
    bool good = error_.message.empty() && constants() && functions() && imports() && entities() &&
                enums() && decls() && handlers() && lives() && places() && pages() && debug();
    if (!good) return std::move(error_);
    return {};
  }

 private:
  bool fail(const std::string& reason, std::uint32_t offset = 0) {
    error_ = invalid_at(offset, reason);
    return false;
  }
  bool is(std::uint32_t k, Tag tag) const {
    return k < chunk_.constants.size() && chunk_.constants[k].tag == tag;
  }
  bool is_text(std::uint32_t k) const { return is(k, Tag::kText); }
  bool is_type_k(std::uint32_t k) const { return is(k, Tag::kType); }
  bool is_function(std::uint32_t row) const { return row < chunk_.functions.size(); }
  bool is_value(std::uint32_t k) const {
    if (k >= chunk_.constants.size()) return false;
    Tag tag = chunk_.constants[k].tag;
    return tag <= Tag::kRegex || tag == Tag::kVariant || tag == Tag::kNames;
  }

  bool constants() {
    for (std::size_t k = 0; k < chunk_.constants.size(); ++k) {
      if (!constant(chunk_.constants[k]))
        return fail("constant " + std::to_string(k) + " is broken");
    }
    return true;
  }

  bool constant(const Constant& c) const {
    auto all_texts = [&](const auto& items) {
      return std::all_of(items.begin(), items.end(), [&](auto k) { return is_text(k); });
    };
    switch (c.tag) {
      case Tag::kInt:
      case Tag::kNumber:
      case Tag::kText:
      case Tag::kMoney:
      case Tag::kTime:
      case Tag::kDuration:
      case Tag::kRegex: return true;
      case Tag::kFunction:
        return c.i >= 0 && static_cast<std::uint64_t>(c.i) < chunk_.functions.size();
      case Tag::kType: return is_type(chunk_, c.text);
      case Tag::kVariant:
        return c.items.size() == 3 && is_text(c.items[0]) && is_text(c.items[1]) &&
               c.items[2] <= 0xFF;
      case Tag::kNames: return all_texts(c.items);
      case Tag::kComponent: return component(c);
      case Tag::kAgent: return false;  // no part of this version
      case Tag::kPredicate: return predicate(c);
    }
    return false;
  }

  bool component(const Constant& c) const {
    if (c.items.size() < 2 || (c.items.size() - 2) % 3 != 0) return false;
    if (!is_text(c.items[0]) || !is_function(c.items[1])) return false;
    for (std::size_t i = 2; i < c.items.size(); i += 3) {
      bool good = is_text(c.items[i]) && is_type_k(c.items[i + 1]) &&
                  (c.items[i + 2] == kNoIndex || is_function(c.items[i + 2]));
      if (!good) return false;
    }
    return true;
  }

  // L 21.5: every operand is there and the code leaves one value.
  bool predicate(const Constant& c) const {
    const std::string& code = c.text;
    std::size_t at = 0;
    std::int64_t depth = 0;
    auto byte = [&](std::uint32_t& out) {
      if (at >= code.size()) return false;
      out = static_cast<std::uint8_t>(code[at++]);
      return true;
    };
    auto item = [&](bool names) {
      std::uint32_t index = 0;
      for (int i = 0; i < 4; ++i) {
        std::uint32_t next = 0;
        if (!byte(next)) return false;
        index |= next << (8 * i);
      }
      if (index >= c.items.size()) return false;
      return names ? is_text(c.items[index]) : is_value(c.items[index]);
    };
    while (at < code.size()) {
      std::uint32_t op = 0, n = 0;
      byte(op);
      std::int64_t pops = 0;
      if (op == 0x01) {
        if (!byte(n) || n == 0) return false;
        while (n-- > 0)
          if (!item(true)) return false;
      } else if (op == 0x02) {
        if (!byte(n)) return false;
      } else if (op == 0x03) {
        if (!item(false)) return false;
      } else if (op >= 0x10 && op <= 0x2B) {
        bool one = op == 0x18 || op == 0x19 || op >= 0x24;
        pops = one ? 1 : 2;
      } else {
        return false;
      }
      if (depth < pops) return false;
      depth += 1 - pops;
    }
    return depth == 1 && c.i >= 0 && static_cast<std::uint64_t>(c.i) < chunk_.entities.size();
  }

  static bool kinds_fit(const Function& f) {
    if (f.kinds.size() > f.locals || f.result > SlotKind::kBool) return false;
    for (std::uint32_t slot = 0; slot < f.kinds.size(); ++slot) {
      const bool may_be_missing = slot >= f.least_arity && slot < f.arity;
      if (f.kinds[slot] > SlotKind::kBool) return false;
      if (may_be_missing && f.kinds[slot] != SlotKind::kAny) return false;
    }
    return true;
  }

  bool functions() {
    if (chunk_.functions.empty()) return fail("there is no main code");
    if (chunk_.code.size() > kMostCode) return fail("the code is too long");
    for (const Function& f : chunk_.functions) {
      bool inside =
          f.code_offset <= chunk_.code.size() && f.code_size <= chunk_.code.size() - f.code_offset;
      if (!inside) return fail("a function outside the code", f.code_offset);
      if (f.least_arity > f.arity || f.arity > f.locals)
        return fail("a function without room for its parameters", f.code_offset);
      if (!kinds_fit(f)) return fail("a function with a slot of no kind", f.code_offset);
      if (f.name_k != kNoIndex && !is_text(f.name_k))
        return fail("a function's name is no text", f.code_offset);
    }
    return true;
  }

  bool imports() {
    for (const Import& row : chunk_.imports) {
      if (row.results > 1) return fail("import " + row.name + " with more than one result");
      if (row.args > 0xFF) return fail("import " + row.name + " with too many arguments");
    }
    for (const BuiltinImport& row : chunk_.builtins)
      if (row.least > row.most) return fail("built-in " + row.name + " is broken");
    return true;
  }

  bool entities() {
    for (const EntityRow& entity : chunk_.entities) {
      for (const FieldRow& field : entity.fields)
        if (!field_row(field))
          return fail("field " + entity.name + "." + field.name + " is broken");
      for (const RuleRow& rule : entity.rules) {
        bool good = is(rule.predicate_k, Tag::kPredicate) &&
                    std::all_of(rule.parameter_ks.begin(), rule.parameter_ks.end(),
                                [&](auto k) { return is(k, Tag::kNames); });
        if (!good) return fail("a rule of " + entity.name + " is broken");
      }
    }
    return true;
  }
  bool field_row(const FieldRow& field) const {
    if (!is_type_k(field.type_k)) return false;
    if (field.default_k != kNoIndex && !is_value(field.default_k)) return false;
    for (const ValidatorRow& validator : field.validators)
      for (std::uint32_t k : validator.argument_ks)
        if (!is_value(k)) return false;
    return true;
  }

  bool enums() {
    for (const EnumRow& row : chunk_.enums)
      for (const EnumRow::Variant& variant : row.variants)
        for (std::uint32_t k : variant.type_ks)
          if (!is_type_k(k)) return fail("enum " + row.name + " is broken");
    return true;
  }

  // Of a declaration: also a function, and none for what was left out.
  bool is_operand(std::uint32_t k) const {
    return k == kNoIndex || is_value(k) ||
           (k < chunk_.constants.size() && chunk_.constants[k].tag == Tag::kFunction);
  }

  bool decls() {
    for (const DeclRow& row : chunk_.decls) {
      bool good = is_text(row.form_k) &&
                  (row.import == kNoIndex || row.import < chunk_.imports.size()) &&
                  (row.function == kNoIndex || is_function(row.function)) &&
                  std::all_of(row.operand_ks.begin(), row.operand_ks.end(),
                              [&](auto k) { return is_operand(k); });
      if (!good) return fail("a declaration is broken");
    }
    return true;
  }

  bool inputs(const std::vector<InputRow>& rows) const {
    return std::all_of(rows.begin(), rows.end(), [&](const InputRow& row) {
      if (!is_type_k(row.type_k)) return false;
      if (row.place != kNoIndex && row.place >= chunk_.places.size()) return false;
      switch (row.kind) {
        case InputKind::kProp: return is_text(row.index);
        case InputKind::kPath: return is(row.index, Tag::kNames);
        default: return row.index <= 0xFFFF;
      }
    });
  }

  bool handlers() {
    for (const HandlerRow& row : chunk_.handlers) {
      bool good = is_function(row.function) && row.tier >= 1 && row.tier <= 2 &&
                  inputs(row.inputs) && inputs(row.outputs) && locals_exist(row);
      if (!good) return fail("a handler is broken");
    }
    return true;
  }
  bool locals_exist(const HandlerRow& row) const {
    const Function& function = chunk_.functions[row.function];
    for (const auto* rows : {&row.inputs, &row.outputs}) {
      for (const InputRow& input : *rows) {
        if (input.kind == InputKind::kLocal && input.index >= function.locals) return false;
        if (input.kind == InputKind::kUpvalue && input.index >= function.upvalues.size())
          return false;
      }
    }
    return true;
  }

  bool lives() {
    for (const LiveRow& row : chunk_.lives) {
      bool good = is_function(row.function) && is_function(row.unit) && is_type_k(row.type_k) &&
                  inputs(row.inputs) && inputs(row.outputs) &&
                  (row.place == kNoIndex || row.place < chunk_.places.size());
      if (!good) return fail("a live value is broken");
      const Function& function = chunk_.functions[row.function];
      if (function.arity != row.inputs.size() || !function.upvalues.empty())
        return fail("a live value whose function does not take its inputs");
    }
    return true;
  }

  bool places() {
    const auto is_live = [&](std::uint32_t row) { return row < chunk_.lives.size(); };
    for (const PlaceRow& row : chunk_.places) {
      bool good = is_function(row.unit) &&
                  (row.parent == kNoIndex || row.parent < chunk_.places.size()) &&
                  (row.live == kNoIndex ? row.kind != PlaceKind::kRows : is_live(row.live)) &&
                  (row.kind != PlaceKind::kUse || is_function(row.component)) &&
                  row.props.size() == row.prop_names.size() &&
                  std::all_of(row.props.begin(), row.props.end(), is_live);
      if (!good) return fail("a place of live values is broken");
    }
    for (const ComponentRow& row : chunk_.components) {
      bool good = is_function(row.function);
      for (const CellRow& cell : row.cells) good = good && is_type_k(cell.type_k);
      if (!good) return fail("the variables of a component are broken");
    }
    return true;
  }

  bool pages() {
    std::uint32_t reader = chunk_.entity_reader;
    if (reader != kNoIndex && (!is_function(reader) || chunk_.functions[reader].arity != 2))
      return fail("the reader of entities is no function of two parameters");
    for (const PageRow& page : chunk_.pages) {
      bool good = is_function(page.function) && chunk_.functions[page.function].arity == 0 &&
                  chunk_.functions[page.function].upvalues.empty();
      for (const CellRow& cell : page.cells)
        good = good && cell.slot < page.globals && is_type_k(cell.type_k);
      for (const auto* rows : {&page.live, &page.inputs})
        for (std::uint32_t row : *rows) good = good && row < chunk_.lives.size();
      for (std::uint32_t row : page.handlers) good = good && row < chunk_.handlers.size();
      if (!good) return fail("page " + page.path + " is broken");
    }
    return true;
  }

  bool debug() {
    std::uint32_t last = 0;
    for (const LineRow& row : chunk_.lines) {
      if (row.file >= chunk_.files.size() || row.code_offset < last)
        return fail("the table of lines is broken");
      last = row.code_offset;
    }
    for (const NameRow& row : chunk_.names)
      if (!is_function(row.function)) return fail("the table of names is broken");
    return true;
  }

  const Chunk& chunk_;
  Error error_;
};

// View rows of a function are together; reads name what is there.
Result<void> verify_views(const Chunk& chunk, const std::vector<WalkedCode>& walked) {
  for (const ViewRow& row : chunk.views) {
    if (row.function >= chunk.functions.size()) return invalid_at(0, "a view row without function");
    const std::vector<bool>& starts = walked[row.function].starts;
    std::uint32_t offset = chunk.functions[row.function].code_offset;
    bool good = row.start <= row.end && row.end < starts.size() && starts[row.start] &&
                starts[row.end] && row.kind >= 1 && row.tier <= 2;
    for (const ViewRow::Read& read : row.reads)
      good = good && (read.kind != ReadKind::kLive || read.index < chunk.lives.size());
    if (!good) return invalid_at(offset, "a view row is broken");
  }
  return {};
}

}  // namespace

Result<void> verify_tables(const Chunk& chunk) { return Tables(chunk).run(); }

Result<void> verify_ranges(const Chunk& chunk, const std::vector<WalkedCode>& walked) {
  for (const HandlerRow& row : chunk.handlers) {
    const auto& bodies = walked[row.function].handlers;
    bool is_body = std::any_of(bodies.begin(), bodies.end(), [&](const WalkedCode::Body& body) {
      return body.start == row.start && body.end == row.end;
    });
    if (!is_body)
      return invalid_at(chunk.functions[row.function].code_offset, "a handler row without a body");
  }
  return verify_views(chunk, walked);
}

}  // namespace flin::bytecode
