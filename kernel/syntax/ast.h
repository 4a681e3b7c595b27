// The syntax tree. The parser makes it in an arena; the checker fills in what is marked [check] and
// nothing else changes it. Texts are views into the source or the arena.
//
// Control (if, for, while, match, blocks) is an expression in FLIN (L 4.12), so it stands among the
// expressions; a statement that is only an expression is an ExprStmt.
#pragma once

#include "syntax/source.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace flin::check {
struct Type;
struct Symbol;
struct Function;
struct Entity;
struct Enum;
struct Trait;
struct Component;
struct Builtin;
struct Unit;
struct Handler;
struct LiveValue;
struct Binding;
struct Predicate;
}  // namespace flin::check

namespace flin::syntax {

struct Stmt;
struct Block;
struct Node;
struct Pattern;
struct Call;
using Name = std::string_view;

// A name as written, with its place.
struct Word {
  Name text;
  Span span;
};

// ---- Types as written (grammar: type) ----
enum class TypeKind : std::uint8_t {
  kName,
  kList,
  kMap,
  kTuple,
  kOptional,
  kUnion,
  kFunction,
  kNone
};
struct TypeNode {
  TypeKind kind;
  Span span;
  Name name;  // kName, with arguments of a generic type
  std::vector<TypeNode*>
      items;  // arguments; element; key, value; members; parameters and last the result
};

// ---- Expressions ----
enum class ExprKind : std::uint8_t {
  kInt,
  kNumber,
  kText,
  kBool,
  kNone,
  kMoney,
  kRegex,
  kTimeWord,
  kInterpolation,
  kName,
  kList,
  kMap,
  kTuple,
  kSpread,
  kEntity,
  kUnary,
  kBinary,
  kIs,
  kConditional,
  kCall,
  kMember,
  kIndex,
  kSlice,
  kLambda,
  kForm,
  kMarkup,
  kBlock,
  kIf,
  kFor,
  kWhile,
  kMatch,
  kError
};

struct Expr {
  ExprKind kind;
  Span span;
  const check::Type* type = nullptr;  // [check] of the value this computes
  const check::Type* converted =
      nullptr;  // [check] what its consumer gets, if that differs: int -> number,
                // any -> T (run-time check), Query<T> -> [T] (the query is run)
  const check::LiveValue* live =
      nullptr;  // [check] this expression is the root of a live value (L 11.9)

 protected:
  Expr(ExprKind k, Span s) : kind(k), span(s) {}
};

struct IntExpr : Expr {
  std::int64_t value;
  IntExpr(Span s, std::int64_t v) : Expr(ExprKind::kInt, s), value(v) {}
};
struct NumberExpr : Expr {
  double value;
  NumberExpr(Span s, double v) : Expr(ExprKind::kNumber, s), value(v) {}
};
struct TextExpr : Expr {
  Name value;
  TextExpr(Span s, Name v) : Expr(ExprKind::kText, s), value(v) {}
};
struct BoolExpr : Expr {
  bool value;
  BoolExpr(Span s, bool v) : Expr(ExprKind::kBool, s), value(v) {}
};
struct NoneExpr : Expr {
  explicit NoneExpr(Span s) : Expr(ExprKind::kNone, s) {}
};
struct MoneyExpr : Expr {  // minor units and ISO code
  std::int64_t minor;
  Name currency;
  MoneyExpr(Span s, std::int64_t m, Name c) : Expr(ExprKind::kMoney, s), minor(m), currency(c) {}
};
struct RegexExpr : Expr {
  Name pattern, flags;
  RegexExpr(Span s, Name p, Name f) : Expr(ExprKind::kRegex, s), pattern(p), flags(f) {}
};
enum class TimeWord : std::uint8_t {
  kNow,
  kToday,
  kYesterday,
  kTomorrow,
  kLastWeek,
  kLastMonth,
  kLastYear
};
struct TimeWordExpr : Expr {
  TimeWord word;
  TimeWordExpr(Span s, TimeWord w) : Expr(ExprKind::kTimeWord, s), word(w) {}
};
struct InterpolationExpr : Expr {  // parts in order; static ones are TextExpr
  std::vector<Expr*> parts;
  explicit InterpolationExpr(Span s) : Expr(ExprKind::kInterpolation, s) {}
};
struct NameExpr : Expr {  // also `event`, `props`, `params`, .. (L 2.11 soft values): symbol tells
  Name name;
  check::Symbol* symbol = nullptr;            // [check] null: one of the following
  const check::Function* function = nullptr;  // [check] a fn of the program as value or callee
  const check::Builtin* builtin =
      nullptr;  // [check] a built-in as value or constant: `xs.map(upper)`, `pi`
  const check::Enum* enumeration =
      nullptr;                // [check] a variant by its bare name: without payload a value,
  std::uint32_t variant = 0;  // [check] with payload only as callee
  const check::Entity* entity = nullptr;  // [check] name of an entity, only as receiver: `Todo.all`
  Expr* of_self = nullptr;  // [check] in an impl: the field of `self` that the name means
  NameExpr(Span s, Name n) : Expr(ExprKind::kName, s), name(n) {}
};
struct ListExpr : Expr {  // items may be SpreadExpr
  std::vector<Expr*> items;
  explicit ListExpr(Span s) : Expr(ExprKind::kList, s) {}
};
struct MapEntry {
  Expr* key;  // a name as written is a TextExpr; null for a spread
  Expr* value;
};
struct MapExpr : Expr {
  std::vector<MapEntry> entries;
  explicit MapExpr(Span s) : Expr(ExprKind::kMap, s) {}
};
struct TupleExpr : Expr {
  std::vector<Expr*> items;
  explicit TupleExpr(Span s) : Expr(ExprKind::kTuple, s) {}
};
struct SpreadExpr : Expr {
  Expr* operand;
  SpreadExpr(Span s, Expr* e) : Expr(ExprKind::kSpread, s), operand(e) {}
};
struct EntityExpr : Expr {  // Todo { title: "a", ...m }
  Word name;
  std::vector<MapEntry> entries;
  const check::Entity* entity = nullptr;  // [check]
  EntityExpr(Span s, Word n) : Expr(ExprKind::kEntity, s), name(n) {}
};

enum class UnaryOp : std::uint8_t { kNegate, kNot, kTry, kTypeof, kAwait };
struct UnaryExpr : Expr {
  UnaryOp op;
  Expr* operand;
  UnaryExpr(Span s, UnaryOp o, Expr* e) : Expr(ExprKind::kUnary, s), op(o), operand(e) {}
};
enum class BinaryOp : std::uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kPow,
  kConcat,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kIn,
  kNotIn,
  kAnd,
  kOr,
  kCoalesce,
  kRange,
  kRangeExclusive
};
// "==", "in", ..; empty: no comparison.
constexpr std::string_view comparison_sign(BinaryOp op) {
  switch (op) {
    case BinaryOp::kEq: return "==";
    case BinaryOp::kNe: return "!=";
    case BinaryOp::kLt: return "<";
    case BinaryOp::kLe: return "<=";
    case BinaryOp::kGt: return ">";
    case BinaryOp::kGe: return ">=";
    case BinaryOp::kIn: return "in";
    case BinaryOp::kNotIn: return "not in";
    default: return {};
  }
}
struct BinaryExpr : Expr {
  BinaryOp op;
  Expr *left, *right;
  Span op_span;
  BinaryExpr(Span s, BinaryOp o, Expr* l, Expr* r, Span os)
      : Expr(ExprKind::kBinary, s), op(o), left(l), right(r), op_span(os) {}
};
struct IsExpr : Expr {
  Expr* operand;
  TypeNode* type_node;  // a type name or a variant
  bool negated;
  const check::Type* tested = nullptr;       // [check] null if it is a variant
  const check::Enum* enumeration = nullptr;  // [check]
  std::uint32_t variant = 0;                 // [check]
  IsExpr(Span s, Expr* e, TypeNode* t, bool n)
      : Expr(ExprKind::kIs, s), operand(e), type_node(t), negated(n) {}
};
struct ConditionalExpr : Expr {  // c ? a : b, if c then a else b (otherwise null: none)
  Expr *condition, *then, *otherwise;
  ConditionalExpr(Span s, Expr* c, Expr* t, Expr* o)
      : Expr(ExprKind::kConditional, s), condition(c), then(t), otherwise(o) {}
};

struct Argument {
  Word name;    // empty text: positional
  Expr* value;  // may be SpreadExpr
};
enum class CallTarget : std::uint8_t {
  kUnresolved,
  kFunction,  // `function`, a fn of the program
  kValue,     // callee is an expression of function type
  kBuiltin,   // `builtin`: of the kernel (CallNative, or an opcode of its own) or of a plugin (Ext)
  kForm,      // `form`: query methods, redirect(..), response ..
  kVariant    // `enumeration`, `variant`: builds an enum value
};
// Calls, method calls and, made by the checker, members that call a method without arguments.
struct CallExpr : Expr {
  Expr* callee;  // f in f(x); the MemberExpr in a.f(x)
  std::vector<Argument> arguments;
  bool optional = false;                        // a?.f(x)
  CallTarget target = CallTarget::kUnresolved;  // [check]
  const check::Function* function = nullptr;    // [check]
  const check::Builtin* builtin = nullptr;      // [check]
  Name form;                                    // [check] row of forms.def: "query_where"
  Name detail;                               // [check] query_aggregate: "sum"; query_order: "asc"
  const check::Enum* enumeration = nullptr;  // [check]
  std::uint32_t variant = 0;                 // [check]
  std::vector<Expr*> operands;  // [check] what is passed, in order of parameters, receiver first;
                                // null: default of the parameter
  const check::Entity* entity = nullptr;  // [check] kForm query_*: the entity asked for
  Name field;  // [check] query_order, _aggregate, _distinct, _group: the field
  const check::Predicate* predicate = nullptr;  // [check] query_where
  CallExpr(Span s, Expr* c) : Expr(ExprKind::kCall, s), callee(c) {}
};
enum class MemberTarget : std::uint8_t {
  kUnresolved,
  kField,    // of an entity: `field`
  kKey,      // of a map, or of any: by name at run time
  kTuple,    // `.0`: `field`
  kCall,     // `call`: a method without arguments
  kVariant,  // Status.Done: `enumeration`, `field`
  kUnit,     // 7.days: `field` is the unit of MakeDuration
  kDynamic,  // of any: field, key or method, by name at run time (opcode Member)
  kBuiltin   // e.name, e.index, .amount, .year, error.message ..: `call` is set too
};
struct MemberExpr : Expr {
  Expr* object;
  Word name;                 // `.0`: "0"
  bool optional = false;     // a?.b
  bool past_traits = false;  // made by the checker: what is left when no impl fits
  MemberTarget target = MemberTarget::kUnresolved;  // [check]
  std::uint32_t field = 0;                          // [check]
  CallExpr* call = nullptr;                         // [check] made in the arena
  const check::Enum* enumeration = nullptr;         // [check]
  MemberExpr(Span s, Expr* o, Word n, bool opt)
      : Expr(ExprKind::kMember, s), object(o), name(n), optional(opt) {}
};
struct IndexExpr : Expr {
  Expr *object, *index;
  bool optional = false;
  IndexExpr(Span s, Expr* o, Expr* i, bool opt)
      : Expr(ExprKind::kIndex, s), object(o), index(i), optional(opt) {}
};
struct SliceExpr : Expr {  // parts may be null
  Expr *object, *start, *end, *step;
  SliceExpr(Span s, Expr* o, Expr* a, Expr* b, Expr* c)
      : Expr(ExprKind::kSlice, s), object(o), start(a), end(b), step(c) {}
};

struct Param {
  Word name;
  TypeNode* type = nullptr;
  Expr* fallback = nullptr;         // default value
  Pattern* pattern = nullptr;       // instead of a name
  check::Symbol* symbol = nullptr;  // [check]
};
struct LambdaExpr : Expr {  // x => e, (a, b) => { .. }, fn(x) { .. }, block function { .. }
  std::vector<Param> params;
  Block* body;                  // one ExprStmt for an expression
  bool block_function = false;  // L 2.9 case 5
  TypeNode* result = nullptr;
  check::Unit* unit = nullptr;  // [check]
  LambdaExpr(Span s, Block* b) : Expr(ExprKind::kLambda, s), body(b) {}
};
struct FormExpr
    : Expr {  // save e, delete e, send a.m(x), background { .. }, transaction { .. }, system { .. }
  Name form;  // row of forms.def, or "transaction", "system"
  Span word;
  std::vector<Expr*> operands;
  LambdaExpr* body = nullptr;
  FormExpr(Span s, Name f, Span w) : Expr(ExprKind::kForm, s), form(f), word(w) {}
};
struct MarkupExpr : Expr {
  std::vector<Node*> nodes;
  explicit MarkupExpr(Span s) : Expr(ExprKind::kMarkup, s) {}
};
struct BlockExpr : Expr {
  Block* block;
  BlockExpr(Span s, Block* b) : Expr(ExprKind::kBlock, s), block(b) {}
};
struct Condition {  // expr, or let pattern = expr
  Pattern* pattern = nullptr;
  Expr* value = nullptr;
};
struct IfExpr : Expr {
  struct Branch {
    Condition condition;
    Block* body;
  };
  std::vector<Branch> branches;
  Block* otherwise = nullptr;
  explicit IfExpr(Span s) : Expr(ExprKind::kIf, s) {}
};
struct ForHead {            // x in xs; x, i in xs; i = 0; i < n; i++
  Word first, second;       // second: empty text if not given
  Expr* subject = nullptr;  // null: counting form
  Stmt* start = nullptr;
  Expr* condition = nullptr;
  Stmt* step = nullptr;
  check::Symbol* first_symbol = nullptr;   // [check]
  check::Symbol* second_symbol = nullptr;  // [check]
};
struct ForExpr : Expr {
  Name label;
  ForHead head;
  Block* body = nullptr;
  explicit ForExpr(Span s) : Expr(ExprKind::kFor, s) {}
};
struct WhileExpr : Expr {
  Name label;
  Condition condition;
  Block* body = nullptr;
  explicit WhileExpr(Span s) : Expr(ExprKind::kWhile, s) {}
};
struct MatchArm {
  Pattern* pattern;
  Expr* guard = nullptr;
  Block* body = nullptr;  // one ExprStmt for an expression
  Span span;
};
struct MatchExpr : Expr {
  Expr* subject = nullptr;
  std::vector<MatchArm> arms;
  explicit MatchExpr(Span s) : Expr(ExprKind::kMatch, s) {}
};
struct ErrorExpr : Expr {
  explicit ErrorExpr(Span s) : Expr(ExprKind::kError, s) {}
};  // a broken expression: type any

// ---- Patterns (L 7.2) ----
enum class PatternKind : std::uint8_t {
  kWildcard,
  kName,
  kLiteral,
  kRange,
  kType,
  kVariant,
  kList,
  kTuple,
  kMap,
  kAlternatives,
  kValue
};
struct MapPatternItem {
  Word key;
  Pattern* pattern;
  Expr* fallback;
};
struct Pattern {
  PatternKind kind;
  Span span;
  Word name;               // kName; kType: `as` name; kVariant: variant; kList, kMap: rest name
  Name scope;              // kVariant: enum name in front of the dot
  Expr* value = nullptr;   // kLiteral, kValue; kRange: start
  Expr* end = nullptr;     // kRange
  bool exclusive = false;  // kRange
  bool has_rest = false;   // kList, kMap
  TypeNode* type_node = nullptr;             // kType
  std::vector<Pattern*> items;               // kVariant, kList, kTuple, kAlternatives
  std::vector<MapPatternItem> entries;       // kMap
  check::Symbol* symbol = nullptr;           // [check] of `name`
  const check::Type* tested = nullptr;       // [check] kType
  const check::Enum* enumeration = nullptr;  // [check] kVariant
  std::uint32_t variant = 0;                 // [check]
};

// ---- Statements ----
enum class StmtKind : std::uint8_t {
  kExpr,
  kAssign,
  kIncrement,
  kDestructure,
  kReturn,
  kBreak,
  kContinue,
  kTry,
  kAssert,
  kDeleteKey,
  kFunction,
  kEntity,
  kEnum,
  kComponent,
  kRoute,
  kHook,
  kStyle,
  kProps,
  kView,
  kDeclForm,
  kTrait,
  kImpl,
  kTypeAlias,
  kTest,
  kUnsupported
};
struct Stmt {
  StmtKind kind;
  Span span;

 protected:
  Stmt(StmtKind k, Span s) : kind(k), span(s) {}
};
struct Block {
  Span span;
  std::vector<Stmt*> statements;
};

struct ExprStmt : Stmt {
  Expr* value;
  ExprStmt(Span s, Expr* e) : Stmt(StmtKind::kExpr, s), value(e) {}
};
enum class Declare : std::uint8_t { kNo, kLet, kConst };
enum class AssignOp : std::uint8_t {
  kSet,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kPow,
  kConcat,
  kOr,
  kCoalesce
};
struct AssignStmt : Stmt {  // x = e, x: T = e, let x = e, a.b += e, a[i] = e
  Declare declare = Declare::kNo;
  AssignOp op = AssignOp::kSet;
  Expr* target;  // NameExpr, MemberExpr or IndexExpr
  TypeNode* type = nullptr;
  Expr* value;
  bool creates = false;  // [check] this assignment makes its variable
  AssignStmt(Span s, Expr* t, Expr* v) : Stmt(StmtKind::kAssign, s), target(t), value(v) {}
};
struct IncrementStmt : Stmt {
  Expr* target;
  bool decrement;
  IncrementStmt(Span s, Expr* t, bool d) : Stmt(StmtKind::kIncrement, s), target(t), decrement(d) {}
};
struct DestructureStmt : Stmt {
  Declare declare = Declare::kNo;
  Pattern* pattern;
  Expr* value;
  DestructureStmt(Span s, Pattern* p, Expr* v)
      : Stmt(StmtKind::kDestructure, s), pattern(p), value(v) {}
};
struct ReturnStmt : Stmt {
  Expr* value;
  ReturnStmt(Span s, Expr* v) : Stmt(StmtKind::kReturn, s), value(v) {}
};
struct BreakStmt : Stmt {
  Name label;
  Expr* value;
  BreakStmt(Span s, Name l, Expr* v) : Stmt(StmtKind::kBreak, s), label(l), value(v) {}
};
struct ContinueStmt : Stmt {
  Name label;
  ContinueStmt(Span s, Name l) : Stmt(StmtKind::kContinue, s), label(l) {}
};
struct TryStmt : Stmt {
  Block* body;
  Word name;
  Block* handler;
  check::Symbol* symbol = nullptr;  // [check]
  TryStmt(Span s, Block* b, Word n, Block* h)
      : Stmt(StmtKind::kTry, s), body(b), name(n), handler(h) {}
};
struct AssertStmt : Stmt {
  Expr* value;
  AssertStmt(Span s, Expr* v) : Stmt(StmtKind::kAssert, s), value(v) {}
};
struct DeleteKeyStmt : Stmt {
  IndexExpr* target;
  DeleteKeyStmt(Span s, IndexExpr* t) : Stmt(StmtKind::kDeleteKey, s), target(t) {}
};

struct TypeBound {  // T: Show + Named, beside a type parameter or behind `where`
  Word parameter;
  std::vector<Word> traits;
};
struct FunctionStmt : Stmt {
  Word name;
  bool server = false, client = false;
  std::vector<Word> generics;  // type parameters
  std::vector<TypeBound> bounds;
  std::vector<Param> params;
  TypeNode* result = nullptr;
  Block* body = nullptr;
  std::string_view documentation;       // text of the `///` lines above
  check::Function* function = nullptr;  // [check]
  explicit FunctionStmt(Span s) : Stmt(StmtKind::kFunction, s) {}
};
struct ValidatorNode {
  Word name;
  std::vector<Expr*> arguments;
};
struct FieldNode {
  Word name;
  TypeNode* type = nullptr;
  Expr* fallback = nullptr;
  std::vector<ValidatorNode> validators;
};
struct RuleNode {
  std::vector<Word> operations;
  Expr* condition;
  Span span;
};
struct EntityStmt : Stmt {
  Word name;
  std::vector<FieldNode> fields;
  std::vector<RuleNode> rules;
  explicit EntityStmt(Span s) : Stmt(StmtKind::kEntity, s) {}
};
struct VariantNode {
  Word name;
  std::vector<TypeNode*> payload;
};
struct EnumStmt : Stmt {
  Word name;
  std::vector<Word> generics;
  std::vector<VariantNode> variants;
  explicit EnumStmt(Span s) : Stmt(StmtKind::kEnum, s) {}
};
struct ComponentStmt : Stmt {  // component Name(a: text) { .. }
  Word name;
  bool has_params = false;
  std::vector<Param> params;
  Block* body = nullptr;
  check::Component* component = nullptr;  // [check]
  explicit ComponentStmt(Span s) : Stmt(StmtKind::kComponent, s) {}
};
struct RouteStmt : Stmt {
  Word method, path;  // path: empty text if not given
  Block* body = nullptr;
  check::Unit* unit = nullptr;  // [check]
  explicit RouteStmt(Span s) : Stmt(StmtKind::kRoute, s) {}
};
enum class Hook : std::uint8_t { kMount, kUpdate, kUnmount, kStart, kStop };
struct HookStmt : Stmt {  // onMount { }, onUpdate(x) { }, on start { }
  Hook hook;
  std::vector<Word> names;
  Block* body = nullptr;
  check::Handler* handler = nullptr;  // [check]
  HookStmt(Span s, Hook h) : Stmt(StmtKind::kHook, s), hook(h) {}
};
struct StyleStmt : Stmt {  // <style>, <style scoped>
  Name css;
  bool scoped;
  StyleStmt(Span s, Name c, bool sc) : Stmt(StmtKind::kStyle, s), css(c), scoped(sc) {}
};
struct PropsStmt : Stmt {  // props(a: text, b = 1), first statement of a component file
  std::vector<Param> params;
  explicit PropsStmt(Span s) : Stmt(StmtKind::kProps, s) {}
};
struct ViewStmt
    : Stmt {  // markup or `view { .. }` at the root of a page or component; one per run of markup
  std::vector<Node*> nodes;
  explicit ViewStmt(Span s) : Stmt(StmtKind::kView, s) {}
};
struct DeclFormStmt
    : Stmt {  // middleware, layout, guard, ws, agent: bound by plugins (forms.def, kind decl)
  Name form;
  std::vector<Expr*> operands;
  std::vector<LambdaExpr*> bodies;
  bool is_socket = false;             // ws
  std::vector<DeclFormStmt*> guards;  // ws: those that stand in it
  DeclFormStmt(Span s, Name f) : Stmt(StmtKind::kDeclForm, s), form(f) {}
};
struct TraitStmt : Stmt {  // methods without a body have to be given by each impl
  Word name;
  std::vector<FunctionStmt*> methods;
  explicit TraitStmt(Span s) : Stmt(StmtKind::kTrait, s) {}
};
struct ImplStmt : Stmt {  // impl Shape for Circle { fn .. }
  Word trait;
  TypeNode* type = nullptr;
  std::vector<FunctionStmt*> methods;
  explicit ImplStmt(Span s) : Stmt(StmtKind::kImpl, s) {}
};
struct TypeAliasStmt : Stmt {  // type Pair<T> = (T, T)
  Word name;
  std::vector<Word> generics;
  TypeNode* type = nullptr;
  explicit TypeAliasStmt(Span s) : Stmt(StmtKind::kTypeAlias, s) {}
};
struct TestStmt : Stmt {
  FunctionStmt* function;  // its body, named as traces show it: test "name"
  Name name;
  TestStmt(Span s, FunctionStmt* f, Name n) : Stmt(StmtKind::kTest, s), function(f), name(n) {}
};
struct UnsupportedStmt : Stmt {  // parsed, and E0217
  Name word;
  UnsupportedStmt(Span s, Name w) : Stmt(StmtKind::kUnsupported, s), word(w) {}
};

// ---- View nodes (L 10) ----
enum class NodeKind : std::uint8_t {
  kText,
  kInterpolation,
  kElement,
  kComponent,
  kIf,
  kFor,
  kWhile,
  kMatch,
  kSlot
};
struct Node {
  NodeKind kind;
  Span span;
  check::Binding* binding = nullptr;  // [check] its row of the view table; null: static

 protected:
  Node(NodeKind k, Span s) : kind(k), span(s) {}
};
struct TextNode
    : Node {  // white space already dropped by L 10.2; HTML as written, to be passed unchanged
  Name html;
  TextNode(Span s, Name t) : Node(NodeKind::kText, s), html(t) {}
};
struct InterpolationNode : Node {
  Expr* value;
  InterpolationNode(Span s, Expr* v) : Node(NodeKind::kInterpolation, s), value(v) {}
};

enum class AttributeKind : std::uint8_t { kStatic, kMixed, kExpr, kBare, kSpread, kEvent, kBind };
struct Attribute {
  AttributeKind kind = AttributeKind::kStatic;
  Span span;
  Word name;  // without modifiers; kEvent: "click"; kBind: "bind"
  struct Modifier {
    Word name;
    Expr* argument;
  };
  std::vector<Modifier> modifiers;
  Name text;  // kStatic, as written
  std::vector<Expr*>
      parts;              // kMixed: as in InterpolationExpr ({if} in attributes: ConditionalExpr)
  Expr* value = nullptr;  // kExpr, kSpread, kBind
  Block* handler_body = nullptr;      // kEvent
  check::Handler* handler = nullptr;  // [check] kEvent
  check::Binding* binding = nullptr;  // [check] kMixed, kExpr, kSpread, kBind
};
struct ElementNode : Node {
  Name tag;  // lower case; "" for a fragment
  std::vector<Attribute*> attributes;
  std::vector<Node*> children;
  bool is_void = false;  // a void element of HTML
  Name raw;              // content of <script> and static <style> elements
  ElementNode(Span s, Name t) : Node(NodeKind::kElement, s), tag(t) {}
};
struct ComponentNode : Node {  // <Card title="x"/>
  Word name;
  std::vector<Attribute*> attributes;
  std::vector<Node*> children;
  const check::Component* component = nullptr;  // [check]
  ComponentNode(Span s, Word n) : Node(NodeKind::kComponent, s), name(n) {}
};
struct IfNode : Node {
  struct Branch {
    Condition condition;
    std::vector<Node*> children;
  };
  std::vector<Branch> branches;
  std::vector<Node*> otherwise;
  bool has_otherwise = false;
  explicit IfNode(Span s) : Node(NodeKind::kIf, s) {}
};
struct ForNode : Node {
  ForHead head;
  Expr* key = nullptr;
  std::vector<Node*> children, otherwise;
  explicit ForNode(Span s) : Node(NodeKind::kFor, s) {}
};
struct WhileNode : Node {
  Condition condition;
  std::vector<Node*> children;
  explicit WhileNode(Span s) : Node(NodeKind::kWhile, s) {}
};
struct MatchNode : Node {
  Expr* subject = nullptr;
  struct Arm {
    Pattern* pattern;
    Expr* guard;
    std::vector<Node*> children;
  };
  std::vector<Arm> arms;
  explicit MatchNode(Span s) : Node(NodeKind::kMatch, s) {}
};
struct SlotNode : Node {  // {children}, <slot/>, <slot name="foot">default</slot>
  Name name;              // "children" for the unnamed one
  std::vector<Node*> fallback;
  SlotNode(Span s, Name n) : Node(NodeKind::kSlot, s), name(n) {}
};

// One file of the program.
struct File {
  std::uint32_t number = 0;       // in Sources
  std::vector<Stmt*> statements;  // top level, in order; markup runs are ViewStmt
};

// as<NameExpr>(expr): the node as that kind, which the caller has checked.
template <class T, class Base>
T& as(Base& node) {
  return static_cast<T&>(node);
}
template <class T, class Base>
const T& as(const Base& node) {
  return static_cast<const T&>(node);
}

}  // namespace flin::syntax
