#include "syntax/dump_tree.h"

#include <cstdio>
#include <cstdlib>

namespace flin::syntax {

namespace {

std::string quoted(Name text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\0')
      out += "\\0";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  }
  return out + "\"";
}

std::string number_text(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, value);
    if (std::strtod(shorter, nullptr) == value) return shorter;
  }
  return buffer;
}

// Writes one list: (head item item ..).
class List {
 public:
  explicit List(std::string_view head) : text_("(" + std::string(head)) {}
  List& add(std::string_view item) {
    if (!item.empty()) (text_ += text_ == "(" ? "" : " ") += item;
    return *this;
  }
  List& add(const char* item) { return add(std::string_view(item)); }
  template <class T>
  List& add(const T* node) {
    return add(node == nullptr ? std::string("_") : dump_tree(*node));
  }
  template <class T>
  List& all(const std::vector<T*>& nodes) {
    for (const T* node : nodes) add(node);
    return *this;
  }
  std::string end() { return text_ + ")"; }

 private:
  std::string text_;
};

constexpr std::string_view kBinary[] = {"+",      "-",   "*",  "/",  "%",  "**", "++",
                                        "==",     "!=",  "<",  "<=", ">",  ">=", "in",
                                        "not-in", "and", "or", "??", "..", "..<"};
constexpr std::string_view kUnary[] = {"neg", "not", "try", "typeof", "await"};
constexpr std::string_view kAssign[] = {
    "=", "+=", "-=", "*=", "/=", "%=", "**=", "++=", "||=", "?\?="};
constexpr std::string_view kHooks[] = {"onMount", "onUpdate", "onUnmount", "on-start", "on-stop"};
constexpr std::string_view kTimes[] = {"now",       "today",      "yesterday", "tomorrow",
                                       "last_week", "last_month", "last_year"};

template <class Enum>
std::size_t at(Enum value) {
  return static_cast<std::size_t>(value);
}

std::string block(const Block* body) {
  if (body == nullptr) return "_";
  return List("do").all(body->statements).end();
}

std::string entries(const std::vector<MapEntry>& all, List list) {
  for (const MapEntry& e : all) {
    if (e.key == nullptr)
      list.add(List("...").add(e.value).end());
    else
      list.add(List("").add(e.key).add(e.value).end());
  }
  return list.end();
}

std::string params(const std::vector<Param>& all) {
  List list("");
  for (const Param& p : all) {
    const std::string name =
        p.pattern != nullptr ? dump_tree(*p.pattern) : std::string(p.name.text);
    if (p.type == nullptr && p.fallback == nullptr) {
      list.add(name);
      continue;
    }
    List one(name);
    if (p.type != nullptr) one.add(": " + dump_tree(*p.type));
    if (p.fallback != nullptr) one.add("= " + dump_tree(*p.fallback));
    list.add(one.end());
  }
  return list.end();
}

std::string condition(const Condition& c) {
  if (c.pattern == nullptr) return dump_tree(*c.value);
  return List("let").add(c.pattern).add(c.value).end();
}

std::string head(const ForHead& h) {
  if (h.subject == nullptr) return List("count").add(h.start).add(h.condition).add(h.step).end();
  return List("in").add(h.first.text).add(h.second.text).add(h.subject).end();
}

std::string label(Name name) { return name.empty() ? std::string() : "'" + std::string(name); }

std::string dump_call(const CallExpr& e) {
  List list(e.optional ? "call?" : "call");
  list.add(e.callee);
  for (const Argument& a : e.arguments) {
    if (a.name.text.empty())
      list.add(a.value);
    else
      list.add(List(std::string(a.name.text) + ":").add(a.value).end());
  }
  return list.end();
}

std::string dump_control(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kIf: {
      const auto& n = as<IfExpr>(e);
      List list("if");
      for (const auto& branch : n.branches)
        list.add(condition(branch.condition)).add(block(branch.body));
      if (n.otherwise != nullptr) list.add("else").add(block(n.otherwise));
      return list.end();
    }
    case ExprKind::kFor: {
      const auto& n = as<ForExpr>(e);
      return List("for").add(label(n.label)).add(head(n.head)).add(block(n.body)).end();
    }
    case ExprKind::kWhile: {
      const auto& n = as<WhileExpr>(e);
      return List("while").add(label(n.label)).add(condition(n.condition)).add(block(n.body)).end();
    }
    default: {
      const auto& n = as<MatchExpr>(e);
      List list("match");
      list.add(n.subject);
      for (const MatchArm& arm : n.arms) {
        List one("");
        one.add(arm.pattern);
        if (arm.guard != nullptr) one.add("if " + dump_tree(*arm.guard));
        list.add(one.add(block(arm.body)).end());
      }
      return list.end();
    }
  }
}

std::string dump_function(const LambdaExpr& e) {
  List list(e.block_function ? "block-fn" : "fn");
  if (!e.block_function) list.add(params(e.params));
  if (e.result != nullptr) list.add("-> " + dump_tree(*e.result));
  return list.add(block(e.body)).end();
}

std::string dump_form(const FormExpr& e) {
  List list(e.form);
  list.all(e.operands);
  if (e.body != nullptr) list.add(block(e.body->body));
  return list.end();
}

std::string dump_attribute(const Attribute& a) {
  std::string name(a.name.text);
  for (const Attribute::Modifier& m : a.modifiers) {
    name += "." + std::string(m.name.text);
    if (m.argument != nullptr) name += "(" + dump_tree(*m.argument) + ")";
  }
  switch (a.kind) {
    case AttributeKind::kStatic: return List(name).add(quoted(a.text)).end();
    case AttributeKind::kMixed: return List(name).add(List("join").all(a.parts).end()).end();
    case AttributeKind::kBare: return List(name).end();
    case AttributeKind::kSpread: return List("...").add(a.value).end();
    case AttributeKind::kEvent: return List("on:" + name).add(block(a.handler_body)).end();
    case AttributeKind::kBind:
    case AttributeKind::kExpr: return List(name).add("{" + dump_tree(*a.value) + "}").end();
  }
  return {};
}

std::string children(const std::vector<Node*>& nodes) { return List("do").all(nodes).end(); }

std::string dump_element(std::string_view name, const std::vector<Attribute*>& attributes,
                         const std::vector<Node*>& nodes) {
  List list(name.empty() ? "<>" : name);
  for (const Attribute* a : attributes) list.add(dump_attribute(*a));
  return list.all(nodes).end();
}

std::string dump_template(const Node& node) {
  if (node.kind == NodeKind::kIf) {
    const auto& n = as<IfNode>(node);
    List list("{if}");
    for (const auto& branch : n.branches)
      list.add(condition(branch.condition)).add(children(branch.children));
    if (n.has_otherwise) list.add("else").add(children(n.otherwise));
    return list.end();
  }
  if (node.kind == NodeKind::kFor) {
    const auto& n = as<ForNode>(node);
    List list("{for}");
    list.add(head(n.head));
    if (n.key != nullptr) list.add("key").add(n.key);
    list.add(children(n.children));
    if (!n.otherwise.empty()) list.add("else").add(children(n.otherwise));
    return list.end();
  }
  if (node.kind == NodeKind::kWhile) {
    const auto& n = as<WhileNode>(node);
    return List("{while}").add(condition(n.condition)).add(children(n.children)).end();
  }
  const auto& n = as<MatchNode>(node);
  List list("{match}");
  list.add(n.subject);
  for (const MatchNode::Arm& arm : n.arms) {
    List one("");
    one.add(arm.pattern);
    if (arm.guard != nullptr) one.add("if " + dump_tree(*arm.guard));
    list.add(one.add(children(arm.children)).end());
  }
  return list.end();
}

std::string dump_entity(const EntityStmt& e) {
  List list("entity");
  list.add(e.name.text);
  for (const FieldNode& f : e.fields) {
    List one(f.name.text);
    if (f.type != nullptr) one.add(": " + dump_tree(*f.type));
    if (f.fallback != nullptr) one.add("= " + dump_tree(*f.fallback));
    for (const ValidatorNode& v : f.validators) {
      if (v.arguments.empty())
        one.add("@" + std::string(v.name.text));
      else
        one.add(List("@" + std::string(v.name.text)).all(v.arguments).end());
    }
    list.add(one.end());
  }
  for (const RuleNode& r : e.rules) {
    List one("allow");
    for (const Word& w : r.operations) one.add(w.text);
    list.add(one.add(r.condition).end());
  }
  return list.end();
}

std::string dump_declaration(const Stmt& s) {
  switch (s.kind) {
    case StmtKind::kFunction: {
      const auto& n = as<FunctionStmt>(s);
      List list(n.server ? "server-fn" : n.client ? "client-fn" : "fn");
      list.add(n.name.text);
      for (const Word& g : n.generics) list.add("<" + std::string(g.text) + ">");
      for (const TypeBound& bound : n.bounds) {
        List one(bound.parameter.text);
        for (const Word& trait : bound.traits) one.add(trait.text);
        list.add(one.end());
      }
      list.add(params(n.params));
      if (n.result != nullptr) list.add("-> " + dump_tree(*n.result));
      if (n.body == nullptr) return list.end();
      return list.add(block(n.body)).end();
    }
    case StmtKind::kEntity: return dump_entity(as<EntityStmt>(s));
    case StmtKind::kEnum: {
      const auto& n = as<EnumStmt>(s);
      List list("enum");
      list.add(n.name.text);
      for (const Word& g : n.generics) list.add("<" + std::string(g.text) + ">");
      for (const VariantNode& v : n.variants)
        list.add(v.payload.empty() ? std::string(v.name.text)
                                   : List(v.name.text).all(v.payload).end());
      return list.end();
    }
    case StmtKind::kComponent: {
      const auto& n = as<ComponentStmt>(s);
      List list("component");
      list.add(n.name.text);
      if (n.has_params) list.add(params(n.params));
      return list.add(block(n.body)).end();
    }
    case StmtKind::kRoute: {
      const auto& n = as<RouteStmt>(s);
      return List("route")
          .add(n.method.text)
          .add(n.path.text.empty() ? "" : quoted(n.path.text))
          .add(block(n.body))
          .end();
    }
    case StmtKind::kHook: {
      const auto& n = as<HookStmt>(s);
      List list(kHooks[at(n.hook)]);
      for (const Word& w : n.names) list.add(w.text);
      return list.add(block(n.body)).end();
    }
    case StmtKind::kStyle: {
      const auto& n = as<StyleStmt>(s);
      return List(n.scoped ? "style-scoped" : "style").add(quoted(n.css)).end();
    }
    case StmtKind::kProps: return List("props").add(params(as<PropsStmt>(s).params)).end();
    case StmtKind::kView: return List("view").all(as<ViewStmt>(s).nodes).end();
    case StmtKind::kDeclForm: {
      const auto& n = as<DeclFormStmt>(s);
      List list(n.form);
      list.all(n.operands);
      for (const LambdaExpr* body : n.bodies) list.add(body);
      return list.end();
    }
    case StmtKind::kTrait: {
      const auto& n = as<TraitStmt>(s);
      List list("trait");
      list.add(n.name.text);
      for (const FunctionStmt* method : n.methods) list.add(dump_declaration(*method));
      return list.end();
    }
    case StmtKind::kImpl: {
      const auto& n = as<ImplStmt>(s);
      List list("impl");
      list.add(n.trait.text).add(n.type);
      for (const FunctionStmt* method : n.methods) list.add(dump_declaration(*method));
      return list.end();
    }
    case StmtKind::kTypeAlias: {
      const auto& n = as<TypeAliasStmt>(s);
      List list("type");
      list.add(n.name.text);
      for (const Word& g : n.generics) list.add("<" + std::string(g.text) + ">");
      return list.add(n.type).end();
    }
    case StmtKind::kTest:
      return List("test")
          .add(quoted(as<TestStmt>(s).name))
          .add(block(as<TestStmt>(s).function->body))
          .end();
    default: return List("unsupported").add(as<UnsupportedStmt>(s).word).end();
  }
}

}  // namespace

std::string dump_tree(const File& file) {
  std::string out;
  for (const Stmt* s : file.statements) (out += out.empty() ? "" : " ") += dump_tree(*s);
  return out;
}

std::string dump_tree(const Stmt& s) {
  switch (s.kind) {
    case StmtKind::kExpr: return dump_tree(*as<ExprStmt>(s).value);
    case StmtKind::kAssign: {
      const auto& n = as<AssignStmt>(s);
      const std::string_view word = n.declare == Declare::kLet     ? "let"
                                    : n.declare == Declare::kConst ? "const"
                                                                   : kAssign[at(n.op)];
      List list(word);
      list.add(n.target);
      if (n.type != nullptr) list.add(": " + dump_tree(*n.type));
      return list.add(n.value).end();
    }
    case StmtKind::kIncrement: {
      const auto& n = as<IncrementStmt>(s);
      return List(n.decrement ? "dec" : "inc").add(n.target).end();
    }
    case StmtKind::kDestructure: {
      const auto& n = as<DestructureStmt>(s);
      const std::string_view word = n.declare == Declare::kLet     ? "let"
                                    : n.declare == Declare::kConst ? "const"
                                                                   : "=";
      return List(word).add(n.pattern).add(n.value).end();
    }
    case StmtKind::kReturn: {
      const auto& n = as<ReturnStmt>(s);
      return n.value == nullptr ? "(return)" : List("return").add(n.value).end();
    }
    case StmtKind::kBreak: {
      const auto& n = as<BreakStmt>(s);
      List list("break");
      list.add(label(n.label));
      if (n.value != nullptr) list.add(n.value);
      return list.end();
    }
    case StmtKind::kContinue: return List("continue").add(label(as<ContinueStmt>(s).label)).end();
    case StmtKind::kTry: {
      const auto& n = as<TryStmt>(s);
      return List("try").add(block(n.body)).add(n.name.text).add(block(n.handler)).end();
    }
    case StmtKind::kAssert: return List("assert").add(as<AssertStmt>(s).value).end();
    case StmtKind::kDeleteKey:
      return List("delete-key").add(static_cast<const Expr*>(as<DeleteKeyStmt>(s).target)).end();
    default: return dump_declaration(s);
  }
}

std::string dump_tree(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kInt: return std::to_string(as<IntExpr>(e).value);
    case ExprKind::kNumber: return number_text(as<NumberExpr>(e).value) + "f";
    case ExprKind::kText: return quoted(as<TextExpr>(e).value);
    case ExprKind::kBool: return as<BoolExpr>(e).value ? "true" : "false";
    case ExprKind::kNone: return "none";
    case ExprKind::kMoney:
      return List("money")
          .add(std::to_string(as<MoneyExpr>(e).minor))
          .add(as<MoneyExpr>(e).currency)
          .end();
    case ExprKind::kRegex:
      return List("regex").add(quoted(as<RegexExpr>(e).pattern)).add(as<RegexExpr>(e).flags).end();
    case ExprKind::kTimeWord: return "@" + std::string(kTimes[at(as<TimeWordExpr>(e).word)]);
    case ExprKind::kInterpolation: return List("join").all(as<InterpolationExpr>(e).parts).end();
    case ExprKind::kName: return std::string(as<NameExpr>(e).name);
    case ExprKind::kList: return List("list").all(as<ListExpr>(e).items).end();
    case ExprKind::kMap: return entries(as<MapExpr>(e).entries, List("map"));
    case ExprKind::kTuple: return List("tuple").all(as<TupleExpr>(e).items).end();
    case ExprKind::kSpread: return List("...").add(as<SpreadExpr>(e).operand).end();
    case ExprKind::kEntity:
      return entries(as<EntityExpr>(e).entries,
                     List("make " + std::string(as<EntityExpr>(e).name.text)));
    case ExprKind::kUnary:
      return List(kUnary[at(as<UnaryExpr>(e).op)]).add(as<UnaryExpr>(e).operand).end();
    case ExprKind::kBinary: {
      const auto& n = as<BinaryExpr>(e);
      return List(kBinary[at(n.op)]).add(n.left).add(n.right).end();
    }
    case ExprKind::kIs: {
      const auto& n = as<IsExpr>(e);
      return List(n.negated ? "is-not" : "is").add(n.operand).add(n.type_node).end();
    }
    case ExprKind::kConditional: {
      const auto& n = as<ConditionalExpr>(e);
      return List("?").add(n.condition).add(n.then).add(n.otherwise).end();
    }
    case ExprKind::kCall: return dump_call(as<CallExpr>(e));
    case ExprKind::kMember: {
      const auto& n = as<MemberExpr>(e);
      return List(n.optional ? "?." : ".").add(n.object).add(n.name.text).end();
    }
    case ExprKind::kIndex: {
      const auto& n = as<IndexExpr>(e);
      return List(n.optional ? "index?" : "index").add(n.object).add(n.index).end();
    }
    case ExprKind::kSlice: {
      const auto& n = as<SliceExpr>(e);
      return List("slice").add(n.object).add(n.start).add(n.end).add(n.step).end();
    }
    case ExprKind::kLambda: return dump_function(as<LambdaExpr>(e));
    case ExprKind::kForm: return dump_form(as<FormExpr>(e));
    case ExprKind::kMarkup: return List("markup").all(as<MarkupExpr>(e).nodes).end();
    case ExprKind::kBlock: return block(as<BlockExpr>(e).block);
    case ExprKind::kIf:
    case ExprKind::kFor:
    case ExprKind::kWhile:
    case ExprKind::kMatch: return dump_control(e);
    case ExprKind::kError: return "(error)";
  }
  return {};
}

std::string dump_tree(const Node& node) {
  switch (node.kind) {
    case NodeKind::kText: return quoted(as<TextNode>(node).html);
    case NodeKind::kInterpolation: return "{" + dump_tree(*as<InterpolationNode>(node).value) + "}";
    case NodeKind::kElement: {
      const auto& n = as<ElementNode>(node);
      if (n.raw.empty() || !n.children.empty())
        return dump_element(n.tag, n.attributes, n.children);
      std::string out = dump_element(n.tag, n.attributes, {});
      out.pop_back();
      return out + " raw " + quoted(n.raw) + ")";
    }
    case NodeKind::kComponent: {
      const auto& n = as<ComponentNode>(node);
      return dump_element(n.name.text, n.attributes, n.children);
    }
    case NodeKind::kSlot: {
      const auto& n = as<SlotNode>(node);
      return List("slot").add(n.name).all(n.fallback).end();
    }
    default: return dump_template(node);
  }
}

std::string dump_tree(const Pattern& p) {
  switch (p.kind) {
    case PatternKind::kWildcard: return "_";
    case PatternKind::kName: return std::string(p.name.text);
    case PatternKind::kLiteral: return dump_tree(*p.value);
    case PatternKind::kRange: return List(p.exclusive ? "..<" : "..").add(p.value).add(p.end).end();
    case PatternKind::kType: return List("is").add(p.type_node).add(p.name.text).end();
    case PatternKind::kVariant: {
      const std::string name =
          (p.scope.empty() ? "" : std::string(p.scope) + ".") + std::string(p.name.text);
      return List("variant").add(name).all(p.items).end();
    }
    case PatternKind::kList:
      return List("list")
          .all(p.items)
          .add(p.has_rest ? "..." + std::string(p.name.text) : "")
          .end();
    case PatternKind::kTuple: return List("tuple").all(p.items).end();
    case PatternKind::kMap: {
      List list("map");
      for (const MapPatternItem& item : p.entries) {
        List one("");
        one.add(item.key.text).add(item.pattern);
        if (item.fallback != nullptr) one.add("= " + dump_tree(*item.fallback));
        list.add(one.end());
      }
      return list.add(p.has_rest ? "..." + std::string(p.name.text) : "").end();
    }
    case PatternKind::kAlternatives: return List("|").all(p.items).end();
    case PatternKind::kValue: return List("value").add(p.value).end();
  }
  return {};
}

std::string dump_tree(const TypeNode& t) {
  switch (t.kind) {
    case TypeKind::kName:
      return t.items.empty() ? std::string(t.name) : List(t.name).all(t.items).end();
    case TypeKind::kList: return List("list").all(t.items).end();
    case TypeKind::kMap: return List("map").all(t.items).end();
    case TypeKind::kTuple: return List("tuple").all(t.items).end();
    case TypeKind::kOptional: return dump_tree(*t.items[0]) + "?";
    case TypeKind::kUnion: return List("|").all(t.items).end();
    case TypeKind::kFunction: return List("->").all(t.items).end();
    case TypeKind::kNone: return "none";
  }
  return {};
}

}  // namespace flin::syntax
