// Reads over one connection: plans, states of the past, histories, the log. Each gathers first and
// gives to the sink afterwards, when the connection is free again: a sink may call the store.
#pragma once

#include "selection.h"
#include "sqlite_schema.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::store {

// What readers need of the program and the tables. Never changes; a reload brings another.
struct SqlModel {
  SqlSchema schema;
  std::shared_ptr<const Binding> binding;  // shared with shapes
};
using SqlModelRef = std::shared_ptr<const SqlModel>;

// The outcome of a plan, on its way to a sink.
class SqlFound {
 public:
  // The rows as the connection sees them.
  MaybeFault query(SqlConnection& connection, const SqlModel& model, const Plan& plan);
  // The rows as they were valid at `time`.
  MaybeFault as_of(SqlConnection& connection, const SqlModel& model, const Plan& plan,
                   std::int64_t time);
  MaybeFault deliver(IRowSink& rows);

 private:
  MaybeFault read_whole(SqlConnection& connection, const SqlModel& model,
                        const std::string& condition, const std::vector<const Scalar*>& values);
  MaybeFault count(SqlConnection& connection, const SqlModel& model, const std::string& condition,
                   const std::vector<const Scalar*>& values);
  MaybeFault test(SqlConnection& connection, const SqlModel& model, const std::string& condition,
                  const std::vector<const Scalar*>& values, bool is_whole);
  void keep(const Plain& value, const Binding& binding);

  enum { kVersions, kPlains, kOneValue } form_ = kVersions;
  Selection selection_;
  TableShape shape_;
  // kPlains: rows ready to be given. Until all are there, a text's data is its place in bytes_.
  struct Head {
    std::uint64_t id, version;
  };
  std::vector<Head> heads_;
  std::vector<Plain> plains_;
  std::string bytes_;
  Scalar value_;
};

// "t.id, t.version, .., t.title, .." as read_row() takes them.
std::string row_columns(const SqlTable& table);
// A row as its table has it, from the statement's column `at` on. Null: damaged.
VersionRef read_row(SqlConnection& connection, const SqlStatement& statement, int at,
                    const TableInfo& info);
// The present version of a row, or null.
VersionRef find_row(SqlConnection& connection, const TableInfo& info, const SqlTable& table,
                    std::uint64_t id);
MaybeFault read_history(SqlConnection& connection, std::uint32_t table, std::uint64_t id,
                        std::vector<VersionRef>& out);
// Up to `most` commits of the log after `since`, with their rows.
MaybeFault read_log(SqlConnection& connection, std::uint64_t since, std::uint64_t most,
                    std::vector<LoggedCommitRef>& out);

}  // namespace flin::store
