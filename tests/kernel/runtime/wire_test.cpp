// The vectors of W 4.1, the same that the browser's runtime runs.
#include "runtime/wire.h"
#include "base/json.h"
#include "machine_fixture.h"
#include "runtime/record.h"

#include <fstream>
#include <sstream>

namespace flin::test {
namespace {

// Types as the vectors write them, to the prefix form of constants.
class TypeParser {
 public:
  TypeParser(Assembler& a, std::string_view text) : a_(a), text_(text) {}
  std::string parse() {
    std::string first = one();
    std::vector<std::string> members{first};
    while (skip('|')) members.push_back(one());
    if (members.size() == 1) return first;
    std::string out = "\x14";
    out.push_back(static_cast<char>(members.size()));
    for (const auto& member : members) out += member;
    return out;
  }

 private:
  bool skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string one() {
    std::string type = bare();
    while (skip('?')) type = "\x13" + type;
    return type;
  }
  std::string bare() {
    if (skip('[')) {
      std::string item = parse();
      if (skip(':')) {
        std::string value = parse();
        skip(']');
        return "\x11" + item + value;
      }
      skip(']');
      return "\x10" + item;
    }
    if (skip('(')) {
      std::vector<std::string> items;
      while (!skip(')')) {
        items.push_back(parse());
        skip(',');
      }
      std::string out;
      const bool is_function = text_.substr(at_, 2) == "->";
      out.push_back(is_function ? '\x15' : '\x12');
      out.push_back(static_cast<char>(items.size()));
      for (const auto& item : items) out += item;
      if (is_function) {
        at_ += 2;
        out += parse();
      }
      return out;
    }
    const std::size_t from = at_;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_]))) ++at_;
    return named(text_.substr(from, at_ - from));
  }
  std::string named(std::string_view name) {
    static constexpr std::string_view kNames[] = {"",     "text",     "int",   "number", "bool",
                                                  "time", "duration", "money", "file",   "any",
                                                  "none", "view",     "error", "regex",  "never"};
    for (std::size_t i = 1; i < std::size(kNames); ++i)
      if (kNames[i] == name) return std::string(1, static_cast<char>(i));
    const bool is_enum = name == "Status" || name == "Msg";
    std::string out(1, is_enum ? '\x17' : '\x16');
    const std::uint32_t k = a_.text(name);
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(k >> (8 * i)));
    return out;
  }

  Assembler& a_;
  std::string_view text_;
  std::size_t at_ = 0;
};

// Gives an entity with what `set` holds, as the pages' reader does after it has asked the store.
class SetReader : public EntityReader {
 public:
  Result<Value> read(Isolate& isolate, const EntityReference& reference) override {
    json_ = "{\"$e\":\"" + std::string(reference.type) +
            "\",\"id\":" + std::to_string(reference.id) +
            ",\"v\":" + std::to_string(reference.version) +
            ",\"set\":" + std::string(reference.set_json) + "}";
    Machine& m = machine_of(isolate);
    return from_object(
        new_reference(m.heap(), m.linked(), m.linked().types.at(reference.type), reference.id));
  }
  std::string json_;
};

class Wire : public MachineTest {
 protected:
  std::string text_ = [] {
    std::ifstream file(std::string(FLIN_SOURCE_DIR) + "/tests/wire/values.json");
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }();

  void declare(Assembler& a, const json::Node& types) {
    for (std::size_t i = 0; i < types.keys.size(); ++i) {
      const json::Node& row = types.items[i];
      const bool is_entity = row.find("id") != nullptr;
      if (is_entity) {
        bytecode::EntityRow entity;
        entity.name = types.keys[i];
        for (std::size_t j = 0; j < row.keys.size(); ++j) {
          if (row.keys[j] == "id" || row.keys[j] == "version") continue;
          entity.fields.push_back({std::string(row.keys[j]),
                                   a.type(TypeParser(a, row.items[j].text).parse()),
                                   0,
                                   bytecode::kNoIndex,
                                   {}});
        }
        a.chunk().entities.push_back(entity);
      } else {
        bytecode::EnumRow e;
        e.name = types.keys[i];
        for (std::size_t j = 0; j < row.keys.size(); ++j) {
          auto& variant = e.variants.emplace_back();
          variant.name = row.keys[j];
          for (const json::Node& type : row.items[j].items)
            variant.type_ks.push_back(a.type(TypeParser(a, type.text).parse()));
        }
        a.chunk().enums.push_back(e);
      }
    }
  }

  // Fields that a row of the vectors shows, with those of entities it refers to.
  static void shown_fields(const json::Node& row, const std::string& before,
                           std::vector<std::string>& out) {
    for (std::size_t i = 0; i < row.keys.size(); ++i) {
      const std::string name = before + std::string(row.keys[i]);
      if (row.items[i].type == json::Type::kObject)
        shown_fields(row.items[i], name + ".", out);
      else
        out.push_back(name);
    }
  }
};

TEST_F(Wire, ReadsWritesAndRefusesTheVectors) {
  auto document = json::Document::parse(text_);
  ASSERT_TRUE(document.ok()) << document.error().message;
  const json::Node& root = document.value().root();
  Assembler a;
  a.main.op(Op::Halt);
  a.function_code("twice").op(Op::LoadInt1).op(Op::Return);
  declare(a, *root.find("types"));
  std::vector<std::string> types;
  for (const json::Node& row : root.find("rows")->items)
    types.push_back(TypeParser(a, row.find("type")->text).parse());
  load(a);

  int checked = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const json::Node& row = root.find("rows")->items[i];
    const std::string_view type_name = row.find("type")->text;
    if (type_name == "file") continue;  // files come with their plugin
    const json::Node& json = *row.find("json");
    const bool to_browser = row.find("to") && row.find("to")->text == "browser";
    SCOPED_TRACE(std::string(row.raw));
    SetReader reader;
    auto value = read_value(*isolate, json.raw, types[i], "v", to_browser ? nullptr : &reader);
    ++checked;
    if (row.find("refused")) {
      ASSERT_FALSE(value.ok());
      EXPECT_EQ(code_text(value.error().code),
                row.find("code") ? std::string(row.find("code")->text) : "R0401");
      continue;
    }
    ASSERT_TRUE(value.ok()) << value.error().message;
    if (!reader.json_.empty()) {
      EXPECT_EQ(reader.json_, json.raw);
      continue;
    }
    std::vector<std::string> names;
    const json::Node* shown =
        json.type == json::Type::kArray && !json.items.empty() ? &json.items[0] : &json;
    if (shown->type == json::Type::kObject) shown_fields(*shown, "", names);
    const EntityFields fields{is_record(value.value()) || type_name == "[User]" ? &names : nullptr,
                              shown->find("version") != nullptr};
    std::string out;
    auto written = write_value(*isolate, value.value(), types[i], fields, out);
    ASSERT_TRUE(written.ok()) << written.error().message;
    EXPECT_EQ(out, json.type == json::Type::kText ? out : std::string(json.raw));
    if (const json::Node* any = row.find("any")) {
      std::string tagged;
      ASSERT_TRUE(write_value(*isolate, value.value(), "\x09", {}, tagged).ok());
      auto back = read_value(*isolate, tagged, "\x09", "v", nullptr);
      EXPECT_TRUE(back.ok()) << tagged;
      if (any->type != json::Type::kText && type_name != "error") { EXPECT_EQ(tagged, any->raw); }
    }
  }
  EXPECT_GT(checked, 190);
}

TEST_F(Wire, SaysWhatWasExpected) {
  Assembler a;
  a.main.op(Op::Halt);
  load(a);
  auto value = read_value(*isolate, "\"x\"", "\x02", "n", nullptr);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().message, "action refused: n must be int");
}

TEST_F(Wire, RefusesWhatCannotCross) {
  Assembler a;
  Code& inner = a.function_code("inner");
  inner.upvalues = {{0, 0}};
  inner.op(Op::LoadUpvalue, 0).op(Op::Return);
  a.main.locals = 1;
  a.main.op(Op::Closure, static_cast<std::int64_t>(a.constant_of(inner))).op(Op::Halt);
  run(a);
  std::string out = "kept";
  auto written = write_value(*isolate, isolate->result(), "\x09", {}, out);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(code_text(written.error().code) + ": " + written.error().message,
            "R0020: function cannot leave its agent or tier");
  EXPECT_EQ(out, "kept");
}

}  // namespace
}  // namespace flin::test
