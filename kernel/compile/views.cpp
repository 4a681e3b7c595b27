// Nodes: texts, blocks, components, slots.
#include "compile/view_compiler.h"

#include <algorithm>

namespace flin::compile {

using namespace syntax;
using check::Type;
using check::TypeTag;

namespace {

constexpr std::string_view kOpen = "<!--[-->", kClose = "<!--]-->", kBetween = "<!--,-->";

// What may turn out to be a view or a list has marks around it.
bool may_be_nodes(const Type* type) {
  if (!type) return true;
  switch (type->tag) {
    case TypeTag::kView:
    case TypeTag::kList:
    case TypeTag::kQuery:
    case TypeTag::kAny: return true;
    case TypeTag::kOptional:
    case TypeTag::kUnion: return std::any_of(type->items.begin(), type->items.end(), may_be_nodes);
    default: return false;
  }
}

// raw(e): the argument.
const Expr* raw_operand(const Expr& expr) {
  if (expr.kind != ExprKind::kCall) return nullptr;
  const auto& call = as<CallExpr>(expr);
  bool is_raw = call.target == CallTarget::kBuiltin && call.builtin->name == "raw" &&
                call.operands.size() == 1;
  return is_raw ? call.operands[0] : nullptr;
}

}  // namespace

void ViewCompiler::flush() {
  if (pending_.empty()) return;
  code_.op(Op::AddText, fn_.program.builder.text(pending_));
  pending_.clear();
}

void ViewCompiler::mark(std::string_view html) {
  if (!no_marks_) put(html);
}

void ViewCompiler::nodes(const std::vector<Node*>& nodes) {
  write(nodes);
  flush();
}

void ViewCompiler::page(const std::vector<Node*>& all) {
  std::vector<Node*> head, body;
  auto sort_in = [&](const std::vector<Node*>& nodes) {
    for (Node* node : flat(nodes)) {
      bool is_head =
          node->kind == NodeKind::kElement && is_head_element(as<ElementNode>(*node).tag);
      (is_head ? head : body).push_back(node);
    }
  };
  std::vector<Node*> roots = flat(all);
  bool is_document = roots.size() == 1 && roots[0]->kind == NodeKind::kElement &&
                     as<ElementNode>(*roots[0]).tag == "html";
  if (!is_document) {
    sort_in(roots);
  } else {
    for (Node* part : flat(as<ElementNode>(*roots[0]).children)) {
      bool is_element = part->kind == NodeKind::kElement;
      std::string_view tag = is_element ? as<ElementNode>(*part).tag : std::string_view{};
      if (tag == "head")
        for (Node* node : flat(as<ElementNode>(*part).children)) head.push_back(node);
      else if (tag == "body")
        for (Node* node : flat(as<ElementNode>(*part).children)) body.push_back(node);
    }
  }
  if (!head.empty()) {
    nodes(head);
    fn_.native("page.body", 0);
    code_.op(Op::Pop);
  }
  nodes(body);
}

bool ViewCompiler::is_text(const Node& node) {
  if (node.kind == NodeKind::kText) return true;
  if (node.kind != NodeKind::kInterpolation) return false;
  const Expr& value = *as<InterpolationNode>(node).value;
  return !raw_operand(value) && !may_be_nodes(type_of(value));
}

void ViewCompiler::write(const std::vector<Node*>& nodes) {
  bool after_text = false;
  for (const Node* node : flat(nodes)) {
    bool text = is_text(*node);
    if (text && after_text) mark(kBetween);
    write(*node);
    after_text = text;
  }
}

void ViewCompiler::write(const Node& node) {
  code_.at(node.span);
  switch (node.kind) {
    case NodeKind::kText: return put(static_text(as<TextNode>(node).html));
    case NodeKind::kInterpolation: return interpolation(as<InterpolationNode>(node));
    case NodeKind::kElement: return element(as<ElementNode>(node));
    case NodeKind::kComponent: return component(as<ComponentNode>(node));
    case NodeKind::kIf: return if_node(as<IfNode>(node));
    case NodeKind::kFor: return for_node(as<ForNode>(node));
    case NodeKind::kWhile: return while_node(as<WhileNode>(node));
    case NodeKind::kMatch: return match_node(as<MatchNode>(node));
    case NodeKind::kSlot: return slot(as<SlotNode>(node));
  }
}

void ViewCompiler::interpolation(const InterpolationNode& node) {
  const Expr* raw = raw_operand(*node.value);
  bool marked = !is_text(node);
  if (marked) mark(kOpen);
  bool shows = !(node.binding && node.binding->browser_only);
  if (shows) {
    flush();
    fn_.bound(node.binding, [&] {
      fn_.value(raw ? *raw : *node.value);
      code_.op(raw || is_raw_ ? Op::AddRaw : Op::BindText);
    });
  }
  if (marked) mark(kClose);
}

// ---- Blocks ----

void ViewCompiler::if_node(const IfNode& node) {
  mark(kOpen);
  if (!(node.binding && node.binding->browser_only)) {
    flush();
    fn_.bound(node.binding, [&] { branches(node, 0); });
  }
  mark(kClose);
}

// One StartIf inside the other, so that they nest.
void ViewCompiler::branches(const IfNode& node, std::size_t n) {
  if (n == node.branches.size()) return nodes(node.otherwise);
  bool is_last = n + 1 == node.branches.size() && node.otherwise.empty();
  Label next = code_.label(), end = code_.label();
  fn_.open_scope();
  fn_.condition_value(node.branches[n].condition);
  code_.jump(Op::StartIf, is_last ? end : next);
  nodes(node.branches[n].children);
  fn_.close_scope();
  if (!is_last) {
    code_.jump(Op::Jump, end);
    code_.place(next);
    branches(node, n + 1);
  }
  code_.place(end);
  code_.op(Op::EndIf);
}

void ViewCompiler::match_node(const MatchNode& node) {
  mark(kOpen);
  if (!(node.binding && node.binding->browser_only)) {
    flush();
    fn_.bound(node.binding, [&] {
      fn_.open_scope();
      std::uint32_t subject = fn_.scope.add_temporary();
      fn_.value(*node.subject);
      code_.op(Op::StoreLocal, subject);
      arms(node, 0, subject);
      fn_.close_scope();
    });
  }
  mark(kClose);
}

void ViewCompiler::arms(const MatchNode& node, std::size_t n, std::uint32_t subject) {
  if (n == node.arms.size()) return;
  const MatchNode::Arm& arm = node.arms[n];
  fn_.open_scope();
  if (FunctionCompiler::always_fits(*arm.pattern) && !arm.guard) {
    Label unused = code_.label();
    fn_.test(*arm.pattern, subject, type_of(*node.subject), unused);
    nodes(arm.children);
    return fn_.close_scope();
  }
  Label fail = code_.label(), tested = code_.label(), next = code_.label(), end = code_.label();
  fn_.test(*arm.pattern, subject, type_of(*node.subject), fail);
  if (arm.guard) fn_.jump_if(*arm.guard, false, fail);
  std::uint32_t depth = code_.depth();
  code_.op(Op::LoadTrue);
  code_.jump(Op::Jump, tested);
  code_.place(fail);
  code_.set_depth(depth);
  code_.op(Op::LoadFalse);
  code_.place(tested);
  code_.jump(Op::StartIf, next);
  nodes(arm.children);
  fn_.close_scope();
  code_.jump(Op::Jump, end);
  code_.place(next);
  arms(node, n + 1, subject);
  code_.place(end);
  code_.op(Op::EndIf);
}

// The items of a loop. `seen` is a slot that tells whether there was one before, if it is counted.
void ViewCompiler::items(const std::vector<Node*>& children, bool is_counted, std::uint32_t seen) {
  std::vector<Node*> all = flat(children);
  bool meet = !all.empty() && is_text(*all.front()) && is_text(*all.back()) && !no_marks_;
  if (meet) {
    Label first = code_.label();
    code_.op(Op::LoadLocal, seen);
    code_.jump(Op::JumpIfFalse, first);
    put(kBetween);
    flush();
    code_.place(first);
  }
  if (is_counted) {
    code_.op(Op::LoadTrue);
    code_.op(Op::StoreLocal, seen);
  }
  fn_.open_scope();
  nodes(children);
  fn_.close_scope();
}

namespace {

bool texts_meet(const std::vector<Node*>& children, bool (*is_text)(const Node&)) {
  std::vector<Node*> all = flat(children);
  return !all.empty() && is_text(*all.front()) && is_text(*all.back());
}

}  // namespace

void ViewCompiler::for_node(const ForNode& node) {
  mark(kOpen);
  if (!(node.binding && node.binding->browser_only)) {
    flush();
    fn_.bound(node.binding, [&] {
      fn_.open_scope();
      bool is_counted =
          !node.otherwise.empty() || (texts_meet(node.children, is_text) && !no_marks_);
      std::uint32_t seen = 0;
      if (is_counted) {
        seen = fn_.scope.add_temporary();
        code_.op(Op::LoadFalse);
        code_.op(Op::StoreLocal, seen);
      }
      fn_.loop_over(node.head, fn_.loop_frame({}, false), [&] {
        bool is_step = node.binding && node.binding->is_step;
        if (is_step) enter_row(node);
        items(node.children, is_counted, seen);
        if (is_step) fn_.leave_step();
      });
      if (!node.otherwise.empty()) {
        Label end = code_.label();
        code_.op(Op::LoadLocal, seen);
        code_.op(Op::Not);
        code_.jump(Op::StartIf, end);
        nodes(node.otherwise);
        code_.place(end);
        code_.op(Op::EndIf);
      }
      fn_.close_scope();
    });
  }
  mark(kClose);
}

// Rows of entities are kept by their id, others by `key` or their index (L 10.5).
void ViewCompiler::enter_row(const ForNode& node) {
  const Type* list = node.head.subject ? without_none(type_of(*node.head.subject)) : nullptr;
  bool entities =
      is_tag(list, TypeTag::kQuery) ||
      (is_tag(list, TypeTag::kList) && is_tag(without_none(list->items[0]), TypeTag::kEntity));
  fn_.integer(node.binding->row);
  if (node.key) {
    fn_.value(*node.key);
  } else if (entities) {
    fn_.load(*node.head.first_symbol);
    code_.op(Op::GetField, fn_.program.builder.text("id"));
  } else {
    code_.op(Op::LoadNone);
  }
  fn_.native("page.row", 2);
  code_.op(Op::Pop);
}

void ViewCompiler::while_node(const WhileNode& node) {
  mark(kOpen);
  flush();
  fn_.bound(node.binding, [&] {
    fn_.open_scope();
    bool is_counted = texts_meet(node.children, is_text) && !no_marks_;
    std::uint32_t seen = 0;
    if (is_counted) {
      seen = fn_.scope.add_temporary();
      code_.op(Op::LoadFalse);
      code_.op(Op::StoreLocal, seen);
    }
    fn_.while_loop(node.condition, fn_.loop_frame({}, false),
                   [&] { items(node.children, is_counted, seen); });
    fn_.close_scope();
  });
  mark(kClose);
}

// ---- Components and slots ----

void ViewCompiler::slot(const SlotNode& node) {
  mark(kOpen);
  flush();
  fn_.bound(node.binding, [&] {
    fn_.step("page.slot", {node.binding ? node.binding->slot : 0});
    code_.op(Op::RenderSlot, fn_.program.builder.text(node.name));
    fn_.leave_step();
    if (node.fallback.empty()) return code_.op(Op::Pop);
    Label end = code_.label();
    code_.op(Op::Not);
    code_.jump(Op::StartIf, end);
    nodes(node.fallback);
    code_.place(end);
    code_.op(Op::EndIf);
  });
  mark(kClose);
}

void ViewCompiler::component(const ComponentNode& node) {
  mark(kOpen);
  flush();
  if (node.component) {
    fn_.bound(node.binding, [&] {
      component_slots(node);
      component_props(node);
      fn_.step("page.use",
               {node.binding ? node.binding->row : 0, fn_.program.component_row(node.component)});
      code_.op(Op::CreateComponent, fn_.program.component_constant(node.component));
      code_.op(Op::CloseComponent);
      fn_.leave_step();
    });
  }
  mark(kClose);
}

namespace {

bool is_slot_mark(const Attribute& attribute) {
  return attribute.kind == AttributeKind::kStatic && attribute.name.text == "slot";
}

// The slot that content is marked for; "children" without a mark.
std::string_view slot_of(const Node& node) {
  const std::vector<Attribute*>* attributes = nullptr;
  if (node.kind == NodeKind::kElement) attributes = &as<ElementNode>(node).attributes;
  if (node.kind == NodeKind::kComponent) attributes = &as<ComponentNode>(node).attributes;
  if (!attributes) return "children";
  for (const Attribute* attribute : *attributes)
    if (is_slot_mark(*attribute)) return attribute->text;
  return "children";
}

}  // namespace

void ViewCompiler::component_slots(const ComponentNode& node) {
  std::vector<std::pair<std::string_view, std::vector<Node*>>> slots;
  for (Node* child : flat(node.children)) {
    std::string_view name = slot_of(*child);
    auto known =
        std::find_if(slots.begin(), slots.end(), [&](const auto& s) { return s.first == name; });
    if (known == slots.end()) known = slots.insert(slots.end(), {name, {}});
    known->second.push_back(child);
  }
  for (const auto& [name, content] : slots) {
    code_.op(Op::BeginSlot, fn_.program.builder.text(name));
    nodes(content);
    code_.op(Op::EndSlot);
  }
}

void ViewCompiler::prop_value(const Attribute& attribute) {
  switch (attribute.kind) {
    case AttributeKind::kStatic: {
      std::string decoded;
      bool known = decode_references(attribute.text, decoded);
      return fn_.text(known ? std::string_view(decoded) : attribute.text);
    }
    case AttributeKind::kBare: return code_.op(Op::LoadTrue);
    case AttributeKind::kMixed: return fn_.interpolation(attribute.parts);
    case AttributeKind::kEvent: {
      const Block* body = attribute.handler_body;
      bool is_value =
          body && body->statements.size() == 1 && body->statements[0]->kind == StmtKind::kExpr;
      if (is_value) return fn_.value(*as<ExprStmt>(*body->statements[0]).value);
      if (body) return fn_.block_closure(*body);
      return code_.op(Op::LoadNone);
    }
    default: return fn_.value(*attribute.value);
  }
}

// A map of the props; spreads and what follows them are put in one by one.
void ViewCompiler::component_props(const ComponentNode& node) {
  std::vector<const Attribute*> props;
  for (const Attribute* attribute : node.attributes)
    if (!is_slot_mark(*attribute)) props.push_back(attribute);
  std::size_t n = 0;
  for (; n < props.size() && props[n]->kind != AttributeKind::kSpread; ++n) {
    fn_.text(props[n]->name.text);
    prop_value(*props[n]);
  }
  code_.op(Op::CreateMap, static_cast<std::int64_t>(n));
  for (; n < props.size(); ++n) {
    if (props[n]->kind == AttributeKind::kSpread) {
      fn_.value(*props[n]->value);
      code_.op(Op::MapExtend);
      continue;
    }
    fn_.text(props[n]->name.text);
    prop_value(*props[n]);
    code_.op(Op::MapPut);
  }
}

}  // namespace flin::compile
