// kernel/runtime alone: a machine without compiler, scheduler or plugins.
#include "runtime/isolate.h"

int main() {
  flin::runtime::Isolate isolate;
  return isolate.output().empty() ? 0 : 1;
}
