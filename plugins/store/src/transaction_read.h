// A query inside a transaction whose changes it may see: reads the rows it needs at the
// transaction's snapshot, makes the changes on them, and runs the plan over the result with the
// code the backends use.
#pragma once

#include "backends/selection.h"
#include "transaction.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace flin::store {

class TransactionRead final : private IRowSink {
 public:
  // Whether `plan` can be concerned by the changes. If not, it is read at the snapshot as it is.
  static bool is_needed(const Transaction& transaction, const Plan& plan);
  // Deletes itself after `done`. `plan` and `rows` stay valid until then.
  static void run(EntityStore& store, TransactionRef transaction, const Plan& plan, const Ctx& ctx,
                  IRowSink& rows, QueryDone done, void* data);

 private:
  struct Fetch {
    std::uint32_t type;
    Bytes code;
    Scalars parameters;
  };

  TransactionRead(EntityStore& store, TransactionRef transaction, const Plan& plan, const Ctx& ctx,
                  IRowSink& rows, QueryDone done, void* data);
  ~TransactionRead() = default;
  void plan_fetches();
  void fetch_id(std::uint32_t type, std::uint64_t id);
  void go_on();
  void evaluate();
  void apply(const OwnedChange& change);
  MaybeFault select(Selection& selection);
  void finish(Status status);

  std::uint32_t row(const Row& row) noexcept override;
  std::uint32_t past(const Past&) noexcept override { return 0; }
  void value(const Plain&, const Plain&) noexcept override {}
  static void fetched(void* data, Status status) noexcept;

  EntityStore& store_;
  const TransactionRef transaction_;  // shared with the run
  const Plan& plan_;
  const std::string session_;
  const std::uint32_t system_;
  IRowSink& rows_;
  const QueryDone done_;
  void* const data_;

  TableInfos tables_;                       // numbered as the program's types
  std::shared_ptr<const Binding> binding_;  // shared with what deliver() reads
  std::vector<Fetch> fetches_;
  std::size_t next_ = 0;
  Handshake handshake_;
  Status status_;
  std::vector<Plain> plains_;
  std::map<Place, std::shared_ptr<Version>> found_;
};

}  // namespace flin::store
