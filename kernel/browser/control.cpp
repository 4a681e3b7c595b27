// Control flow: as statements where it can be, else inside a function called on the spot.
#include "browser/writer.h"

namespace flin::browser {

using namespace syntax;
using check::TypeTag;

void Writer::control(const Expr& expr, const Sink& sink) {
  switch (expr.kind) {
    case ExprKind::kIf: return if_expression(as<IfExpr>(expr), 0, sink);
    case ExprKind::kFor: return for_expression(as<ForExpr>(expr), sink);
    case ExprKind::kWhile: return while_expression(as<WhileExpr>(expr), sink);
    case ExprKind::kMatch: return match_expression(as<MatchExpr>(expr), sink);
    default: return line(block(*as<BlockExpr>(expr).block, sink));
  }
}

// `c ? a : b` for an if whose branches are single expressions; "" if it is none.
std::string Writer::inline_if(const IfExpr& expr) {
  auto only = [](const Block* block) -> const Expr* {
    bool is_one =
        block && block->statements.size() == 1 && block->statements[0]->kind == StmtKind::kExpr;
    if (!is_one) return nullptr;
    const Expr* value = as<ExprStmt>(*block->statements[0]).value;
    bool is_plain = value->kind < ExprKind::kBlock && value->kind != ExprKind::kForm;
    return is_plain ? value : nullptr;
  };
  for (const IfExpr::Branch& branch : expr.branches)
    if (branch.condition.pattern || !only(branch.body)) return {};
  if (expr.otherwise && !only(expr.otherwise)) return {};
  std::string out;
  for (const IfExpr::Branch& branch : expr.branches)
    out += at(value(*branch.condition.value), Level::kCoalesce) + " ? " +
           argument(*only(branch.body)) + " : ";
  return out + (expr.otherwise ? argument(*only(expr.otherwise)) : "null");
}

Js Writer::inline_control(const Expr& expr) {
  if (expr.kind == ExprKind::kIf) {
    std::string text = inline_if(as<IfExpr>(expr));
    if (!text.empty()) return {text, Level::kConditional};
  }
  std::vector<Loop> loops;
  loops.swap(loops_);
  std::vector<std::string> lines = collect([&] { control(expr, {Sink::kReturn, {}}); });
  loops.swap(loops_);
  bool always_gives = expr.kind == ExprKind::kBlock;
  if (!always_gives) lines.push_back("return null;");
  return {"(() => " + braces(lines) + ")()"};
}

void Writer::if_expression(const IfExpr& expr, std::size_t n, const Sink& sink) {
  const IfExpr::Branch& branch = expr.branches[n];
  hoist(*branch.condition.value);
  bool has_more = n + 1 < expr.branches.size();
  auto rest = [&](std::string& text) {
    if (has_more) {
      std::vector<std::string> lines = collect([&] { if_expression(expr, n + 1, sink); });
      bool is_chain = lines.size() == 1 && lines[0].rfind("if (", 0) == 0;
      text += " else " + (is_chain ? lines[0] : braces(lines));
    } else if (expr.otherwise) {
      text += " else " + block(*expr.otherwise, sink);
    } else if (sink.kind == Sink::kReturn) {
      text += " else { return null; }";
    }
  };
  if (!branch.condition.pattern) {
    std::string text =
        "if (" + value(*branch.condition.value).text + ") " + block(*branch.body, sink);
    rest(text);
    return line(text);
  }
  std::string name = fresh("found");
  line("const " + name + " = " + argument(*branch.condition.value) + ';');
  std::string text;
  std::string fits;
  std::vector<std::string> body = collect([&] {
    fits = test(*branch.condition.pattern, {name}, type_of(*branch.condition.value));
    declare_names(*branch.condition.pattern);
    statements(*branch.body, sink);
  });
  text = "if (" + (fits.empty() ? "true" : fits) + ") " + braces(body);
  rest(text);
  line(text);
}

void Writer::match_expression(const MatchExpr& expr, const Sink& sink) {
  hoist(*expr.subject);
  std::string name = fresh("subject");
  line("const " + name + " = " + argument(*expr.subject) + ';');
  std::string text;
  bool covered = false;
  for (const MatchArm& arm : expr.arms) {
    std::string fits;
    std::vector<std::string> body = collect([&] {
      fits = test(*arm.pattern, {name}, type_of(*expr.subject));
      if (arm.guard) {
        std::string guard = at(value(*arm.guard), Level::kAnd);
        fits = fits.empty() ? guard : fits + " && " + guard;
      }
      declare_names(*arm.pattern);
      statements(*arm.body, sink);
    });
    covered = fits.empty();
    std::string head = covered ? "" : "if (" + fits + ") ";
    text += (text.empty() ? "" : " else ") + head + braces(body);
    if (covered) break;
  }
  if (!covered && sink.kind == Sink::kReturn) text += " else { return null; }";
  if (!text.empty()) line(text);
}

// ---- Loops ----

void Writer::loop(std::string_view label, const std::string& head, const Sink& sink,
                  const std::function<void()>& body) {
  loops_.push_back({std::string(label), sink});
  std::vector<std::string> lines = collect(body);
  loops_.pop_back();
  line((label.empty() ? "" : std::string(label) + ": ") + head + ' ' + braces(lines));
}

std::string Writer::for_head(const ForHead& head) {
  hoist(*head.subject);
  std::string subject = argument(*head.subject);
  bool is_map = is_tag(without_none(type_of(*head.subject)), TypeTag::kMap);
  auto named = [&](const check::Symbol* symbol) {
    return symbol ? declare(*symbol) : fresh("unused");
  };
  bool changes = (head.first_symbol && head.first_symbol->is_reassigned) ||
                 (head.second_symbol && head.second_symbol->is_reassigned);
  std::string keyword = changes ? "for (let " : "for (const ";
  std::string first = named(head.first_symbol);
  if (head.second.text.empty())
    return keyword + first + " of " + call_of("items_of", {subject}).text + ')';
  std::string second = named(head.second_symbol);
  if (is_map) return keyword + '[' + first + ", " + second + "] of [...(" + subject + " ?? [])])";
  return keyword + '[' + second + ", " + first + "] of " + call_of("items_of", {subject}).text +
         ".entries())";
}

// "for (let i = 0; c; i++)" in a scope of its own.
std::string Writer::counting_head(const ForHead& head) {
  auto part = [&](const Stmt* from) {
    std::vector<std::string> lines;
    std::vector<std::string>* outer = lines_;
    lines_ = &lines;
    if (from) statement(*from);
    lines_ = outer;
    std::string text = joined(lines, " ");
    if (!text.empty() && text.back() == ';') text.pop_back();
    return text;
  };
  std::string start = part(head.start);
  if (start.rfind("const ", 0) == 0) start = "let " + start.substr(6);
  std::string condition = head.condition ? value(*head.condition).text : "";
  return "for (" + start + "; " + condition + "; " + part(head.step) + ')';
}

void Writer::for_expression(const ForExpr& expr, const Sink& sink) {
  std::vector<std::string> lines = collect([&] {
    std::string head = expr.head.subject ? for_head(expr.head) : counting_head(expr.head);
    loop(expr.label, head, sink, [&] { statements(*expr.body, {}); });
  });
  for (std::string& text : lines) line(std::move(text));
  if (sink.kind == Sink::kReturn) line("return null;");
}

void Writer::while_expression(const WhileExpr& expr, const Sink& sink) {
  if (!expr.condition.pattern) {
    std::string head = "while (" + value(*expr.condition.value).text + ')';
    loop(expr.label, head, sink, [&] { statements(*expr.body, {}); });
  } else {
    loop(expr.label, "for (;;)", sink, [&] {
      std::string name = fresh("found");
      line("const " + name + " = " + argument(*expr.condition.value) + ';');
      std::string fits = test(*expr.condition.pattern, {name}, type_of(*expr.condition.value));
      if (!fits.empty()) line("if (!(" + fits + ")) break;");
      declare_names(*expr.condition.pattern);
      statements(*expr.body, {});
    });
  }
  if (sink.kind == Sink::kReturn) line("return null;");
}

}  // namespace flin::browser
