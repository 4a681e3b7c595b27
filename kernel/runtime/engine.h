// Handlers of cells: static members of Engine, one per row of cells.def. Each runs its cell and
// goes on with the next by a tail call, so that the machine's state stays in registers: the cell,
// the window, the machine, the frame and the fuel left (PERFORMANCE 5). Where the compiler gives no
// tail calls (FLIN_TAIL_CALLS is 0: no optimisation, sanitizers) they hand their state back to a
// loop instead.
//
// A handler keeps no variable whose address is taken and no object with a destructor: g++ would
// then call the next one instead of jumping to it (the test cells_are_chained looks). What needs
// either is a function of its own that writes through `r`.
#pragma once

#include "runtime/machine.h"

#ifndef FLIN_TAIL_CALLS
#define FLIN_TAIL_CALLS 0
#endif

#define FLIN_CELL                                                                          \
  [[maybe_unused]] const Cell *ip, [[maybe_unused]] Value *r, [[maybe_unused]] Machine *m, \
      [[maybe_unused]] Frame *fp, [[maybe_unused]] std::int64_t fuel

#if FLIN_TAIL_CALLS
#if defined(__clang__)
#define FLIN_TAIL [[clang::musttail]] return
#else
#define FLIN_TAIL return
#endif
#define FLIN_DISPATCH FLIN_TAIL ip->handler(ip, r, m, fp, fuel)
#else
#define FLIN_TAIL return
#define FLIN_DISPATCH return Engine::hand_back(ip, r, m, fp, fuel)
#endif

// Goes on with the next cell, or `n` cells on.
#define FLIN_NEXT  \
  do {             \
    ++ip;          \
    FLIN_DISPATCH; \
  } while (0)
#define FLIN_SKIP(n) \
  do {               \
    ip += (n);       \
    FLIN_DISPATCH;   \
  } while (0)
#define FLIN_CONTINUE_WITH(handler) FLIN_TAIL handler(ip, r, m, fp, fuel)
// Notes where the frame is, for traces and whoever goes on later.
#define FLIN_SAVE (fp->ip = ip + 1)
// `expression` is false if the machine failed.
#define FLIN_TRY(expression)             \
  do {                                   \
    FLIN_SAVE;                           \
    if (!(expression)) [[unlikely]]      \
      FLIN_CONTINUE_WITH(Engine::raise); \
  } while (0)

namespace flin::runtime {

struct Engine {
#define CELL(name, a, b, x) static RunState name(FLIN_CELL);
#define BRANCH(name, a, b) static RunState name(FLIN_CELL), name##Back(FLIN_CELL);
#define PLAIN(name)                       \
  static RunState Plain##name(FLIN_CELL); \
  static bool plain_##name(Machine& m, Value* at, const Cell& cell);
#include "runtime/cells.def"
#undef CELL
#undef BRANCH
#undef PLAIN

  // Not cells: where handlers go on.
  static RunState raise(FLIN_CELL);    // the machine failed
  static RunState reload(FLIN_CELL);   // another frame is on top
  static RunState entered(FLIN_CELL);  // frames were pushed by C++
  static RunState pause(FLIN_CELL);    // the fuel is used up
  static RunState call_without_room(FLIN_CELL);
  static RunState hand_back(FLIN_CELL);

  static RunState run(Machine& m, std::int64_t fuel);
};

}  // namespace flin::runtime
