// ICall for the opcodes of plugins (A 7): one per machine, pointed at each call in turn. What an
// opcode asks for that changes the stack (call_then, suspend) is noted here and done when it has
// returned.
#pragma once

#include "runtime/machine.h"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::runtime {

// A Status that owns its message.
Status make_failure(std::uint32_t code, std::string_view message) noexcept;

class CallPort final : public ICall {
 public:
  explicit CallPort(Machine& machine) : machine_(machine) {}
  virtual ~CallPort() = default;

  struct Pending {
    bool is_call = false;
    Value callee = kNone;
    std::vector<Value> args;
    ThenRow then;
  };

  void begin(const LinkedOp& op, const Value* args, std::uint32_t count);
  void reset();
  Pending take_pending();
  bool take_suspended();
  Value take_fields();  // given to fail_with

  Kind kind(Value v) noexcept override;
  Status args_plain(Plain* out) noexcept override;
  Status plain(Value v, Plain& out) noexcept override;
  Value make(const Plain& p) noexcept override;
  std::uint64_t size(Value v) noexcept override;
  Value item(Value v, std::uint64_t i) noexcept override;
  Value key(Value map, std::uint64_t i) noexcept override;
  Value make_list(const Value* items, std::uint64_t n) noexcept override;
  Value make_map(const Value* keys_and_values, std::uint64_t pairs) noexcept override;
  Value make_foreign(const ForeignType& type, void* data) noexcept override;
  void* foreign(Value v, const ForeignType& type) noexcept override;
  Status record(Value v, RecordRef& out) noexcept override;
  Value field(Value record, std::uint32_t field) noexcept override;
  Status refresh(Value record, const Row& row) noexcept override;
  Value new_records(std::uint32_t type, List<std::uint32_t> fields,
                    List<Row> rows) noexcept override;
  Status predicate(Value v, List<std::uint8_t>& code, List<Plain>& parameters) noexcept override;
  Status fail(std::uint32_t code, flin::Text message) noexcept override;
  Status fail_with(std::uint32_t code, flin::Text message, Value fields) noexcept override;
  std::uint64_t suspend() noexcept override;
  Status call_then(Value fn, const Value* args, std::uint32_t count, ThenFn then, void* data,
                   DropFn drop) noexcept override;
  FunctionId function_id(Value fn) noexcept override;
  std::uint64_t keep(Value v) noexcept override;
  Value kept(std::uint64_t handle) noexcept override;
  void forget(std::uint64_t handle) noexcept override;
  AgentId agent() noexcept override;
  void** local(DropFn drop) noexcept override;
  void depend(std::uint64_t source) noexcept override;
  void committed(std::uint64_t seq) noexcept override;
  void html(flin::Text markup) noexcept override;
  std::uint32_t program() noexcept override;

 private:
  Status encode(Value v, Plain& out);

  Machine& machine_;
  const LinkedOp* op_ = nullptr;
  const Value* args_ = nullptr;
  std::uint32_t count_ = 0;
  Pending pending_;
  bool suspended_ = false;
  Value fields_ = kNone;
  std::deque<std::string> texts_;  // encoded values, borrowed until the call returns
  std::deque<std::vector<std::uint32_t>> changed_;
  std::unordered_map<std::uint64_t, std::uint32_t>
      field_types_;  // objects that field() gave -> their type constant
};

}  // namespace flin::runtime
