// Handlers: jumps, calls, returns, errors.
#include "runtime/call_port.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/engine.h"

namespace flin::runtime {

namespace {

// Of a handler that went no further because the build chains none.
constexpr auto kGoOn = static_cast<RunState>(0xFF);

std::int64_t i64(Value v) { return static_cast<std::int64_t>(v.bits); }

}  // namespace

const Handler kHandlers[] = {
#define CELL(name, a, b, x) Engine::name,
#define BRANCH(name, a, b) Engine::name, Engine::name##Back,
#define PLAIN(name) Engine::Plain##name,
#include "runtime/cells.def"
#undef CELL
#undef BRANCH
#undef PLAIN
};

RunState Engine::hand_back(FLIN_CELL) {
  m->engine_ = {ip, r, fp, fuel};
  return kGoOn;
}

RunState Engine::run(Machine& machine, std::int64_t fuel) {
  Frame* fp = machine.frames_.top();
  RunState state = fp->ip->handler(fp->ip, fp->base, &machine, fp, fuel);
  while (state == kGoOn) {
    const Machine::Registers at = machine.engine_;
    state = at.ip->handler(at.ip, at.r, &machine, at.fp, at.fuel);
  }
  return state;
}

RunState Engine::raise(FLIN_CELL) {
  if (!m->unwind()) return RunState::kFailed;
  FLIN_CONTINUE_WITH(reload);
}

RunState Engine::reload(FLIN_CELL) {
  fp = m->frames_.top();
  ip = fp->ip;
  r = fp->base;
  if ((fuel -= 4) <= 0) [[unlikely]]
    FLIN_CONTINUE_WITH(pause);
  FLIN_DISPATCH;
}

RunState Engine::pause(FLIN_CELL) {
  fp->ip = ip;
  return RunState::kYielded;
}

RunState Engine::entered(FLIN_CELL) {
  switch (m->go_on_with_top()) {
    case Machine::Next::kContinue: FLIN_CONTINUE_WITH(reload);
    case Machine::Next::kDone: return RunState::kDone;
    case Machine::Next::kSuspended: return RunState::kSuspended;
    case Machine::Next::kFailed: break;
  }
  FLIN_CONTINUE_WITH(raise);
}

RunState Engine::Done(FLIN_CELL) { return RunState::kDone; }

RunState Engine::ResumeNative(FLIN_CELL) {
  switch (m->resume(r[0])) {
    case Machine::Next::kContinue: FLIN_CONTINUE_WITH(reload);
    case Machine::Next::kDone: return RunState::kDone;
    case Machine::Next::kSuspended: return RunState::kSuspended;
    case Machine::Next::kFailed: break;
  }
  FLIN_CONTINUE_WITH(raise);
}

// ---- Branches ----

#define BRANCH_IF(name, condition)         \
  RunState Engine::name(FLIN_CELL) {       \
    if (condition) FLIN_SKIP(ip->imm());   \
    FLIN_NEXT;                             \
  }                                        \
  RunState Engine::name##Back(FLIN_CELL) { \
    if (condition) {                       \
      fuel += ip->imm() - 1;               \
      ip += ip->imm();                     \
      if (fuel <= 0) [[unlikely]]          \
        FLIN_CONTINUE_WITH(pause);         \
      FLIN_DISPATCH;                       \
    }                                      \
    FLIN_NEXT;                             \
  }
#define A (r[ip->a])
#define B (r[ip->b])
#define K (static_cast<std::int16_t>(ip->b))

BRANCH_IF(Jump, true)
BRANCH_IF(IfTrue, A.bits != 0)
BRANCH_IF(IfFalse, A.bits == 0)
BRANCH_IF(IfTruthy, is_truthy(A))
BRANCH_IF(IfFalsy, !is_truthy(A))
BRANCH_IF(IfNone, is_none(A))
BRANCH_IF(IfSome, !is_none(A))
BRANCH_IF(IfLtInt, i64(A) < i64(B))
BRANCH_IF(IfLeInt, i64(A) <= i64(B))
BRANCH_IF(IfEqInt, A.bits == B.bits)
BRANCH_IF(IfNeInt, A.bits != B.bits)
BRANCH_IF(IfLtIntK, i64(A) < K)
BRANCH_IF(IfLeIntK, i64(A) <= K)
BRANCH_IF(IfGtIntK, i64(A) > K)
BRANCH_IF(IfGeIntK, i64(A) >= K)
BRANCH_IF(IfEqIntK, i64(A) == K)
BRANCH_IF(IfNeIntK, i64(A) != K)
BRANCH_IF(IfLtNum, as_double(A) < as_double(B))
BRANCH_IF(IfNotLtNum, !(as_double(A) < as_double(B)))
BRANCH_IF(IfLeNum, as_double(A) <= as_double(B))
BRANCH_IF(IfNotLeNum, !(as_double(A) <= as_double(B)))
BRANCH_IF(IfEqNum, as_double(A) == as_double(B))
BRANCH_IF(IfNeNum, as_double(A) != as_double(B))

// ---- Errors ----

RunState Engine::Try(FLIN_CELL) {
  m->begin_try(ip + ip->imm(), r + ip->a);
  FLIN_NEXT;
}
RunState Engine::EndTry(FLIN_CELL) {
  m->tries_.pop_back();
  FLIN_NEXT;
}
RunState Engine::EndTries(FLIN_CELL) {
  m->end_tries();
  FLIN_NEXT;
}
RunState Engine::Throw(FLIN_CELL) {
  FLIN_SAVE;
  m->throw_value(B);
  FLIN_CONTINUE_WITH(raise);
}

// ---- Calls ----

RunState Engine::Call(FLIN_CELL) {
  const Code* callee = ip[1].code;
  Value* window = r + ip->a;
  fp->ip = ip + 2;
  if (fp >= m->frames_.last() || window + callee->size > m->stack_end_) [[unlikely]]
    FLIN_CONTINUE_WITH(call_without_room);
  Component* component = fp->component;
  ++fp;
  m->frames_.set_top(fp);
  fp->base = window;
  fp->closure = nullptr;
  fp->component = component;
  fp->function = callee->row;
  fp->given = 0;
  fp->kind = FrameKind::kCode;
  fp->flags = 0;
  for (std::uint32_t slot = callee->cleared; slot < callee->refs; ++slot) window[slot] = kEmpty;
  r = window;
  ip = callee->cells.data();
  if ((fuel -= callee->cost) <= 0) [[unlikely]]
    FLIN_CONTINUE_WITH(pause);
  FLIN_DISPATCH;
}
RunState Engine::CallTarget(FLIN_CELL) { FLIN_NEXT; }

RunState Engine::call_without_room(FLIN_CELL) {
  if (!m->make_room(ip[1].code->row, r + ip->a)) FLIN_CONTINUE_WITH(raise);
  fp = m->frames_.top();
  FLIN_DISPATCH;
}

#define GIVE_BACK(value)     \
  do {                       \
    const Value v = (value); \
    --fp;                    \
    m->frames_.set_top(fp);  \
    ip = fp->ip;             \
    r = fp->base;            \
    r[ip[-1].a] = v;         \
    FLIN_DISPATCH;           \
  } while (0)

RunState Engine::Return(FLIN_CELL) { GIVE_BACK(B); }
RunState Engine::ReturnInt(FLIN_CELL) {
  if (fp->flags & kBoxesResult) GIVE_BACK(make_int(m->heap_, i64(B)));
  GIVE_BACK(B);
}
RunState Engine::ReturnNum(FLIN_CELL) {
  if (fp->flags & kBoxesResult) GIVE_BACK(from_double(as_double(B)));
  GIVE_BACK(B);
}
RunState Engine::ReturnBool(FLIN_CELL) {
  if (fp->flags & kBoxesResult) GIVE_BACK(from_bool(B.bits != 0));
  GIVE_BACK(B);
}

RunState Engine::CallValue(FLIN_CELL) {
  FLIN_TRY(m->call_value(r + ip->a, ip->b));
  FLIN_CONTINUE_WITH(reload);
}
RunState Engine::CallNamed(FLIN_CELL) {
  FLIN_TRY(m->call_named(r + ip->a, ip->b, ip->x));
  FLIN_CONTINUE_WITH(reload);
}
RunState Engine::CallSpread(FLIN_CELL) {
  FLIN_TRY(m->call_spread(r + ip->a));
  FLIN_CONTINUE_WITH(reload);
}

// After an opcode, built-in or method has run: its outcome is noted in the machine.
#define OUTCOME(expression)                                        \
  do {                                                             \
    FLIN_SAVE;                                                     \
    if (m->heap_.wants_collection() && !m->collect()) [[unlikely]] \
      FLIN_CONTINUE_WITH(raise);                                   \
    switch (expression) {                                          \
      case Outcome::kValue: break;                                 \
      case Outcome::kPushed: FLIN_CONTINUE_WITH(entered);          \
      case Outcome::kFailed: FLIN_CONTINUE_WITH(raise);            \
    }                                                              \
    ++ip;                                                          \
    if ((fuel -= 4) <= 0) [[unlikely]]                             \
      FLIN_CONTINUE_WITH(pause);                                   \
    FLIN_DISPATCH;                                                 \
  } while (0)

RunState Engine::CallNative(FLIN_CELL) { OUTCOME(m->run_native(ip->x, r + ip->a, ip->b)); }
RunState Engine::CallMethod(FLIN_CELL) { OUTCOME(m->run_method(r + ip->a, ip->b, ip->x)); }
RunState Engine::Member(FLIN_CELL) { OUTCOME(m->run_member(r + ip->a, ip->x)); }

RunState Engine::Hof(FLIN_CELL) {
  FLIN_SAVE;
  if (m->heap_.wants_collection() && !m->collect()) [[unlikely]]
    FLIN_CONTINUE_WITH(raise);
  if (!m->begin_hof(static_cast<bytecode::Op>(ip->b), r + ip->a, r + ip->a))
    FLIN_CONTINUE_WITH(raise);
  FLIN_CONTINUE_WITH(entered);
}

RunState Engine::Ext(FLIN_CELL) {
  FLIN_SAVE;
  if (m->heap_.wants_collection() && !m->collect()) [[unlikely]]
    FLIN_CONTINUE_WITH(raise);
  switch (m->run_ext(ip->x, r + ip->a)) {
    case Machine::Next::kContinue: break;
    case Machine::Next::kDone: return RunState::kDone;
    case Machine::Next::kSuspended: return RunState::kSuspended;
    case Machine::Next::kFailed: FLIN_CONTINUE_WITH(raise);
  }
  fuel -= 4;
  FLIN_CONTINUE_WITH(reload);
}

RunState Engine::CreateComponent(FLIN_CELL) {
  FLIN_TRY(m->create_component(ip->x, r[ip->a]));
  FLIN_CONTINUE_WITH(reload);
}
RunState Engine::RenderSlot(FLIN_CELL) {
  FLIN_TRY(m->render_slot(as_text(m->linked_->constants[ip->x]), r + ip->a));
  FLIN_CONTINUE_WITH(reload);
}
RunState Engine::BeginSlot(FLIN_CELL) {
  m->begin_slot(as_text(m->linked_->constants[ip->x]), ip + 2);
  FLIN_NEXT;
}
RunState Engine::EndSlot(FLIN_CELL) {
  m->end_slot();
  GIVE_BACK(kTrue);
}
RunState Engine::EndHandler(FLIN_CELL) {
  FLIN_SAVE;
  m->end_handler();
  return RunState::kDone;
}

}  // namespace flin::runtime
