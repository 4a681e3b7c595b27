#include "check/infer.h"
#include "check/scopes.h"
#include "check/tiers.h"

namespace flin::check {

std::unique_ptr<CheckedProgram> check(std::vector<syntax::File*> files,
                                      const syntax::Sources& sources, std::string name,
                                      const Bindings& bindings, syntax::Diagnostics& diagnostics) {
  auto program = std::make_unique<CheckedProgram>();
  program->name = std::move(name);
  program->files = std::move(files);
  Reports reports;
  Tables tables(*program, sources, bindings, reports);
  declare(tables);
  resolve_names(tables);
  Inference(tables).run();
  Tiers(tables).run();
  find_scopes(*program);
  reports.flush(diagnostics);
  return program;
}

}  // namespace flin::check
