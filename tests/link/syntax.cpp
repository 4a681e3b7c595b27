// kernel/syntax alone: a parser without names, types or plugins.
#include "syntax/parser.h"

int main() {
  flin::syntax::Sources sources;
  flin::syntax::Diagnostics diagnostics;
  flin::Arena arena;
  const auto file = sources.add("app.flin", "x = ,\n");
  return flin::syntax::parse(sources, file, arena, diagnostics) && diagnostics.errors() == 1 ? 0
                                                                                             : 1;
}
