// The parser's inside: recursive descent over L 22, one class, its functions spread over
//   parser.cpp             tokens, errors, recovery, depth
//   parse_statement.cpp    statements, assignments, blocks
//   parse_root.cpp         the views between the statements of a file or component
//   parse_declaration.cpp  fn, component, route, hooks
//   parse_entity.cpp       entity, enum
//   parse_plugin_forms.cpp agent, ws, middleware, layout, guard; what is not supported yet
//   parse_expression.cpp   operators by precedence
//   parse_postfix.cpp      calls, members, lambdas
//   parse_operand.cpp      literals, lists, maps, braces
//   parse_words.cpp        operands that a soft keyword begins
//   parse_control.cpp      if, for, while, match, try, template blocks in code
//   parse_pattern.cpp      patterns and types
//   parse_view.cpp         nodes, template tags
//   parse_element.cpp      tags, raw elements, slots
//   parse_attribute.cpp    attributes
//
// How errors are kept from causing more: the first one in a statement sets panic_, which silences
// everything until the statement loop (or the closing bracket, or the end of the tag) is reached.
//
// How depth is limited (L 19.3, E0214): Nest counts what is open while we go down; height_ is the
// height of the tree just made, so that chains such as a + b + c .., which grow upward without
// recursion, are limited as well. Whoever walks the tree recursively needs no check of its own.
#pragma once

#include "base/arena.h"
#include "syntax/ast.h"
#include "syntax/lexer.h"
#include "syntax/reporter.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace flin::syntax {

#define SOFT_WORD(name, text) constexpr std::string_view name = text;
#include "syntax/soft_words.def"
#undef SOFT_WORD

class Parser {
 public:
  Parser(const Source& source, std::uint32_t file, Arena& arena, Diagnostics& diagnostics);
  File* file();

 private:
  static constexpr int kDeepest = 256;

  // What holds for the place being parsed; saved and restored around nested constructs.
  struct Context {
    bool ignore_newlines = false;  // inside ( [ and map braces: L 2.3 a
    bool no_brace = false;         // in a condition: '{' ends it (L 5.9)
    bool no_at = false;            // in a field's default: '@' is a validator
    bool root = false;             // statements belong to a file or component: markup is view
    bool declarations = false;     // declarations may stand here (E0216)
    bool component = false;        // the root of a component
    bool in_function = false;
    bool in_loop = false;
    bool in_template = false;     // statements between template tags in code (L 5.6)
    std::size_t first_label = 0;  // labels_ from here on are in sight
  };
  template <class T>
  class Restore {
   public:
    explicit Restore(T& what) : what_(what), before_(what) {}
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;
    ~Restore() { what_ = before_; }

   private:
    T& what_;
    T before_;
  };
  // One level of nesting; see "How depth is limited".
  class Nest {
   public:
    // Brackets that only group make no node.
    explicit Nest(Parser& parser, bool makes_node = true)
        : parser_(parser), before_(parser.tallest_), node_(makes_node ? 1 : 0) {
      ++parser_.depth_;
      parser_.tallest_ = 0;
    }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    ~Nest() {
      --parser_.depth_;
      parser_.height_ = parser_.tallest_ + node_;
      parser_.tallest_ = before_ > parser_.height_ ? before_ : parser_.height_;
    }

   private:
    Parser& parser_;
    int before_, node_;
  };
  struct State {
    std::uint32_t offset;
    Tok before;
    Token token;
    std::uint32_t end;
    bool panic;
  };
  struct ViewRun {  // markup between two other statements
    ViewStmt* view = nullptr;
    std::uint32_t end = 0;
  };
  struct Open {  // an element or template tag that waits for its end
    bool is_template;
    Name name;
    Span span;
  };

  // ---- Tokens (parser.cpp) ----
  void advance();
  void seek_code(std::uint32_t offset);  // go on in Code mode at `offset`
  State save() const;
  void restore(const State& state);
  Token peek_token();  // the token behind the current one
  bool is(Tok kind) const { return tok_.kind == kind; }
  bool is_word(Name word) const { return tok_.kind == Tok::Name && tok_.value == word; }
  bool line_ends() const { return tok_.newline_before && !ctx_.ignore_newlines; }
  bool continues_line() const;  // L 2.3 c
  bool statement_ends() const;
  bool accept(Tok kind);
  bool accept_word(Name word);
  bool expect(Tok kind, std::string_view what = {});
  bool expect_close(Tok kind, Span open);
  Word expect_name(std::string_view what);
  Word word() const { return {tok_.value, span()}; }
  Span span() const { return {file_, tok_.begin, tok_.end}; }
  Span span_from(std::uint32_t begin) const {
    return {file_, begin, prev_end_ > begin ? prev_end_ : begin};
  }
  char after_token() const { return lex_.peek(tok_.end); }
  bool starts_operand(const Token& token) const;
  bool operand_follows();  // behind the current word, on its line

  // ---- Errors (parser.cpp) ----
  Diagnostic& error(Code code, Span at, std::initializer_list<std::string_view> arguments,
                    std::string label = {});
  Diagnostic& unexpected(std::string_view expected);
  Diagnostic& note_error(Code code, Span at, std::initializer_list<std::string_view> arguments,
                         std::string label = {});
  std::string found() const;
  Expr* broken(std::uint32_t begin);
  Expr* expected_expression();
  void suggest_keyword(Diagnostic& diagnostic, Name wrong);
  void skip_token(bool& balanced);
  void skip_statement();
  void force_progress(std::uint32_t begin);
  bool skip_to_close(Tok close, Span open);
  bool is_too_deep() const { return depth_ > kDeepest; }
  bool too_deep();                 // true: E0214 was reported and the construct skipped
  void grow(int left, int right);  // height of a node over two others
  void fail_trial();               // ends a trial: what is tried is no code
  std::uint32_t look_ahead() const;
  void report_not_closed(std::string_view what, Span open);

  // ---- Statements ----
  void statements(std::vector<Stmt*>& out);  // up to '}', the end, or a template tag in code
  bool at_block_end() const;
  void end_statement(const Stmt* statement = nullptr);
  Stmt* statement();
  Stmt* keyword_statement();
  Stmt* word_statement();
  Stmt* brace_statement();
  Stmt* simple_statement();  // expression, assignment, increment
  Stmt* assignment(Expr* target, std::uint32_t begin, Declare declare, TypeNode* type);
  Stmt* after_expression(Expr* value, std::uint32_t begin);
  Stmt* typed_declaration(Declare declare);
  Stmt* let_statement();
  Stmt* destructure(Declare declare);
  bool destructures() const;  // a bracket here whose end is followed by '='
  Expr* target_of(Expr* value);
  bool is_target(const Expr* value) const;
  bool increment_here(const Expr* left);
  Stmt* jump_statement();
  Stmt* return_statement();
  Stmt* try_statement();
  Stmt* import_statement();
  Block* block(std::string_view of);
  Block* block_of(Stmt* statement);
  Block* function_body(std::string_view of, bool may_return = true);
  Block* lambda_body();
  Stmt* expression_statement(Expr* value);
  void check_label(Name label, Span at);

  // ---- Views at the root (parse_root.cpp) ----
  bool view_item(std::vector<Stmt*>& out, ViewRun& run);
  bool markup_starts(std::uint32_t offset) const;  // '<' there opens markup
  bool at_markup() const { return is(Tok::Less) && markup_starts(tok_.begin); }
  void add_view_node(std::vector<Stmt*>& out, ViewRun& run, Node* node);
  bool template_is_code();
  Name template_word() const;      // word of the template tag at the current '{', or ""
  bool template_end_here() const;  // {/if} {else} {elif at the current '{'

  // ---- Declarations ----
  bool declaration_word(Stmt*& out);
  Stmt* misplaced(Stmt* declaration, Name word, Span at);
  Stmt* function_statement(bool server, bool client, std::uint32_t begin);
  Stmt* function_prefix();
  std::string_view documentation(const Token& token);
  std::vector<Word> generics(std::vector<TypeBound>* bounds = nullptr);
  TypeBound type_bound(Word parameter);
  std::vector<Param> params();
  Param param();
  void where_bounds(std::vector<TypeBound>& bounds);
  FunctionStmt* method(bool needs_body);
  void methods(std::vector<FunctionStmt*>& out, bool need_bodies);
  Expr* call_fail(Span at, std::vector<Expr*> message);
  Stmt* entity_statement();
  FieldNode field();
  void validators(FieldNode& field);
  RuleNode rule();
  Stmt* enum_statement();
  Stmt* component_statement();
  Stmt* route_statement();
  Stmt* hook_statement(Hook hook);
  Stmt* hook_assignment(Hook hook);
  Stmt* on_statement();
  Stmt* props_statement();
  Stmt* view_statement();

  // ---- Forms of plugins and what is not supported yet ----
  Stmt* agent_statement();
  void agent_item(DeclFormStmt& agent);
  void agent_clause();
  Stmt* websocket_statement();
  Stmt* middleware_statement();
  Stmt* layout_statement();
  Stmt* guard_statement();
  Stmt* guards_statement();
  Stmt* trait_statement();
  Stmt* impl_statement();
  Stmt* type_statement();
  Stmt* test_statement();
  Stmt* topic_statement();
  Stmt* validate_statement();
  Stmt* expect_error_statement();
  LambdaExpr* unit(std::vector<Param> params, std::string_view of);

  // ---- Expressions ----
  Expr* expression();
  Expr* condition_expression();
  Expr* choice();
  Expr* conditional(Expr* condition);
  Expr* then_else(std::uint32_t begin, Expr* condition);
  Expr* branch();
  Expr* binary(int least);
  struct Operation;
  Operation operation();
  Expr* binary_step(Expr* left, const Operation& op);
  Expr* is_test(Expr* left);
  Expr* pipe(Expr* value);
  Expr* unary();
  Expr* soft_unary();
  Expr* negated(std::uint32_t begin);
  Expr* power();
  Expr* postfix(Expr* value);
  Expr* member(Expr* object);
  Expr* index(Expr* object);
  Expr* call(Expr* callee, bool optional);
  Expr* time_travel(Expr* value);
  std::vector<Argument> arguments();  // behind '(', takes the ')'
  bool lambda_starts();
  Expr* lambda();

  // ---- Operands ----
  Expr* operand();
  Expr* keyword_operand();
  Expr* name_operand();
  Expr* soft_operand();
  Expr* word_block(Name form);
  Expr* spawn_expression();
  Expr* new_expression();
  Expr* ask_expression();
  Expr* search_expression();
  Expr* int_literal(bool negative);
  Expr* text();
  Expr* parenthesised();
  Expr* bracketed();
  Expr* braces();
  Expr* map_literal();
  void map_items(std::vector<MapEntry>& out);
  bool map_starts();
  Expr* entity_literal(Word name);
  Expr* block_function();
  Expr* function_expression();
  Expr* markup_expression();

  // ---- Control ----
  Expr* if_expression();
  Expr* for_expression(Name label);
  Expr* while_expression(Name label);
  Expr* match_expression();
  void match_arms(MatchExpr& match);
  Expr* labelled_loop();
  Condition condition();
  Expr* if_rest(std::uint32_t begin, Condition first);
  bool shows(const Token& token) const;
  Block* arm_body();
  void end_arm(std::uint32_t begin);
  ForHead for_head();
  ForHead each_head();
  Expr* template_in_code(bool at_statement);
  Expr* if_template_in_code(bool at_statement, Span open);
  Expr* match_template_in_code(std::uint32_t begin);
  Expr* loop_template_in_code(Name word, bool at_statement, Span open);
  Expr* close_braced(Expr* value, std::uint32_t begin);
  void braced_at_statement(bool at_statement);
  Block* template_body(bool is_loop = false);
  void template_end(Name word, Span open);
  Block* loop_body(std::string_view of, Name label);

  // ---- Patterns and types ----
  Pattern* pattern();
  Pattern* single_pattern();
  Pattern* name_pattern();
  Pattern* literal_pattern();
  Pattern* list_pattern();
  Pattern* paren_pattern();
  Pattern* map_pattern();
  Pattern* new_pattern(PatternKind kind, std::uint32_t begin);
  TypeNode* type();
  TypeNode* optional_type();
  TypeNode* base_type();
  TypeNode* paren_type();
  TypeNode* new_type(TypeKind kind, std::uint32_t begin);

  // ---- Views. These leave the lexer, not tok_, behind what they read ----
  void nodes(std::vector<Node*>& out, bool in_braces);
  bool node(const Token& token, std::vector<Node*>& out);
  void interpolation_node(std::uint32_t brace, std::vector<Node*>& out);
  void stray_close(const Token& token);
  Expr* view_expression(std::uint32_t offset);  // tok_ stands at its end
  void end_view_brace(std::uint32_t open);
  void reject_change();
  Node* template_node(const Token& tag, std::vector<Node*>& out);
  void branch_nodes(std::vector<Node*>& out);
  Node* if_node(const Token& tag, Expr*& value);
  Node* loop_node(const Token& tag, Expr*& value);
  Node* match_node(const Token& tag);
  void match_arm_nodes(std::vector<Node*>& out);
  void template_node_end(Name word, Span open);
  bool closes_outer(const Token& token) const;
  void whitespace_rule(std::vector<Node*>& nodes);
  Node* element(const Token& tag);
  Node* element_or_slot(Name tag, Span at, std::vector<Attribute*> attributes,
                        std::vector<Node*> children);
  void children_of(const Token& tag, std::vector<Node*>& children);
  void close_element(Name tag, Span open);
  bool skips_stray_close(Name tag);
  void raw_content(ElementNode& element, Span open);
  void raw_json(ElementNode& element, std::uint32_t begin);
  Node* slot_for(Expr* value);
  void skip_markup();

  enum class TagKind : std::uint8_t { kOpen, kSelfClosed, kBroken };
  TagKind attributes(const Token& tag, bool is_component, std::vector<Attribute*>& out);
  void skip_quoted(const Token& quote);
  Attribute* spread_attribute(const Token& brace);
  Attribute* named_attribute(const Token& name, bool is_component);
  void modifiers(Attribute& attribute);
  bool attribute_value(Attribute& attribute, bool is_component, const Token& start,
                       Name as_written);
  void quoted_value(Attribute& attribute, const Token& open);
  void handler_value(Attribute& attribute, std::uint32_t brace);
  void quoted_parts(char quote, std::vector<Expr*>& parts);
  Expr* quoted_if(const Token& tag, char quote);
  Expr* joined(std::vector<Expr*> parts, std::uint32_t begin);
  void check_modifiers(const Attribute& attribute, bool is_component, Name as_written);
  void check_twice(const std::vector<Attribute*>& attributes);

  template <class T, class... Args>
  T* make(Args&&... args) {
    return arena_.make<T>(std::forward<Args>(args)...);
  }

  const Source& source_;
  std::uint32_t file_;
  Arena& arena_;
  Reporter reporter_;
  Lexer lex_;
  Token tok_;
  Token last_view_token_;  // what ended nodes(): an end tag, else, brace or the end
  std::uint32_t prev_end_ = 0;
  Context ctx_;
  bool panic_ = false;
  bool trying_ = false;  // trying to read a template block as code
  bool trial_failed_ = false;
  bool preserve_space_ = false;  // inside pre and textarea
  int depth_ = 0, height_ = 0, tallest_ = 0;
  const Expr* parenthesised_ = nullptr;  // the last expression in ( )
  std::vector<Name> labels_;
  std::vector<Open> open_;
  std::size_t first_open_ = 0;  // open_ from here on belongs to the present markup
};

// Whether a lower-case tag is a void element of HTML (L 10.2), a name a DOM event (L 10.7), a
// modifier one of events or of key events (L 10.8). From the tables of html.def.
bool is_void_element(Name tag);
bool is_dom_event(Name name);
bool is_event_modifier(Name name);
bool is_key_modifier(Name name);
bool is_key_event(Name name);

// Puts tbody, tr and colgroup into tables where an HTML parser would (W 2).
void complete_table(ElementNode& table, Arena& arena);

}  // namespace flin::syntax
