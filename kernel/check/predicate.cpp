#include "check/predicate.h"

#include "check/tables.h"
#include "check/walk.h"

#include <algorithm>
#include <functional>

namespace flin::check {
using namespace syntax;
namespace {

constexpr int kField = 0x01, kParameter = 0x02, kConstantPart = 0x03, kNot = 0x18, kIsNone = 0x19,
              kYear = 0x29;
constexpr std::size_t kLongestPath = 4;  // three references and the field
constexpr std::size_t kMostOperands = 255;

class Finder : public Walker {
 public:
  explicit Finder(std::function<bool(const Expr*)> wanted) : wanted_(std::move(wanted)) {}
  bool found = false;
  void expr(Expr* e) override {
    if (e == nullptr || found) return;
    if (wanted_(e)) {
      found = true;
      return;
    }
    Walker::expr(e);
  }

 private:
  std::function<bool(const Expr*)> wanted_;
};

bool is_constant(const Expr* e) {
  switch (e->kind) {
    case ExprKind::kInt:
    case ExprKind::kNumber:
    case ExprKind::kText:
    case ExprKind::kBool:
    case ExprKind::kNone:
    case ExprKind::kMoney: return true;
    case ExprKind::kUnary:
      return as<UnaryExpr>(*e).op == UnaryOp::kNegate && is_constant(as<UnaryExpr>(*e).operand);
    case ExprKind::kList:
      return std::all_of(as<ListExpr>(*e).items.begin(), as<ListExpr>(*e).items.end(),
                         [](Expr* i) { return is_constant(i); });
    case ExprKind::kBinary: {
      auto& b = as<BinaryExpr>(*e);
      bool range = b.op == BinaryOp::kRange || b.op == BinaryOp::kRangeExclusive;
      return range && is_constant(b.left) && is_constant(b.right);
    }
    case ExprKind::kMember: return as<MemberExpr>(*e).target == MemberTarget::kVariant;
    default: return false;
  }
}

struct Method {
  std::string_view name;
  int code;
  std::size_t arguments;
};
constexpr Method kMethods[] = {
    {"contains", 0x21, 1}, {"starts_with", 0x22, 1}, {"ends_with", 0x23, 1}, {"lower", 0x24, 0},
    {"upper", 0x25, 0},    {"trim", 0x26, 0},        {"len", 0x27, 0},       {"count", 0x28, 0},
    {"year", 0x29, 0},     {"month", 0x2A, 0},       {"day", 0x2B, 0}};

int code_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::kEq: return 0x10;
    case BinaryOp::kNe: return 0x11;
    case BinaryOp::kLt: return 0x12;
    case BinaryOp::kLe: return 0x13;
    case BinaryOp::kGt: return 0x14;
    case BinaryOp::kGe: return 0x15;
    case BinaryOp::kAnd: return 0x16;
    case BinaryOp::kOr: return 0x17;
    case BinaryOp::kIn:
    case BinaryOp::kNotIn: return 0x1A;
    case BinaryOp::kAdd: return 0x1B;
    case BinaryOp::kSub: return 0x1C;
    case BinaryOp::kMul: return 0x1D;
    case BinaryOp::kDiv: return 0x1E;
    case BinaryOp::kMod: return 0x1F;
    case BinaryOp::kCoalesce: return 0x20;
    default: return -1;
  }
}

}  // namespace

std::uint8_t PredicateWriter::name_index(std::string_view name) {
  if (name == "version_number") name = "version";
  auto it = std::find(out_.names.begin(), out_.names.end(), name);
  if (it == out_.names.end()) it = out_.names.insert(out_.names.end(), std::string(name));
  return static_cast<std::uint8_t>(it - out_.names.begin());
}

bool PredicateWriter::is_field(const Expr* e) const {
  if (e->kind != ExprKind::kName) return false;
  auto& n = as<NameExpr>(*e);
  if (row_ != nullptr) return n.symbol == row_;
  return n.symbol == nullptr && n.function == nullptr && n.builtin == nullptr &&
         n.enumeration == nullptr && field_number(entity_, n.name) != kNoField;
}

bool PredicateWriter::reads_fields(const Expr* e) const {
  Finder finder([this](const Expr* part) { return is_field(part); });
  finder.expr(const_cast<Expr*>(e));
  return finder.found;
}

bool PredicateWriter::path(const Expr* e, std::vector<std::string_view>& names) const {
  if (is_field(e)) {
    if (row_ == nullptr) names.push_back(as<NameExpr>(*e).name);
    return true;
  }
  if (e->kind != ExprKind::kMember || as<MemberExpr>(*e).target != MemberTarget::kField)
    return false;
  if (!path(as<MemberExpr>(*e).object, names)) return false;
  names.push_back(as<MemberExpr>(*e).name.text);
  return true;
}

// Evaluated once, before the query is asked.
const Expr* PredicateWriter::free_part(const Expr* e) {
  bool constant = is_constant(e);
  auto& list = constant ? out_.constants : out_.parameters;
  if (list.size() > kMostOperands) return e;
  put(constant ? kConstantPart : kParameter);
  put(static_cast<int>(list.size()));
  list.push_back(e);
  return nullptr;
}

const Expr* PredicateWriter::write(const Expr* e) {
  if (!reads_fields(e)) return free_part(e);
  std::vector<std::string_view> names;
  if (path(e, names)) {
    if (names.empty() || names.size() > kLongestPath) return e;
    put(kField);
    put(static_cast<int>(names.size()));
    for (std::string_view name : names) put(name_index(name));
    return nullptr;
  }
  switch (e->kind) {
    case ExprKind::kBinary: return binary(as<BinaryExpr>(*e));
    case ExprKind::kUnary: {
      if (as<UnaryExpr>(*e).op != UnaryOp::kNot) return e;
      if (const Expr* bad = write(as<UnaryExpr>(*e).operand)) return bad;
      put(kNot);
      return nullptr;
    }
    case ExprKind::kIs: {
      auto& test = as<IsExpr>(*e);
      bool none = test.tested != nullptr && test.tested->is(TypeTag::kNone);
      return none ? is_none(test.operand, test.negated) : e;
    }
    case ExprKind::kMember:
      return as<MemberExpr>(*e).call != nullptr ? method(*as<MemberExpr>(*e).call)
                                                : property(as<MemberExpr>(*e));
    case ExprKind::kCall: return method(as<CallExpr>(*e));
    default: return e;
  }
}

const Expr* PredicateWriter::is_none(const Expr* operand, bool negated) {
  if (const Expr* bad = write(operand)) return bad;
  put(kIsNone);
  if (negated) put(kNot);
  return nullptr;
}

const Expr* PredicateWriter::binary(const BinaryExpr& e) {
  bool equality = e.op == BinaryOp::kEq || e.op == BinaryOp::kNe;
  if (equality && e.right->kind == ExprKind::kNone) return is_none(e.left, e.op == BinaryOp::kNe);
  if (equality && e.left->kind == ExprKind::kNone) return is_none(e.right, e.op == BinaryOp::kNe);
  int code = code_of(e.op);
  bool joins_text = e.op == BinaryOp::kAdd && e.type != nullptr && e.type->is(TypeTag::kText);
  if (code < 0 || joins_text) return &e;
  if (const Expr* bad = write(e.left)) return bad;
  if (const Expr* bad = write(e.right)) return bad;
  put(code);
  if (e.op == BinaryOp::kNotIn) put(kNot);
  return nullptr;
}

// .year .month .day of a time.
const Expr* PredicateWriter::property(const MemberExpr& m) {
  if (m.target != MemberTarget::kDynamic) return &m;
  for (const Method& known : kMethods) {
    if (known.code < kYear || known.name != m.name.text) continue;
    if (const Expr* bad = write(m.object)) return bad;
    put(known.code);
    return nullptr;
  }
  return &m;
}

const Expr* PredicateWriter::method(const CallExpr& c) {
  if (c.target != CallTarget::kBuiltin || c.operands.empty()) return &c;
  for (const Method& m : kMethods) {
    if (m.name != c.builtin->name || c.operands.size() != m.arguments + 1) continue;
    for (const Expr* operand : c.operands)
      if (const Expr* bad = write(operand)) return bad;
    put(m.code);
    return nullptr;
  }
  return &c;
}

}  // namespace flin::check
