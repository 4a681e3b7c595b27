// Linking: a verified chunk becomes what the interpreter runs. All work that depends on the program
// alone is done here, once.
#include "runtime/program.h"
#include "runtime/translate.h"

#include "base/text.h"
#include "bytecode/opcodes.h"
#include "bytecode/verifier.h"
#include "runtime/convert.h"
#include "runtime/linked.h"
#include "runtime/text.h"

#include <algorithm>
#include <cstring>

namespace flin::runtime {

using bytecode::Op;
using bytecode::Tag;

namespace {

constexpr std::uint32_t kUnlinked = static_cast<std::uint32_t>('E') << 24 | 1105;

std::uint32_t automatic_field(std::string_view name) {
  if (name == "id") return kFieldId;
  if (name == "version" || name == "version_number") return kFieldVersion;
  if (name == "created_at") return kFieldCreatedAt;
  if (name == "updated_at") return kFieldUpdatedAt;
  if (name == "deleted_at") return kFieldDeletedAt;
  return kNoField;
}

Kind kind_of_type(std::string_view type) {
  static constexpr Kind kKinds[] = {Kind::kNone,  Kind::kText,  Kind::kInt,      Kind::kNumber,
                                    Kind::kBool,  Kind::kTime,  Kind::kDuration, Kind::kMoney,
                                    Kind::kFile,  Kind::kNone,  Kind::kNone,     Kind::kView,
                                    Kind::kError, Kind::kRegex, Kind::kNone};
  while (!type.empty() && type[0] == 0x13) type.remove_prefix(1);
  if (type.empty()) return Kind::kNone;
  const auto byte = static_cast<unsigned char>(type[0]);
  if (byte < std::size(kKinds)) return kKinds[byte];
  switch (byte) {
    case 0x10: return Kind::kList;
    case 0x11: return Kind::kMap;
    case 0x12: return Kind::kTuple;
    case 0x15: return Kind::kFunction;
    case 0x16: return Kind::kRecord;
    case 0x17: return Kind::kEnum;
    default: return Kind::kNone;
  }
}

class Linker {
 public:
  Linker(Program::Linked& program, const FindOp& find)
      : program_(program), chunk_(program.chunk), find_(find) {}

  Result<void> run() {
    program_.empty_text = program_.immortal_text("");
    make_variant_names();
    make_constants();
    make_functions();
    make_fields();
    make_predicates();
    find_bodies();
    auto imports = link_imports();
    if (!imports.ok()) return imports;
    make_plugin_tables();
    return translate(program_);
  }

 private:
  template <class T>
  T* immortal(ObjectKind kind, std::size_t extra = 0, std::uint16_t aux = 0) {
    auto* object =
        static_cast<T*>(program_.arena.allocate(sizeof(T) + extra, alignof(std::max_align_t)));
    *static_cast<Object*>(object) = {kind, kImmortal, aux, 0};
    return object;
  }

  Value whole_constant(Tagged tag, std::int64_t i) {
    if (fits_small(i)) return from_small(tag, i);
    auto* boxed = immortal<Boxed>(ObjectKind::kBoxed, 0, static_cast<std::uint16_t>(tag));
    boxed->value = i;
    return from_object(boxed);
  }

  Value constant(std::uint32_t k) {
    const bytecode::Constant& row = chunk_.constants[k];
    switch (row.tag) {
      case Tag::kInt: return whole_constant(Tagged::kInt, row.i);
      case Tag::kTime: return whole_constant(Tagged::kTime, row.i);
      case Tag::kDuration: return whole_constant(Tagged::kDuration, row.i);
      case Tag::kNumber: return from_double(row.n);
      case Tag::kText: return program_.immortal_text(row.text);
      case Tag::kMoney: {
        auto* money = immortal<Money>(ObjectKind::kMoney);
        money->minor = row.i;
        std::memset(money->currency, 0, sizeof money->currency);
        row.text.copy(money->currency, 3);
        return from_object(money);
      }
      case Tag::kRegex: {
        auto* regex = immortal<Regex>(ObjectKind::kRegex);
        regex->pattern = as_text(program_.immortal_text(row.text));
        regex->flags = static_cast<std::uint32_t>(row.i);
        return from_object(regex);
      }
      case Tag::kPredicate: {
        auto* predicate = immortal<Predicate>(ObjectKind::kPredicate);
        predicate->constant = k;
        return from_object(predicate);
      }
      case Tag::kVariant: return row.items.size() > 2 && row.items[2] != 0 ? kEmpty : variant(row);
      default: return kEmpty;
    }
  }

  Value variant(const bytecode::Constant& row) {
    auto* e = immortal<Enum>(ObjectKind::kEnum);
    e->type = as_text(program_.immortal_text(chunk_.text(row.items[0])));
    e->variant = as_text(program_.immortal_text(chunk_.text(row.items[1])));
    program_.find_variant(e->type->view(), e->variant->view(), e->row, e->index);
    e->size = 0;
    return from_object(e);
  }

  void make_constants() {
    const std::size_t count = chunk_.constants.size();
    program_.constants.resize(count);
    program_.tag_size.resize(count);
    for (std::uint32_t k = 0; k < count; ++k) {
      program_.constants[k] = constant(k);
      if (chunk_.constants[k].tag != Tag::kText) continue;
      const std::string& text = chunk_.constants[k].text;
      program_.tag_size[k] = static_cast<std::uint8_t>(
          std::min<std::size_t>(std::min(text.find(' '), text.size()), 255));
    }
  }

  void make_variant_names() {
    for (const bytecode::EnumRow& e : chunk_.enums) {
      auto& names = program_.variant_names.emplace_back();
      names.push_back(program_.immortal_text(e.name));
      for (const auto& variant : e.variants) names.push_back(program_.immortal_text(variant.name));
    }
  }

  void make_functions() {
    program_.functions.resize(chunk_.functions.size());
    for (std::uint32_t row = 0; row < chunk_.functions.size(); ++row) {
      const bytecode::Function& from = chunk_.functions[row];
      LinkedFunction& to = program_.functions[row];
      to.arity = from.arity;
      to.least = from.least_arity;
      to.cost = 1 + from.code_size / 4;
      to.upvalues = from.upvalues;
      to.parameters.resize(from.arity);
      if (from.name_k != bytecode::kNoIndex) {
        to.name = program_.constants[from.name_k];
        program_.functions_by_name.emplace(chunk_.text(from.name_k), row);
      }
      if (from.upvalues.empty()) {
        to.closure = immortal<Closure>(ObjectKind::kClosure);
        to.closure->function = row;
        to.closure->size = 0;
        to.closure->component = nullptr;
      }
    }
    for (const bytecode::NameRow& name : chunk_.names) {
      auto& parameters = program_.functions[name.function].parameters;
      if (name.slot < parameters.size() && parameters[name.slot].empty())
        parameters[name.slot] = name.name;
    }
  }

  void make_fields() {
    program_.field_numbers.resize(chunk_.entities.size());
    for (std::uint32_t type = 0; type < chunk_.entities.size(); ++type) {
      program_.types.emplace(chunk_.entities[type].name, type);
      const auto& fields = chunk_.entities[type].fields;
      for (std::uint32_t i = 0; i < fields.size(); ++i)
        program_.field_numbers[type].emplace(fields[i].name, i);
    }
    program_.field_rows.resize(chunk_.constants.size());
    if (chunk_.entities.empty()) return;
    for (std::uint32_t k = 0; k < chunk_.constants.size(); ++k) {
      if (chunk_.constants[k].tag != Tag::kText) continue;
      std::vector<std::uint32_t> rows(chunk_.entities.size());
      bool any = false;
      for (std::uint32_t type = 0; type < rows.size(); ++type) {
        rows[type] = program_.field_number(type, chunk_.constants[k].text);
        any = any || rows[type] != kNoField;
      }
      if (any) program_.field_rows[k] = std::move(rows);
    }
  }

  // Row of the entity that a field refers to; kNoIndex: it is no reference.
  std::uint32_t target_of(const bytecode::FieldRow& field) const {
    if (field.type_k == bytecode::kNoIndex) return bytecode::kNoIndex;
    std::string_view type = chunk_.text(field.type_k);
    while (!type.empty() && (type[0] == 0x13 || type[0] == 0x10)) type.remove_prefix(1);
    if (type.empty() || type[0] != 0x16) return bytecode::kNoIndex;
    const auto found = program_.types.find(chunk_.text(read_u32(type, 1)));
    return found == program_.types.end() ? bytecode::kNoIndex : found->second;
  }

  static void put_u32(std::vector<std::uint8_t>& out, std::uint32_t n) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(n >> (8 * i)));
  }

  // Names of one field reference, each a text or a names constant, to field numbers.
  void put_path(const bytecode::Constant& row, std::string_view names,
                std::vector<std::uint8_t>& out) {
    std::vector<std::string_view> path;
    for (std::size_t at = 0; at < names.size(); at += 4) {
      const std::uint32_t position = read_u32(names, at);
      if (position >= row.items.size()) continue;
      const bytecode::Constant& name = chunk_.constants[row.items[position]];
      if (name.tag == Tag::kText)
        path.push_back(name.text);
      else
        for (const std::uint32_t k : name.items) path.push_back(chunk_.text(k));
    }
    out.push_back(0x01);
    out.push_back(static_cast<std::uint8_t>(path.size()));
    auto type = static_cast<std::uint32_t>(row.i);
    for (const std::string_view name : path) {
      const std::uint32_t field =
          type < chunk_.entities.size() ? program_.field_number(type, name) : kNoField;
      put_u32(out, field);
      type = type < chunk_.entities.size() && field < chunk_.entities[type].fields.size()
                 ? target_of(chunk_.entities[type].fields[field])
                 : bytecode::kNoIndex;
    }
  }

  void make_predicates() {
    program_.predicates.resize(chunk_.constants.size());
    for (std::uint32_t k = 0; k < chunk_.constants.size(); ++k) {
      const bytecode::Constant& row = chunk_.constants[k];
      if (row.tag != Tag::kPredicate) continue;
      LinkedPredicate& predicate = program_.predicates[k];
      const std::string_view from = row.text;
      for (std::size_t at = 0; at < from.size();) {
        const auto op = static_cast<std::uint8_t>(from[at++]);
        if (op == 0x01) {
          const std::size_t count = at < from.size() ? static_cast<std::uint8_t>(from[at]) : 0;
          put_path(row, from.substr(std::min(at + 1, from.size()), count * 4), predicate.code);
          at += 1 + count * 4;
        } else if (op == 0x02) {
          predicate.code.push_back(op);
          if (at < from.size()) predicate.code.push_back(static_cast<std::uint8_t>(from[at]));
          ++at;
        } else if (op == 0x03) {
          const std::uint32_t position = read_u32(from, at);
          at += 4;
          predicate.code.push_back(op);
          put_u32(predicate.code, static_cast<std::uint32_t>(predicate.parameters.size()));
          predicate.parameters.push_back(position < row.items.size() ? plain(row.items[position])
                                                                     : Plain{});
        } else {
          predicate.code.push_back(op);
        }
      }
    }
  }

  Plain plain(std::uint32_t k) const {
    Plain out;
    if (k == bytecode::kNoIndex) return out;
    const bytecode::Constant& row = chunk_.constants[k];
    out.i = row.i;
    switch (row.tag) {
      case Tag::kInt: {
        // Bool constants do not exist in L 21.2; a predicate writes them as ints of a bool field.
        out.kind = Kind::kInt;
        break;
      }
      case Tag::kNumber:
        out.kind = Kind::kNumber;
        out.n = row.n;
        break;
      case Tag::kText:
        out.kind = Kind::kText;
        out.text = std::string_view(row.text);
        break;
      case Tag::kTime: out.kind = Kind::kTime; break;
      case Tag::kDuration: out.kind = Kind::kDuration; break;
      case Tag::kMoney:
        out.kind = Kind::kMoney;
        for (std::size_t i = 3; i-- > 0;)
          out.extra =
              out.extra << 8 | (i < row.text.size() ? static_cast<unsigned char>(row.text[i]) : 0u);
        break;
      case Tag::kVariant: {
        std::uint32_t index;
        out.kind = Kind::kEnum;
        program_.find_variant(chunk_.text(row.items[0]), chunk_.text(row.items[1]), out.extra,
                              index);
        out.text = program_.arena.text("\"" + std::string(chunk_.text(row.items[1])) + "\"");
        break;
      }
      case Tag::kFunction: out.kind = Kind::kFunction; break;  // `i`: its row
      default: break;
    }
    return out;
  }

  // For each CreateHandler and BeginSlot where the code goes on behind its body.
  void find_bodies() {
    program_.skip.assign(chunk_.code.size() + 1, 0);
    for (const bytecode::Function& function : chunk_.functions) {
      std::vector<std::uint32_t> open;
      const std::uint8_t* code = chunk_.code.data() + function.code_offset;
      bytecode::Instruction i;
      for (std::uint32_t at = 0;
           at < function.code_size && bytecode::decode(code, function.code_size, at, i);
           at = i.end()) {
        if (i.op == Op::CreateHandler || i.op == Op::BeginSlot)
          open.push_back(function.code_offset + i.end());
        if ((i.op == Op::EndHandler || i.op == Op::EndSlot) && !open.empty()) {
          program_.skip[open.back()] = function.code_offset + i.end();
          open.pop_back();
        }
      }
    }
  }

  Result<void> link_imports() {
    for (const bytecode::Import& import : chunk_.imports) {
      LinkedOp op;
      if (!find_ || !find_(import.name, op) || op.run == nullptr)
        return Error{kUnlinked, "the program uses the opcode '" + import.name +
                                    "', which no loaded plugin gives"};
      program_.ops.push_back(op);
    }
    for (const bytecode::BuiltinImport& builtin : chunk_.builtins) {
      const NativeFn native = program_.core->find(builtin.name);
      if (native == nullptr)
        return Error{kUnlinked, "the program uses the built-in '" + builtin.name +
                                    "', which this kernel does not have"};
      program_.natives.push_back({native, builtin.name});
    }
    return {};
  }

  template <class T>
  List<T> keep(const std::vector<T>& items) {
    if (items.empty()) return {};
    auto* copy = program_.arena.make<std::vector<T>>(items);
    return {copy->data(), copy->size()};
  }

  void make_plugin_tables() {
    for (const bytecode::EntityRow& entity : chunk_.entities) {
      std::vector<flin::FieldRow> fields;
      for (const bytecode::FieldRow& field : entity.fields) fields.push_back(field_row(field));
      program_.entity_rows.push_back(
          {std::string_view(entity.name), keep(fields), rules_of(entity)});
    }
    for (const bytecode::DeclRow& decl : chunk_.decls) {
      std::vector<Plain> operands;
      for (const std::uint32_t k : decl.operand_ks) operands.push_back(plain(k));
      const FunctionId function{program_.number, decl.function};
      program_.decl_rows.push_back({chunk_.text(decl.form_k), keep(operands), function,
                                    std::string_view(decl.file), decl.line});
    }
  }

  flin::FieldRow field_row(const bytecode::FieldRow& field) {
    flin::FieldRow row{};
    row.name = std::string_view(field.name);
    row.target = bytecode::kNoIndex;
    row.flags = field.flags;
    if (field.type_k != bytecode::kNoIndex) {
      const std::string_view type = chunk_.text(field.type_k);
      row.type = program_.arena.text(type_text(type, program_));
      row.kind = kind_of_type(type);
      row.target = target_of(field);
    }
    row.fallback = plain(field.default_k);
    if (row.kind == Kind::kBool && row.fallback.kind == Kind::kInt) row.fallback.kind = Kind::kBool;
    std::vector<flin::ValidatorRow> validators;
    for (const bytecode::ValidatorRow& validator : field.validators) {
      std::vector<Plain> arguments;
      for (const std::uint32_t k : validator.argument_ks) arguments.push_back(plain(k));
      validators.push_back({std::string_view(validator.name), keep(arguments)});
    }
    row.validators = keep(validators);
    return row;
  }

  List<flin::RuleRow> rules_of(const bytecode::EntityRow& entity) {
    std::vector<flin::RuleRow> rules;
    for (const bytecode::RuleRow& rule : entity.rules) {
      flin::RuleRow row{};
      row.operations = rule.operations;
      if (rule.predicate_k != bytecode::kNoIndex) {
        const auto& code = program_.predicates[rule.predicate_k].code;
        row.predicate = {code.data(), code.size()};
      }
      std::vector<flin::Text> paths;
      for (const std::uint32_t k : rule.parameter_ks) {
        std::string path;
        for (const std::uint32_t name : chunk_.constants[k].items) {
          if (!path.empty()) path += '.';
          path += chunk_.text(name);
        }
        paths.push_back(program_.arena.text(path));
      }
      row.parameters = keep(paths);
      rules.push_back(row);
    }
    return keep(rules);
  }

  Program::Linked& program_;
  const bytecode::Chunk& chunk_;
  const FindOp& find_;
};

}  // namespace

std::uint32_t Program::Linked::field_number(std::uint32_t type, std::string_view name) const {
  const auto& numbers = field_numbers[type];
  const auto found = numbers.find(name);
  return found != numbers.end() ? found->second : automatic_field(name);
}

void Program::Linked::find_variant(std::string_view type, std::string_view variant,
                                   std::uint32_t& row, std::uint32_t& index) const {
  row = bytecode::kNoIndex;
  index = 0;
  for (std::uint32_t i = 0; i < chunk.enums.size(); ++i) {
    if (chunk.enums[i].name != type) continue;
    row = i;
    for (std::uint32_t j = 0; j < chunk.enums[i].variants.size(); ++j)
      if (chunk.enums[i].variants[j].name == variant) index = j;
  }
}

// The prefix form names its enum by a constant; if the program has none for it, there is no such
// type.
std::string Program::Linked::enum_type(std::uint32_t row) const {
  if (row >= chunk.enums.size()) return {};
  for (std::uint32_t k = 0; k < chunk.constants.size(); ++k) {
    if (chunk.constants[k].tag != Tag::kText || chunk.constants[k].text != chunk.enums[row].name)
      continue;
    std::string type = "\x17";
    for (int i = 0; i < 4; ++i) type.push_back(static_cast<char>(k >> (8 * i)));
    return type;
  }
  return {};
}

void Program::Linked::enum_names(std::uint32_t row, std::uint32_t index,
                                 TextObject* names[2]) const {
  names[0] = as_text(variant_names[row][0]);
  names[1] = as_text(variant_names[row][index + 1]);
}

Value Program::Linked::immortal_text(std::string_view bytes) {
  auto* text = static_cast<TextObject*>(
      arena.allocate(sizeof(TextObject) + bytes.size(), alignof(std::max_align_t)));
  *static_cast<Object*>(text) = {ObjectKind::kText, kImmortal, 0, 0};
  init_text(text, bytes, text::count(bytes));
  hash_of(text);  // now: later it is shared by threads
  return from_object(text);
}

Program::Program() : linked_(std::make_unique<Linked>()) {}
Program::~Program() = default;

Result<std::shared_ptr<const Program>> Program::link(bytecode::Chunk chunk, std::uint32_t number,
                                                     const CoreLibrary& core, const FindOp& find) {
  auto verified = bytecode::verify(chunk);
  if (!verified.ok()) return std::move(verified).error();
  std::shared_ptr<Program> program(new Program);
  program->linked_->chunk = std::move(chunk);
  program->linked_->number = number;
  program->linked_->core = &core;
  auto linked = Linker(*program->linked_, find).run();
  if (!linked.ok()) return std::move(linked).error();
  return std::shared_ptr<const Program>(std::move(program));
}

const bytecode::Chunk& Program::chunk() const { return linked_->chunk; }
std::uint32_t Program::number() const { return linked_->number; }
List<EntityRow> Program::entities() const {
  return {linked_->entity_rows.data(), linked_->entity_rows.size()};
}
List<DeclRow> Program::decls() const {
  return {linked_->decl_rows.data(), linked_->decl_rows.size()};
}

std::uint32_t Program::entity_number(std::string_view name) const {
  const auto found = linked_->types.find(name);
  return found == linked_->types.end() ? bytecode::kNoIndex : found->second;
}

}  // namespace flin::runtime
