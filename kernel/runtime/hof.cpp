// The eight Hof instructions (L 20.10). Their state lies on the operand stack in a frame of their
// own kind, so that the function they call may suspend:
//   base[0] what the function gave  [1] items (Slots or none)  [2] function  [3] result so far
//   [4] index  [5] count  [6] keys (sort)
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/machine.h"

#include <algorithm>
#include <numeric>

namespace flin::runtime {

using bytecode::Op;

namespace {

enum State { kGiven, kItems, kFunction, kResult, kIndex, kCount, kKeys };

Value small(std::uint64_t n) { return from_small(Tagged::kInt, static_cast<std::int64_t>(n)); }

}  // namespace

bool Machine::begin_hof(Op op, const Value* operands, Value* to) {
  const Value xs = operands[0], f = operands[op == Op::HofReduce ? 2 : 1];
  Value result = op == Op::HofReduce ? operands[1] : kNone;
  if (!is_list(xs)) {
    wrong_type("list", xs);
    return false;
  }
  const bool needs_no_function = op == Op::HofSort && is_none(f);
  if (!needs_no_function && !is_kind(f, ObjectKind::kClosure))
    return fail_false(12, type_name(f, *linked_) + " cannot be called");
  ListObject* list = as_list(xs);
  if (op == Op::HofMap || op == Op::HofFilter)
    result = from_object(new_list(heap_, op == Op::HofMap ? list->size : 0));
  Slots* items = snapshot_of(heap_, list);
  Frame* frame = push_native(FrameKind::kHof, kHofSize, to);
  if (frame == nullptr) return false;
  Value* base = frame->base;
  base[kItems] = items ? from_object(items) : kNone;
  base[kFunction] = f;
  base[kResult] = result;
  base[kIndex] = small(0);
  base[kCount] = small(list->size);
  base[kKeys] = op == Op::HofSort ? from_object(new_list(heap_, list->size)) : kNone;
  frame->function = static_cast<std::uint32_t>(op);
  return true;
}

// Takes what the function gave for the item before, if there is one, and calls it for the next.
Machine::Next Machine::step_hof(bool has_value, Value returned) {
  Frame& frame = frames_.back();
  if (frame.kind != FrameKind::kHof) return resume(returned);
  const auto op = static_cast<Op>(frame.function);
  Value* state = frame.base;
  auto index = static_cast<std::uint64_t>(small_payload(state[kIndex]));
  const auto count = static_cast<std::uint64_t>(small_payload(state[kCount]));
  const Value* items = is_none(state[kItems]) ? nullptr : cast<Slots>(state[kItems])->items();

  bool done = false;
  Value out = state[kResult];
  if (has_value) {
    const bool truthy = is_truthy(returned);
    switch (op) {
      case Op::HofMap: list_push(heap_, as_list(out), returned); break;
      case Op::HofFilter:
        if (truthy) list_push(heap_, as_list(out), items[index]);
        break;
      case Op::HofReduce: out = state[kResult] = returned; break;
      case Op::HofFind:
        done = truthy;
        if (truthy) out = items[index];
        break;
      case Op::HofAny: done = truthy; break;
      case Op::HofAll: done = !truthy; break;
      case Op::HofSort: list_push(heap_, as_list(state[kKeys]), returned); break;
      default: break;
    }
    state[kIndex] = small(++index);
  }
  if (op == Op::HofAny) out = from_bool(done);
  if (op == Op::HofAll) out = from_bool(!done);

  if (!done && index < count && !(op == Op::HofSort && is_none(state[kFunction]))) {
    Value args[3] = {items[index], small(index), kNone};
    std::uint32_t n = 2;
    if (op == Op::HofReduce) {
      args[0] = state[kResult];
      args[1] = items[index];
      args[2] = small(index);
      n = 3;
    }
    auto* closure = cast<Closure>(state[kFunction]);
    if (n < linked_->functions[closure->function].least)
      return push_call(state[kFunction], args, n) ? Next::kContinue : Next::kFailed;
    return push_frame(closure->function, closure, closure->component, args, n) ? Next::kContinue
                                                                               : Next::kFailed;
  }
  if (op == Op::HofSort && !hof_sort(state, out)) return Next::kFailed;
  Value* to = frame.result;
  frames_.pop();
  return give(to, out);
}

bool Machine::hof_sort(Value* state, Value& out) {
  const auto count = static_cast<std::size_t>(small_payload(state[kCount]));
  if (count == 0) {
    out = from_object(new_list(heap_));
    return true;
  }
  const Value* items = cast<Slots>(state[kItems])->items();
  const bool by_item = is_none(state[kFunction]);
  const Value* keys = by_item ? items : items_of(heap_, as_list(state[kKeys]));
  // NaN goes last, none first (as in queries); what has no order at all is an error.
  Order fault = Order::kEqual;
  Value culprits[2] = {kNone, kNone};
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    const Value x = keys[a], y = keys[b];
    if (is_none(x) || is_none(y)) return is_none(x) && !is_none(y);
    const Order order = compare_values(x, y);
    if (order == Order::kNone) return !(is_double(x) && as_double(x) != as_double(x));
    if (order == Order::kMixed || order == Order::kCurrencies) {
      fault = order;
      culprits[0] = x;
      culprits[1] = y;
    }
    return order == Order::kLess;
  };
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  // A merge sort by hand: it stays within bounds whatever the keys say.
  std::vector<std::uint32_t> other(count);
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t from = 0; from < count; from += 2 * width) {
      std::size_t left = from, right = std::min(from + width, count);
      const std::size_t middle = right, end = std::min(from + 2 * width, count);
      for (std::size_t to = from; to < end; ++to) {
        const bool take_right =
            left == middle || (right < end && before(order[right], order[left]));
        other[to] = take_right ? order[right++] : order[left++];
      }
    }
    order.swap(other);
  }
  if (fault == Order::kCurrencies) {
    Value ignored;
    return compare(culprits[0], culprits[1], Op::Lt, ignored);
  }
  if (fault != Order::kEqual)
    return fail_false(6, "expected values with an order, found " +
                             type_name(culprits[0], *linked_) + " and " +
                             type_name(culprits[1], *linked_));
  ListObject* sorted = new_list(heap_, count);
  for (std::size_t i = 0; i < count; ++i) list_push(heap_, sorted, items[order[i]]);
  out = from_object(sorted);
  return true;
}

}  // namespace flin::runtime
