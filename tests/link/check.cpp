// kernel/check alone: programs are checked without generating code.
#include "check/program.h"
#include "support/fake_bindings.h"
#include "syntax/parser.h"

int main() {
  flin::syntax::Sources sources;
  flin::syntax::Diagnostics diagnostics;
  flin::Arena arena;
  const flin::testing::FakeBindings bindings;
  auto* file =
      flin::syntax::parse(sources, sources.add("app.flin", "print(totl)\n"), arena, diagnostics);
  const auto program = flin::check::check({file}, sources, "app", bindings, diagnostics);
  return program && diagnostics.errors() == 1 ? 0 : 1;
}
