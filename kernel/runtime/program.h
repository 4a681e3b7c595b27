// A Program: a verified chunk, linked against the opcodes of plugins and the kernel's built-ins.
// Immutable and shared by every agent that runs it; never changed by a reload (ARCHITECTURE 5).
#pragma once

#include "base/result.h"
#include "bytecode/chunk.h"
#include "flin/program.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace flin::runtime {

class Isolate;
class CoreLibrary;

// An opcode of a plugin as linking finds it.
struct LinkedOp {
  std::string_view name, owner;  // valid as long as the plugin host
  IPlugin* self = nullptr;
  OpFn run = nullptr;
  std::uint32_t flags = 0, timeout_ms = 0;
  std::int32_t args = 0;
  std::uint32_t results = 0;
};
// Gives the opcode of that name; false: none is loaded.
using FindOp = std::function<bool(std::string_view name, LinkedOp& out)>;

class Program {
 public:
  // E1104 if the chunk does not verify, E1105 naming the first opcode or built-in that cannot be
  // linked. `number` is the Program's number in this process (FunctionId::program).
  static Result<std::shared_ptr<const Program>> link(bytecode::Chunk chunk, std::uint32_t number,
                                                     const CoreLibrary& core, const FindOp& find);
  ~Program();

  const bytecode::Chunk& chunk() const;
  std::uint32_t number() const;
  // The tables in the form plugins see, valid as long as the Program.
  List<EntityRow> entities() const;
  List<DeclRow> decls() const;
  std::uint32_t entity_number(std::string_view name) const;  // bytecode::kNoIndex: none

  struct Linked;  // the machine's view: translated code, decoded constants, imports, natives
  const Linked& linked() const { return *linked_; }

 private:
  Program();
  std::unique_ptr<Linked> linked_;
};

}  // namespace flin::runtime
