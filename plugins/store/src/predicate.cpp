#include "predicate.h"

#include "flin/program.h"
#include "predicate_ops.h"

namespace flin::store {
namespace {

constexpr std::uint64_t kMostBytes = 64 * 1024;
constexpr std::uint8_t kMostPath = 4;  // three references and a field (L 14.7)

class Reader {
 public:
  explicit Reader(List<std::uint8_t> code) : code_(code) {}
  bool at_end() const { return at_ >= code_.size; }
  std::uint64_t position() const { return at_; }
  bool u8(std::uint8_t& out) {
    if (at_end()) return false;
    out = code_[at_++];
    return true;
  }
  bool u32(std::uint32_t& out) {
    if (code_.size - at_ < 4) return false;
    out = 0;
    for (int shift = 0; shift < 32; shift += 8)
      out |= static_cast<std::uint32_t>(code_[at_++]) << shift;
    return true;
  }

 private:
  List<std::uint8_t> code_;
  std::uint64_t at_ = 0;
};

bool is_known(std::uint8_t op) {
  return (op >= kOpField && op <= kOpConstant) || (op >= kOpEq && op <= kOpMod) ||
         (op >= kOpCoalesce && op <= kOpDay);
}

bool read_path(Reader& in, FieldPath& path) {
  std::uint8_t count = 0;
  if (!in.u8(count) || count == 0 || count > kMostPath) return false;
  for (std::uint8_t at = 0; at < count; ++at) {
    std::uint32_t field = 0;
    if (!in.u32(field)) return false;
    path.push_back(field);
  }
  return true;
}

}  // namespace

int operands_of(std::uint8_t op) {
  if (op <= kOpConstant) return 0;
  if (op == kOpNot || op == kOpIsNone || op >= kOpLower) return 1;
  return 2;
}

std::optional<Predicate> Predicate::read(List<std::uint8_t> code, std::uint64_t parameters,
                                         std::string& why) {
  return read(code, parameters, parameters, why);
}

std::optional<Predicate> Predicate::read(List<std::uint8_t> code, std::uint64_t parameters,
                                         std::uint64_t constants, std::string& why) {
  Predicate out;
  Reader in(code);
  std::int64_t depth = 0;
  const auto refuse = [&](std::uint64_t at, const char* what) {
    why = std::string(what) + " at byte " + std::to_string(at);
    return std::optional<Predicate>();
  };
  if (code.size > kMostBytes) return refuse(kMostBytes, "the code is too long");
  while (!in.at_end()) {
    const std::uint64_t at = in.position();
    std::uint8_t op = 0;
    if (!in.u8(op) || !is_known(op)) return refuse(at, "there is no such instruction");
    PredicateStep step{static_cast<PredicateOp>(op)};
    if (op == kOpField) {
      step.index = static_cast<std::uint32_t>(out.paths_.size());
      if (!read_path(in, out.paths_.emplace_back())) return refuse(at, "a field path is broken");
    } else if (op == kOpParameter) {
      std::uint8_t index = 0;
      if (!in.u8(index) || index >= parameters) return refuse(at, "there is no such parameter");
      step.index = index;
    } else if (op == kOpConstant && (!in.u32(step.index) || step.index >= constants)) {
      return refuse(at, "there is no such constant");
    }
    if (depth < operands_of(op)) return refuse(at, "the stack is empty");
    depth += 1 - operands_of(op);
    out.steps_.push_back(step);
  }
  if (!code.empty() && depth != 1) return refuse(code.size, "the code does not end with one value");
  return out;
}

bool Predicate::crosses_references() const {
  for (const FieldPath& path : paths_) {
    if (path.size() > 1) return true;
  }
  return false;
}

MaybeFault Predicate::test(const IFieldReader& row, const Scalars& parameters, Verdict& out) const {
  out = Verdict::kYes;
  if (steps_.empty()) return {};
  std::vector<Cell> stack;
  for (const PredicateStep& step : steps_) {
    if (step.op == kOpField) {
      Cell cell;
      cell.is_unknown = !row.read(paths_[step.index], cell.value);
      stack.push_back(std::move(cell));
    } else if (step.op <= kOpConstant) {
      stack.push_back({parameters[step.index], {}, false});
    } else if (operands_of(step.op) == 1) {
      stack.back() = apply(step.op, stack.back());
    } else {
      const Cell right = std::move(stack.back());
      stack.pop_back();
      stack.back() = apply(step.op, stack.back(), right);
    }
  }
  const Cell& last = stack.back();
  if (last.fault) return last.fault;
  out = last.is_unknown ? Verdict::kUnknown : is_truthy(last.value) ? Verdict::kYes : Verdict::kNo;
  return {};
}

std::optional<std::uint64_t> Predicate::wanted_id(const Scalars& parameters) const {
  if (steps_.size() != 3 || steps_[0].op != kOpField || steps_[2].op != kOpEq) return {};
  if (steps_[1].op != kOpParameter && steps_[1].op != kOpConstant) return {};
  const Scalar& wanted = parameters[steps_[1].index];
  if (paths_[0] != FieldPath{kFieldId} || wanted.kind != Kind::kInt || wanted.i < 0) return {};
  return static_cast<std::uint64_t>(wanted.i);
}

Bytes Predicate::rebased(std::uint32_t parameter_base, std::uint32_t constant_base) const {
  Bytes out;
  for (const PredicateStep& step : steps_) {
    switch (step.op) {
      case kOpField: put_field(out, paths_[step.index]); break;
      case kOpParameter: put_constant(out, parameter_base + step.index); break;
      case kOpConstant: put_constant(out, constant_base + step.index); break;
      default: put_op(out, step.op);
    }
  }
  return out;
}

namespace {
void put_u32(Bytes& code, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    code.push_back(static_cast<std::uint8_t>(value >> shift));
}
}  // namespace

void put_field(Bytes& code, const FieldPath& path) {
  code.push_back(kOpField);
  code.push_back(static_cast<std::uint8_t>(path.size()));
  for (const std::uint32_t field : path) put_u32(code, field);
}

void put_constant(Bytes& code, std::uint32_t index) {
  code.push_back(kOpConstant);
  put_u32(code, index);
}

void put_op(Bytes& code, PredicateOp op) { code.push_back(op); }

}  // namespace flin::store
