// kernel/compile alone: bytecode is made without a VM to run it.
#include "compile/compile.h"
#include "support/fake_bindings.h"
#include "syntax/parser.h"

int main() {
  flin::syntax::Sources sources;
  flin::syntax::Diagnostics diagnostics;
  flin::Arena arena;
  const flin::testing::FakeBindings bindings;
  auto* file =
      flin::syntax::parse(sources, sources.add("app.flin", "print(1 + 2)\n"), arena, diagnostics);
  const auto program = flin::check::check({file}, sources, "app", bindings, diagnostics);
  if (diagnostics.has_errors()) return 1;
  return flin::compile::compile(*program, sources, bindings).functions.empty() ? 1 : 0;
}
