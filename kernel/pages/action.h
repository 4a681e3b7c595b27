// One run of a server-tier handler (W 4.6): inputs are checked and read, entities come from the
// store by its rules, the handler's code runs, and its outputs are told as what changed.
#pragma once

#include "agents/job.h"
#include "pages/message.h"
#include "pages/services.h"
#include "pages/token.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flin::pages {

// What is asked for. Texts are owned: the message is gone when the action runs.
struct ActionCall {
  std::int64_t id = 0;
  std::uint32_t handler = 0;
  std::string scope;      // of the instance whose handler it is; empty: the page
  std::string in = "[]";  // JSON array, a value per input
  std::string event;      // JSON object, or empty
};

struct ActionOutcome {
  ShownError error;                                        // code 0: it went well
  std::vector<std::pair<std::uint32_t, std::string>> out;  // output number -> JSON, what changed
  std::vector<std::pair<std::string, std::string>>
      token_cells;                         // variables of the token that changed
  std::vector<std::string> changed_cells;  // names of page variables in `out`
  std::uint64_t committed = 0;             // number of its newest commit; 0: none
};

// A result is {"type":"result","id":1,"seq":58 + rest + }. The rest is what is kept:
// ,"out":[[0,""]].
std::string result_head(std::int64_t id, std::uint64_t seq);
std::string result_rest(const ActionOutcome& outcome, bool production);

class ActionJob final : public agents::Job {
 public:
  using Done = std::function<void(ActionOutcome)>;

  // `cells`: values of variables that live in the token, name -> JSON. Takes over `context` (may be
  // null). `done` is called once, on the loop.
  ActionJob(Services& services, std::shared_ptr<const runtime::Program> program,
            const bytecode::PageRow& page, ActionCall call, TokenData token, IContext* context,
            Done done);
  ~ActionJob() override;

  // Called when it commits, or is about to; the page keeps back what the hub tells until its end.
  std::function<void()> on_write;

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override;
  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override;
  void abandon() override;
  Status context(ICall& call, std::uint32_t what, Value& out) override;
  void committed(std::uint64_t seq) override;
  void writing() override;

 private:
  class StoredEntities;
  struct EntityNeed {
    std::string type;
    std::uint64_t id;
    std::uint64_t handle = 0;
  };

  void find_entities(const json::Node& node);
  bool read_next_entity(runtime::Isolate& isolate);
  bool enter(runtime::Isolate& isolate);
  Result<void> preset_inputs(runtime::Isolate& isolate,
                             std::vector<std::pair<runtime::Preset, std::uint64_t>>& presets);
  void collect_outputs(runtime::Isolate& isolate);
  void collect_session(runtime::Isolate& isolate);
  bool fail(Error error);
  void finish();

  Services& services_;
  const std::shared_ptr<const runtime::Program> program_;
  const bytecode::PageRow& page_;
  const ActionCall call_;
  TokenData token_;
  IContext* context_;
  Done done_;
  ActionOutcome outcome_;
  json::Document in_;
  std::vector<EntityNeed> entities_;  // stored entities among the inputs
  std::size_t entities_read_ = 0;
  bool is_running_ = false;  // the handler itself, not the reading of entities
};

}  // namespace flin::pages
