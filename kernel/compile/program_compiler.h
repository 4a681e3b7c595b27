// What the functions of one program share: the chunk under construction, rows of functions, and the
// answers of Bindings.
#pragma once

#include "bytecode/chunk_builder.h"
#include "check/program.h"
#include "compile/emit.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace flin::compile {

class FunctionCompiler;
class Prelude;

// A function made ready for the chunk.
struct FinishedFunction {
  bytecode::Function row;
  Assembled code;
  std::vector<bytecode::NameRow> names;
};

class ProgramCompiler {
 public:
  ProgramCompiler(const check::CheckedProgram& program, const syntax::Sources& sources,
                  const check::Bindings& bindings);
  ~ProgramCompiler();
  bytecode::Chunk run();

  const check::CheckedProgram& program;
  const syntax::Sources& sources;
  const check::Bindings& bindings;
  bytecode::ChunkBuilder builder;
  bool with_tests = false;

  // Rows of functions. A row is reserved before the code that refers to it, and filled once.
  std::uint32_t reserve_function();
  void finish_function(std::uint32_t row, FinishedFunction finished);
  std::uint32_t function_row(const check::Function* function);
  std::uint32_t component_constant(const check::Component* component);
  // Row of a function of the prelude; its code is added at the end.
  std::uint32_t prelude_row(std::string_view name);

  // Type constant; null counts as any.
  std::uint32_t type_k(const check::Type* type);
  // Import row of a form's opcode; kNoIndex if nobody binds it.
  struct Bound {
    std::uint32_t import, args, results;
  };
  std::optional<Bound> form(std::string_view form, std::uint32_t args);

  // Whether a value of this entity type may be a reference that was not read yet (L 20.8).
  bool may_be_reference(const check::Type* type) const;
  // Where the page has the inputs of a live value that it shows.
  void note_live_inputs(const check::LiveValue& live, std::vector<bytecode::InputRow> inputs) {
    live_inputs_.try_emplace(&live, std::move(inputs));
  }
  // Code in the browser reads it, and it is a cell there.
  static bool in_state(const check::Symbol& symbol);
  std::uint32_t component_row(const check::Component* component) const {
    return component_rows_.at(component);
  }
  // Whether the prelude is being compiled: its sources and trees are not the program's.
  bool in_prelude() const { return in_prelude_; }

  // The default of a field: `= e` or @default(e); null: none.
  static const syntax::Expr* default_of(const check::Field& field);
  // Whether it stands in the entity table: a literal, `true` and `false` as 1 and 0.
  bool has_constant_default(const check::Field& field);

  // Constant of an expression that is a literal; kNoIndex: it is none, or has no constant form.
  std::uint32_t literal_constant(const syntax::Expr* expr);

  std::vector<bytecode::HandlerRow>& handlers() { return builder.chunk().handlers; }
  // Ranges of handlers and view rows, known when their function is finished.
  void handler_range(std::uint32_t handler, std::uint32_t function, Label start, Label end);
  void view_range(const check::Binding* binding, std::uint32_t function, Label start, Label end,
                  std::vector<bytecode::ViewRow::Read> reads);

 private:
  void compile_tables();
  void compile_entities();
  void compile_enums();
  void compile_field(const check::Field& field, bytecode::FieldRow& row);
  void compile_pages();
  // Setup, view and hooks of a page or component.
  void compile_unit(FunctionCompiler& code, const std::vector<check::SetupStatement>& setup,
                    const std::vector<const syntax::ViewStmt*>& views,
                    const std::vector<syntax::HookStmt*>& hooks, std::string_view scope,
                    bool is_page);
  void setup_statement(FunctionCompiler& code, const check::SetupStatement& row,
                       std::unordered_set<const check::LiveValue*>& done);
  void add_page_row(const check::Page& page, std::uint32_t function);
  void compile_script();
  void compile_functions();
  void compile_function(const check::Function& function, std::uint32_t more_flags);
  void reserve_rows();
  void compile_components();
  void compile_component(const check::Component& component);
  std::uint32_t prop_default(const check::Component& component, const check::Symbol& prop);
  void compile_lives();
  void compile_live(const check::LiveValue& live);
  void compile_entity_reader();
  void live_result(FunctionCompiler& code, const check::LiveValue& live);
  void group_statements(FunctionCompiler& code, const check::LiveValue& live);
  void add_place(const check::LivePlace& place);
  void fill_live_row(FunctionCompiler& code, const check::LiveValue& live);
  void compile_decls();
  void compile_declaration(const check::Declaration& decl);
  std::uint32_t builtin_name(const syntax::CallExpr& call);
  std::uint32_t function_constant(std::string_view name, const syntax::LambdaExpr* body);
  std::uint32_t declared_function(std::string_view name, const syntax::LambdaExpr& body);
  std::uint32_t guard_function(const check::Declaration& decl);
  void add_decl(std::string_view form, std::vector<std::uint32_t> operands, std::uint32_t function,
                const syntax::Span& at);
  std::uint32_t body_function(std::string_view name, const syntax::Block& body,
                              std::uint32_t flags);
  void compile_prelude();
  void lay_out();
  void resolve_ranges();
  std::uint32_t constant_default(const check::Field& field);
  std::uint32_t variant_constant(const syntax::Expr& expr);
  std::uint32_t negative_constant(const syntax::UnaryExpr& expr);
  void add_lines(const FinishedFunction& finished);
  void add_view_rows(std::uint32_t function, const std::vector<check::Binding*>& bindings);
  void find_references();

  struct HandlerRange {
    std::uint32_t handler, function;
    Label start, end;
  };
  struct ViewRange {
    std::uint32_t function;
    Label start, end;
    std::vector<bytecode::ViewRow::Read> reads;
  };

  std::vector<FinishedFunction> functions_;
  std::unordered_map<const check::Function*, std::uint32_t> function_rows_;
  std::unordered_map<const check::Component*, std::uint32_t> component_rows_;
  std::unordered_map<const check::Component*, std::uint32_t> component_ks_;
  std::unordered_map<const check::Unit*, std::uint32_t> unit_rows_;
  std::map<std::string, std::uint32_t, std::less<>> prelude_rows_;
  std::vector<std::string> prelude_wanted_;
  std::vector<HandlerRange> handler_ranges_;
  std::unordered_map<const check::Binding*, ViewRange> view_ranges_;
  std::unordered_map<const check::LiveValue*, std::vector<bytecode::InputRow>> live_inputs_;
  std::unordered_set<const check::Entity*> referenced_;
  bool in_prelude_ = false;
};

}  // namespace flin::compile
