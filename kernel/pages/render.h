// The first paint of a page (ARCHITECTURE 5, W 2): an agent runs setup and view once and writes a
// whole document with the state the browser adopts it by. Nothing is kept afterwards but shared
// live nodes.
#pragma once

#include "agents/job.h"
#include "pages/live_hub.h"
#include "pages/services.h"
#include "pages/token.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flin::pages {

// Row of the page that this function belongs to; null: none.
const bytecode::PageRow* find_page(const bytecode::Chunk& chunk, std::uint32_t function);

class RenderJob final : public agents::Job {
 public:
  // Takes over `request.peer.context`. `sink` is valid until its end().
  RenderJob(Services& services, std::shared_ptr<const runtime::Program> program,
            const bytecode::PageRow& page, const PageRequest& request, IHtmlSink& sink);
  ~RenderJob() override;

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override;
  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override;
  void abandon() override;

  Status context(ICall& call, std::uint32_t what, Value& out) override;
  void depend(std::uint64_t source) override { sources_.push_back(source); }
  runtime::PortResult live_value(runtime::Isolate& isolate, std::uint32_t row, const Value* inputs,
                                 std::uint32_t count, Value& out) override;
  bool form_fields(runtime::Isolate& isolate, std::uint32_t handler, const Value* inputs,
                   std::uint32_t count) override;
  void body_begins(runtime::Isolate& isolate) override;
  void enter_row(std::uint32_t view_row, const std::string* key) override;
  void enter_use(std::uint32_t view_row, std::uint32_t component) override;
  void enter_slot(std::uint32_t slot) override;
  void leave_step() override;
  bool instance_cells(runtime::Isolate& isolate, std::uint32_t component, const Value* values,
                      std::uint32_t count) override;

 private:
  struct Pending;  // a live value that is being computed within this run
  // Where the run is (W 4.2). A slot leads back to the instance that wrote its content.
  struct Instance {
    std::uint32_t unit;
    std::string path;
    std::size_t writer;  // the instance around it
  };
  struct Step {
    std::size_t path_size, instance;  // before it
    std::uint32_t row;                // view row of a loop; kNoIndex: of another step
  };

  Result<std::string> write_document(runtime::Isolate& isolate);
  Result<std::string> write_state(runtime::Isolate& isolate, const std::string& token);
  Result<std::string> token(runtime::Isolate& isolate);
  void finish(Status status);
  void enter(const std::string& step, std::uint32_t row);
  std::string live_key(std::uint32_t row) const;
  static void live_computed(runtime::Isolate& isolate, Value returned, void* data);

  Services& services_;
  const std::shared_ptr<const runtime::Program> program_;
  const bytecode::PageRow& page_;
  TokenData token_data_;
  IContext* context_;
  IHtmlSink& sink_;
  bool is_finished_ = false;

  std::uint64_t seq_ = 0;     // the hub's number when the run began
  std::size_t head_end_ = 0;  // of the output: head nodes before, body behind
  std::optional<std::string> sealed_;
  std::map<std::pair<std::uint32_t, std::string>, std::shared_ptr<const LiveData>>
      live_;  // by row and key
  std::string path_;
  std::vector<Instance> instances_;
  std::size_t instance_ = 0;
  std::vector<Step> steps_;
  std::map<std::string, std::int64_t> rows_;  // loops without keys: the next index
  std::string cells_;                         // of instances: "c2.open":false
  std::vector<std::uint64_t> sources_;        // of the live value being computed
};

}  // namespace flin::pages
