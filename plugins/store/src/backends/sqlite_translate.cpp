#include "sqlite_translate.h"

#include "sqlite_codec.h"

#include <cmath>

namespace flin::store {
namespace {

bool is_numeric(Kind kind) { return kind == Kind::kInt || kind == Kind::kNumber; }

bool has_order(Kind kind) {
  return is_numeric(kind) || kind == Kind::kText || kind == Kind::kTime || kind == Kind::kDuration;
}

// Kinds that `order by` sorts as SQLite does. Amounts of money stand by currency first.
bool sorts_alike(Kind kind) { return kind != Kind::kMoney && kind != Kind::kNone; }

bool is_nan(const Scalar& value) { return value.kind == Kind::kNumber && std::isnan(value.n); }

const char* automatic(std::uint32_t field) {
  switch (field) {
    case kFieldId: return "id";
    case kFieldVersion: return "version";
    case kFieldCreatedAt: return "created_at";
    case kFieldUpdatedAt: return "updated_at";
    default: return "deleted_at";
  }
}

const char* sign(PredicateOp op) {
  switch (op) {
    case kOpLt: return " < ";
    case kOpLe: return " <= ";
    case kOpGt: return " > ";
    default: return " >= ";
  }
}

PredicateOp turned(PredicateOp op) {
  switch (op) {
    case kOpLt: return kOpGt;
    case kOpLe: return kOpGe;
    case kOpGt: return kOpLt;
    default: return kOpLe;
  }
}

}  // namespace

void bind_parameter(SqlStatement& statement, int at, const Scalar& value) {
  Column column;
  column.kind = value.kind;
  column.target = value.extra;
  bind_value(statement, at, column, value);
}

SqlCondition Translator::condition(const Selection& selection) {
  selection_ = &selection;
  std::vector<int> stack;
  for (const PredicateStep& step : selection.predicate.steps()) {
    Node node{step.op, step.index};
    const int pops = operands_of(step.op);
    if (pops == 2) {
      node.right = stack.back();
      stack.pop_back();
    }
    if (pops != 0) {
      node.left = stack.back();
      stack.pop_back();
    }
    stack.push_back(static_cast<int>(nodes_.size()));
    nodes_.push_back(node);
  }
  if (stack.empty()) return std::move(made_);
  std::vector<int> parts;
  conjuncts(stack.back(), parts);
  for (const int part : parts) {
    std::string sql;
    const std::size_t values = made_.values.size();
    if (translate(part, false, sql)) {
      made_.where += " AND " + sql;
      continue;
    }
    made_.values.resize(values);
    made_.is_whole = false;
    // What stands behind must not hide rows on which this one fails.
    if (may_fail(part)) break;
  }
  return std::move(made_);
}

void Translator::conjuncts(int node, std::vector<int>& out) const {
  const Node& at = nodes_[static_cast<std::size_t>(node)];
  if (at.op != kOpAnd) return out.push_back(node);
  conjuncts(at.left, out);
  conjuncts(at.right, out);
}

bool Translator::may_fail(int node) const {
  if (node < 0) return false;
  const Node& at = nodes_[static_cast<std::size_t>(node)];
  return (at.op >= kOpAdd && at.op <= kOpMod) || may_fail(at.left) || may_fail(at.right);
}

bool Translator::translate(int index, bool under_not, std::string& out) {
  const Node node = nodes_[static_cast<std::size_t>(index)];
  switch (node.op) {
    case kOpAnd:
    case kOpOr: {
      std::string left, right;
      if (!translate(node.left, under_not, left) || !translate(node.right, under_not, right))
        return false;
      out = "(" + left + (node.op == kOpAnd ? " AND " : " OR ") + right + ")";
      return true;
    }
    case kOpNot: {
      std::string inner;
      if (!translate(node.left, true, inner)) return false;
      out = "(NOT " + inner + ")";
      return true;
    }
    case kOpIsNone: {
      Operand operand;
      if (!this->operand(nodes_[static_cast<std::size_t>(node.left)], operand) || operand.value)
        return false;
      out = "(" + operand.sql + " IS NULL)";
      return true;
    }
    case kOpEq:
    case kOpNe:
    case kOpLt:
    case kOpLe:
    case kOpGt:
    case kOpGe: return compare(node, under_not, out);
    default: return truth(node, under_not, out);
  }
}

bool Translator::truth(const Node& node, bool under_not, std::string& out) {
  Operand operand;
  if (!this->operand(node, operand)) return false;
  if (operand.value) {
    out = is_truthy(*operand.value) ? "1" : "0";
    return true;
  }
  if (operand.kind != Kind::kBool && operand.kind != Kind::kInt) return false;
  out = "(" + operand.sql + " <> 0)";
  if (under_not) out = "(" + out + " IS TRUE)";
  return true;
}

bool Translator::compare(const Node& node, bool under_not, std::string& out) {
  Operand a, b;
  if (!operand(nodes_[static_cast<std::size_t>(node.left)], a) ||
      !operand(nodes_[static_cast<std::size_t>(node.right)], b))
    return false;
  if (a.value && b.value) return false;
  PredicateOp op = node.op;
  if (a.value) {
    std::swap(a, b);
    if (op != kOpEq && op != kOpNe) op = turned(op);
  }
  if (op == kOpEq || op == kOpNe) return equals(a, b, op == kOpNe, out);
  return less(op, a, b, under_not, out);
}

// `a` is a field; `b` a field or a value.
bool Translator::equals(const Operand& a, const Operand& b, bool is_negated, std::string& out) {
  const bool is_none = b.value && b.value->is_none();
  if (!is_none) {
    const bool is_same = a.kind == b.kind || (is_numeric(a.kind) && is_numeric(b.kind));
    if (!is_same || a.kind == Kind::kNone) return false;
    if (b.value && is_nan(*b.value)) return false;
    if (!b.value && (a.kind == Kind::kNumber || b.kind == Kind::kNumber)) return false;  // NaN
    if (a.kind == Kind::kRecord && a.target != b.target) return false;
    if (a.kind == Kind::kRecord && b.value && b.value->i == 0) return false;
  }
  out = "(" + a.sql + (is_negated ? " IS NOT " : " IS ") + (is_none ? "NULL" : use(b)) + ")";
  return true;
}

bool Translator::less(PredicateOp op, const Operand& a, const Operand& b, bool under_not,
                      std::string& out) {
  if (b.value && b.value->is_none()) {
    out = "0";
    return true;
  }
  const bool is_same = a.kind == b.kind || (is_numeric(a.kind) && is_numeric(b.kind));
  if (!is_same || !has_order(a.kind)) return false;
  if (b.value && is_nan(*b.value)) return false;
  if (!b.value && (a.kind == Kind::kNumber || b.kind == Kind::kNumber)) return false;
  out = a.sql + sign(op) + use(b);
  // A NaN is a BLOB, and SQLite has those behind all numbers.
  if (a.kind == Kind::kNumber && (op == kOpGt || op == kOpGe)) out += " AND " + a.sql + " <= 9e999";
  out = "(" + out + ")";
  if (under_not) out = "(" + out + " IS TRUE)";
  return true;
}

std::string Translator::use(const Operand& operand) {
  if (!operand.value) return operand.sql;
  made_.values.push_back(operand.value);
  return "?";
}

bool Translator::operand(const Node& node, Operand& out) {
  if (node.op == kOpField) return field(selection_->predicate.paths()[node.index], out);
  if (node.op != kOpParameter && node.op != kOpConstant) return false;
  out.value = &selection_->parameters[node.index];
  out.kind = out.value->kind;
  out.target = out.value->extra;
  return true;
}

bool Translator::field(const FieldPath& path, Operand& out) {
  std::string alias = "t";
  std::uint32_t table = binding_.types[selection_->type].table;
  FieldPath prefix;
  for (std::size_t at = 0; at + 1 < path.size(); ++at) {
    const std::uint32_t column = binding_.types[binding_.type_of(table)].columns[path[at]];
    const std::uint32_t target = schema_.infos[table].columns[column].target;
    prefix.push_back(path[at]);
    std::string& next = aliases_[prefix];
    if (next.empty()) {
      next = "j" + std::to_string(aliases_.size());
      made_.joins += " LEFT JOIN " + schema_.tables[target].name + " AS " + next + " ON " + next +
                     ".id = " + alias + "." + schema_.tables[table].columns[column] + " AND " +
                     next + ".deleted_at IS NULL";
    }
    alias = next;
    table = target;
  }
  const std::uint32_t last = path.back();
  if (last >= kFieldId) {
    out.sql = alias + "." + automatic(last);
    out.kind = last == kFieldId || last == kFieldVersion ? Kind::kInt : Kind::kTime;
    return true;
  }
  const std::uint32_t column = binding_.types[binding_.type_of(table)].columns[last];
  const Column& info = schema_.infos[table].columns[column];
  out.sql = alias + "." + schema_.tables[table].columns[column];
  out.kind = info.kind;
  out.target = info.target;
  return true;
}

bool Translator::order(const Selection& selection, std::string& out) const {
  const std::uint32_t table = binding_.types[selection.type].table;
  out = " ORDER BY ";
  for (const Order& order : selection.order) {
    if (order.field >= kFieldId) {
      out += std::string("t.") + automatic(order.field);
    } else {
      const std::uint32_t column = binding_.types[selection.type].columns[order.field];
      if (!sorts_alike(schema_.infos[table].columns[column].kind)) return false;
      out += "t." + schema_.tables[table].columns[column];
    }
    out += order.descending ? " DESC, " : ", ";
  }
  out += "t.id";
  return true;
}

}  // namespace flin::store
