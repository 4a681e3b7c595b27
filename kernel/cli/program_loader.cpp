#include "cli/program_loader.h"

#include "cli/kernel.h"
#include "flin/events.h"
#include "runtime/declare.h"

namespace flin::cli {

namespace {

constexpr int kProgramError = 1, kUsageError = 2, kSetupError = 78;  // ARCHITECTURE 10
constexpr std::size_t kBuildsWithAssets = 4;  // whose pages may still be on their way to a browser

LoadedProgram refused(LoadedProgram loaded, int status, Error error) {
  loaded.outcome = LoadedProgram::Outcome::kRefused;
  loaded.status = status;
  loaded.error = std::move(error);
  return loaded;
}

std::vector<std::string> files_of(const BuiltProgram& built) {
  std::vector<std::string> files;
  for (std::uint32_t n = 0; n < built.sources->size(); ++n)
    files.emplace_back(built.sources->at(n).path());
  return files;
}

}  // namespace

std::string shown_text(const LoadedProgram& loaded) {
  if (loaded.error.message.empty()) return loaded.diagnostics;
  const std::string code = loaded.error.code == 0 ? "" : "[" + code_text(loaded.error.code) + "]";
  return loaded.diagnostics + "error" + code + ": " + loaded.error.message + "\n";
}

LoadedProgram ProgramLoader::load() {
  std::shared_ptr<const runtime::Program> old;
  return serve(old);
}

LoadedProgram ProgramLoader::replace() {
  std::shared_ptr<const runtime::Program> old;
  LoadedProgram loaded = serve(old);
  if (loaded.outcome != LoadedProgram::Outcome::kServed) return loaded;
  // Tables of plugins that name functions of the old one are swapped by then.
  parts_.scheduler.wait_for_turns();
  old.reset();
  parts_.programs.forget_assets(kBuildsWithAssets);
  parts_.hub.retire_before(parts_.programs.current()->number());
  return loaded;
}

LoadedProgram ProgramLoader::link() {
  LoadedProgram loaded;
  loaded.files = {path_};
  Result<BuiltProgram> result =
      build_program(path_, parts_.host.bindings(), dev_ ? BuildFor::kDevelopment : BuildFor::kUse);
  if (!result.ok()) return refused(std::move(loaded), kUsageError, std::move(result).error());
  BuiltProgram built = std::move(result).value();
  loaded.diagnostics = built.diagnostics;
  loaded.files = files_of(built);
  if (!built.ok) return refused(std::move(loaded), kProgramError, Error{});
  const auto served = parts_.programs.current();
  if (served != nullptr && !built.chunk->is_server)
    return refused(std::move(loaded), kProgramError,
                   Error{0, path_ + " has no pages and no routes any more: nothing to serve"});
  if (served != nullptr && served->chunk().build == built.chunk->build) {
    loaded.outcome = LoadedProgram::Outcome::kSame;
    return loaded;
  }
  if (Result<void> linked = link(std::move(*built.chunk)); !linked.ok())
    return refused(std::move(loaded), kProgramError, std::move(linked).error());
  loaded.outcome = LoadedProgram::Outcome::kServed;
  return loaded;
}

Result<void> ProgramLoader::link(bytecode::Chunk chunk) {
  const runtime::FindOp find = [this](std::string_view name, runtime::LinkedOp& out) {
    const OpEntry* entry = parts_.host.ops().find(name);
    if (entry == nullptr) return false;
    out = {entry->name,  entry->owner,      entry->self, entry->run,
           entry->flags, entry->timeout_ms, entry->args, entry->results};
    return true;
  };
  auto linked = runtime::Program::link(std::move(chunk), ++last_number_, parts_.core, find);
  if (!linked.ok()) return std::move(linked).error();
  parts_.programs.begin_linking(std::move(linked).value());
  return {};
}

LoadedProgram ProgramLoader::serve(std::shared_ptr<const runtime::Program>& old) {
  LoadedProgram loaded = link();
  if (loaded.outcome != LoadedProgram::Outcome::kServed) return loaded;
  int status = 0;
  if (Result<void> declared = declare(status); !declared.ok()) {
    parts_.programs.give_up();
    return refused(std::move(loaded), status, std::move(declared).error());
  }
  old = parts_.programs.serve();
  const ProgramEvent event{sizeof(ProgramEvent), last_number_};
  // No before_ event: what handlers find wrong is in the log.
  static_cast<void>(parts_.host.events().emit(kProgramLoaded, event));
  return loaded;
}

// Runs the decl ops between program.linking and program.before_served (A 6).
Result<void> ProgramLoader::declare(int& status) {
  const ProgramEvent event{sizeof(ProgramEvent), last_number_};
  static_cast<void>(parts_.host.events().emit(kProgramLinking, event));
  status = kProgramError;
  if (Result<void> declared = runtime::declare(parts_.programs.find(last_number_)); !declared.ok())
    return declared;
  status = kSetupError;
  return parts_.host.events().emit(kProgramBeforeServed, event);
}

}  // namespace flin::cli
