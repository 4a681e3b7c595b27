#include "sqlite_query.h"

#include "sqlite_codec.h"
#include "sqlite_translate.h"

#include <sqlite3.h>

#include <algorithm>

namespace flin::store {
namespace {

constexpr int kAutomaticColumns = 5;  // id, version, created_at, updated_at, deleted_at

// The rows as the connection sees them.
class PresentRows final : public IMoment {
 public:
  PresentRows(SqlConnection& connection, const SqlSchema& schema)
      : connection_(connection), schema_(schema) {}
  VersionRef version(std::uint32_t table, std::uint64_t id) const override {
    return find_row(connection_, schema_.infos[table], schema_.tables[table], id);
  }

 private:
  SqlConnection& connection_;
  const SqlSchema& schema_;
};

VersionRef decoded(SqlConnection& connection, std::string_view bytes) {
  auto out = std::make_shared<Version>();
  if (decode(bytes, *out)) return out;
  connection.damaged();
  return nullptr;
}

// The rows as they were valid at a time.
class PastRows final : public IMoment {
 public:
  PastRows(SqlConnection& connection, std::int64_t time) : connection_(connection), time_(time) {}
  VersionRef version(std::uint32_t table, std::uint64_t id) const override {
    SqlStatement row = connection_.prepare(
        "SELECT data FROM history WHERE entity = ? AND id = ? AND valid_from <= ?"
        " ORDER BY version DESC LIMIT 1");
    row.bind(1, table).bind(2, static_cast<std::int64_t>(id)).bind(3, time_);
    return row.step() ? decoded(connection_, row.blob(0)) : nullptr;
  }

 private:
  SqlConnection& connection_;
  const std::int64_t time_;
};

std::string source(const SqlModel& model, std::uint32_t type, const std::string& condition) {
  return " FROM " + model.schema.tables[model.binding->types[type].table].name + " AS t" +
         condition;
}

int bind_all(SqlStatement& statement, const std::vector<const Scalar*>& values) {
  int at = 0;
  for (const Scalar* value : values) bind_parameter(statement, ++at, *value);
  return at;
}

std::string expression(const SqlModel& model, std::uint32_t type, std::uint32_t field) {
  switch (field) {
    case kFieldId: return "t.id";
    case kFieldVersion: return "t.version";
    case kFieldCreatedAt: return "t.created_at";
    case kFieldUpdatedAt: return "t.updated_at";
    case kFieldDeletedAt: return "t.deleted_at";
    default: break;
  }
  const TypeBinding& bound = model.binding->types[type];
  return "t." + model.schema.tables[bound.table].columns[bound.columns[field]];
}

const Column& column_of(const SqlModel& model, std::uint32_t type, std::uint32_t field) {
  static const Column kWhole = [] {
    Column column;
    column.kind = Kind::kInt;
    return column;
  }();
  static const Column kTimes = [] {
    Column column;
    column.kind = Kind::kTime;
    return column;
  }();
  if (field == kFieldId || field == kFieldVersion) return kWhole;
  if (field >= kFieldId) return kTimes;
  const TypeBinding& bound = model.binding->types[type];
  return model.schema.infos[bound.table].columns[bound.columns[field]];
}

}  // namespace

std::string row_columns(const SqlTable& table) {
  std::string out = "t.id, t.version, t.created_at, t.updated_at, t.deleted_at";
  for (const std::string& column : table.columns) out += ", t." + column;
  return out;
}

VersionRef read_row(SqlConnection& connection, const SqlStatement& row, int at,
                    const TableInfo& info) {
  auto out = std::make_shared<Version>();
  out->number = static_cast<std::uint64_t>(row.integer(at + 1));
  out->created_at = row.integer(at + 2);
  out->from = row.integer(at + 3);
  if (!row.is_null(at + 4)) out->deleted_at = row.integer(at + 4);
  out->cells.resize(info.columns.size());
  for (std::size_t column = 0; column < info.columns.size(); ++column) {
    const int place = at + kAutomaticColumns + static_cast<int>(column);
    if (read_value(row, place, info.columns[column], out->cells[column])) continue;
    connection.damaged();
    return nullptr;
  }
  return out;
}

VersionRef find_row(SqlConnection& connection, const TableInfo& info, const SqlTable& table,
                    std::uint64_t id) {
  if (table.name.empty()) return nullptr;
  SqlStatement row = connection.prepare("SELECT " + row_columns(table) + " FROM " + table.name +
                                        " AS t WHERE t.id = ?");
  row.bind(1, static_cast<std::int64_t>(id));
  return row.step() ? read_row(connection, row, 0, info) : nullptr;
}

MaybeFault SqlFound::query(SqlConnection& connection, const SqlModel& model, const Plan& plan) {
  if (MaybeFault fault = read_plan(plan, *model.binding, selection_)) return fault;
  Translator translator(model.schema, *model.binding);
  SqlCondition condition = translator.condition(selection_);
  condition.where = condition.joins + " WHERE t.deleted_at IS NULL" + condition.where;
  std::string order;
  const bool is_ordered = translator.order(selection_, order);
  const bool is_whole = condition.is_whole;
  if (is_whole && (selection_.aggregate == kCount || selection_.aggregate == kExists))
    return count(connection, model, condition.where, condition.values);
  if (is_whole && is_ordered && selection_.aggregate == kRows)
    return read_whole(connection, model, condition.where + order, condition.values);
  return test(connection, model, condition.where + " ORDER BY t.id", condition.values, is_whole);
}

MaybeFault SqlFound::count(SqlConnection& connection, const SqlModel& model,
                           const std::string& condition, const std::vector<const Scalar*>& values) {
  form_ = kOneValue;
  const bool is_exists = selection_.aggregate == kExists;
  std::string sql = source(model, selection_.type, condition);
  if (is_exists || selection_.limit >= 0 || selection_.offset > 0)
    sql = "SELECT count(*) FROM (SELECT 1" + sql + " LIMIT ? OFFSET ?)";
  else
    sql = "SELECT count(*)" + sql;
  SqlStatement row = connection.prepare(sql);
  const int at = bind_all(row, values);
  if (is_exists || selection_.limit >= 0 || selection_.offset > 0) {
    const std::int64_t limit = is_exists && selection_.limit != 0 ? 1 : selection_.limit;
    row.bind(at + 1, limit).bind(at + 2, std::max<std::int64_t>(selection_.offset, 0));
  }
  const std::int64_t found = row.step() ? row.integer(0) : 0;
  value_ = is_exists ? Scalar::of_bool(found > 0) : Scalar::of_int(found);
  return connection.take_fault();
}

// All of it in SQL: condition, order, limit.
MaybeFault SqlFound::read_whole(SqlConnection& connection, const SqlModel& model,
                                const std::string& condition,
                                const std::vector<const Scalar*>& values) {
  form_ = kPlains;
  std::vector<const Column*> columns;
  std::string sql = "SELECT t.id, t.version";
  for (const std::uint32_t field : selection_.fields) {
    sql += ", " + expression(model, selection_.type, field);
    columns.push_back(&column_of(model, selection_.type, field));
  }
  sql += source(model, selection_.type, condition);
  const bool is_cut = selection_.limit >= 0 || selection_.offset > 0;
  if (is_cut) sql += " LIMIT ? OFFSET ?";
  SqlStatement row = connection.prepare(sql);
  const int at = bind_all(row, values);
  if (is_cut)
    row.bind(at + 1, selection_.limit).bind(at + 2, std::max<std::int64_t>(selection_.offset, 0));
  Scalar value;
  while (row.step()) {
    heads_.push_back(
        {static_cast<std::uint64_t>(row.integer(0)), static_cast<std::uint64_t>(row.integer(1))});
    for (std::size_t field = 0; field < columns.size(); ++field) {
      Plain plain;
      const int place = static_cast<int>(field) + 2;
      if (!read_plain(row, place, *columns[field], plain)) {
        if (!read_value(row, place, *columns[field], value)) connection.damaged();
        plain = borrow(value);
      }
      keep(plain, *model.binding);
    }
  }
  for (Plain& plain : plains_)
    plain.text.data = bytes_.data() + reinterpret_cast<std::uintptr_t>(plain.text.data);
  return connection.take_fault();
}

void SqlFound::keep(const Plain& value, const Binding& binding) {
  Plain& plain = plains_.emplace_back(value);
  if (value.kind == Kind::kRecord) plain.extra = binding.type_of(value.extra);
  plain.text = {reinterpret_cast<const char*>(bytes_.size()), value.text.size};
  bytes_ += std::string_view(value.text);
}

// What SQL finds is tested, ordered and folded in C++.
MaybeFault SqlFound::test(SqlConnection& connection, const SqlModel& model,
                          const std::string& condition, const std::vector<const Scalar*>& values,
                          bool is_whole) {
  const std::uint32_t table = model.binding->types[selection_.type].table;
  const TableInfo& info = model.schema.infos[table];
  const PresentRows moment(connection, model.schema);
  Selector selector(model.schema.infos, *model.binding, moment, selection_);
  shape_ = shape_of(model.schema.infos, model.binding, selection_.type);
  SqlStatement row = connection.prepare("SELECT " + row_columns(model.schema.tables[table]) +
                                        source(model, selection_.type, condition));
  bind_all(row, values);
  while (row.step()) {
    VersionRef version = read_row(connection, row, 0, info);
    const auto id = static_cast<std::uint64_t>(row.integer(0));
    if (is_whole) {
      selection_.matches.push_back({id, std::move(version)});
    } else if (MaybeFault fault = selector.consider(id, std::move(version))) {
      return fault;
    }
  }
  return connection.take_fault();
}

MaybeFault SqlFound::as_of(SqlConnection& connection, const SqlModel& model, const Plan& plan,
                           std::int64_t time) {
  if (MaybeFault fault = read_plan(plan, *model.binding, selection_)) return fault;
  shape_ = shape_of(model.schema.infos, model.binding, selection_.type);
  const PastRows moment(connection, time);
  Selector selector(model.schema.infos, *model.binding, moment, selection_);
  SqlStatement rows = connection.prepare(
      "SELECT id, data FROM history WHERE entity = ? AND valid_from <= ? ORDER BY id, version");
  rows.bind(1, model.binding->types[selection_.type].table).bind(2, time);
  std::uint64_t id = 0;
  std::string newest;  // of the row `id`
  const auto consider = [&]() -> MaybeFault {
    if (id == 0) return {};
    return selector.consider(id, decoded(connection, newest));
  };
  while (rows.step()) {
    const auto next = static_cast<std::uint64_t>(rows.integer(0));
    if (next != id) {
      if (MaybeFault fault = consider()) return fault;
    }
    id = next;
    newest = rows.blob(1);
  }
  if (MaybeFault fault = consider()) return fault;
  return connection.take_fault();
}

MaybeFault SqlFound::deliver(IRowSink& rows) {
  if (form_ == kVersions) return store::deliver(shape_, selection_, rows);
  if (form_ == kOneValue) {
    rows.value({}, borrow(value_));
    return {};
  }
  const std::size_t width = selection_.fields.size();
  for (std::size_t at = 0; at < heads_.size(); ++at) {
    const Row row{heads_[at].id, heads_[at].version, {plains_.data() + at * width, width}};
    if (rows.row(row) == 0) break;
  }
  return {};
}

MaybeFault read_history(SqlConnection& connection, std::uint32_t table, std::uint64_t id,
                        std::vector<VersionRef>& out) {
  SqlStatement rows =
      connection.prepare("SELECT data FROM history WHERE entity = ? AND id = ? ORDER BY version");
  rows.bind(1, table).bind(2, static_cast<std::int64_t>(id));
  while (rows.step()) out.push_back(decoded(connection, rows.blob(0)));
  return connection.take_fault();
}

namespace {

VersionRef logged_version(SqlConnection& connection, const LogEntry& entry, std::uint64_t number,
                          const SqlStatement& row, int data) {
  if (!row.is_null(data)) return decoded(connection, row.blob(data));
  SqlStatement past =
      connection.prepare("SELECT data FROM history WHERE entity = ? AND id = ? AND version = ?");
  past.bind(1, entry.table).bind(2, static_cast<std::int64_t>(entry.id));
  past.bind(3, static_cast<std::int64_t>(number));
  if (past.step()) return decoded(connection, past.blob(0));
  connection.damaged();
  return nullptr;
}

}  // namespace

MaybeFault read_log(SqlConnection& connection, std::uint64_t since, std::uint64_t most,
                    std::vector<LoggedCommitRef>& out) {
  SqlStatement rows = connection.prepare(
      "SELECT seq, entity, id, kind, base_version, version, before_data, after_data FROM log"
      " WHERE seq > ? AND seq <= ? ORDER BY seq, place");
  rows.bind(1, static_cast<std::int64_t>(since)).bind(2, static_cast<std::int64_t>(since + most));
  std::shared_ptr<LoggedCommit> commit;
  while (rows.step()) {
    const auto seq = static_cast<std::uint64_t>(rows.integer(0));
    if (!commit || commit->seq != seq) {
      commit = std::make_shared<LoggedCommit>(LoggedCommit{seq, {}});
      out.push_back(commit);
    }
    LogEntry& entry = commit->entries.emplace_back();
    entry.table = static_cast<std::uint32_t>(rows.integer(1));
    entry.id = static_cast<std::uint64_t>(rows.integer(2));
    entry.kind = static_cast<std::uint32_t>(rows.integer(3));
    entry.base_version = static_cast<std::uint64_t>(rows.integer(4));
    const auto version = static_cast<std::uint64_t>(rows.integer(5));
    if (version > 1) entry.before = logged_version(connection, entry, version - 1, rows, 6);
    if (entry.kind != kDestroy) entry.after = logged_version(connection, entry, version, rows, 7);
    if (entry.after) entry.columns = entry.after->changed;
  }
  return connection.take_fault();
}

}  // namespace flin::store
