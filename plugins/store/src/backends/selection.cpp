#include "selection.h"

#include "aggregate.h"

#include <algorithm>

namespace flin::store {
namespace {

Scalar automatic(std::uint64_t id, const Version& version, std::uint32_t field) {
  switch (field) {
    case kFieldId: return Scalar::of_int(static_cast<std::int64_t>(id));
    case kFieldVersion: return Scalar::of_int(static_cast<std::int64_t>(version.number));
    case kFieldCreatedAt: return Scalar::of_time(version.created_at);
    case kFieldUpdatedAt: return Scalar::of_time(version.from);
    default: return version.deleted_at ? Scalar::of_time(*version.deleted_at) : Scalar();
  }
}

// Reads a stored row and, through references, the rows it leads to at the same moment.
class StoredRow final : public IFieldReader {
 public:
  StoredRow(const TableInfos& tables, const Binding& binding, const IMoment& moment,
            std::uint32_t type, std::uint64_t id, const Version& version)
      : tables_(tables),
        binding_(binding),
        moment_(moment),
        type_(type),
        id_(id),
        version_(version) {}

  bool read(const FieldPath& path, Scalar& out) const override {
    std::uint32_t type = type_;
    std::uint64_t id = id_;
    const Version* version = &version_;
    VersionRef held;
    for (std::size_t at = 0; at < path.size(); ++at) {
      out = value(type, id, *version, path[at]);
      if (at + 1 == path.size()) return true;
      if (out.kind != Kind::kRecord || out.extra >= tables_.size()) break;
      type = binding_.type_of(out.extra);
      if (type == kNoType) break;
      id = static_cast<std::uint64_t>(out.i);
      held = moment_.version(out.extra, id);
      if (!held || !held->is_live()) break;
      version = held.get();
    }
    out = {};  // a reference that leads nowhere: none
    return true;
  }

 private:
  Scalar value(std::uint32_t type, std::uint64_t id, const Version& version,
               std::uint32_t field) const {
    if (field >= kFieldId) return automatic(id, version, field);
    const TypeBinding& bound = binding_.types[type];
    return cell(tables_[bound.table], version, bound.columns[field]);
  }

  const TableInfos& tables_;
  const Binding& binding_;
  const IMoment& moment_;
  const std::uint32_t type_;
  const std::uint64_t id_;
  const Version& version_;
};

Fault no_member(const Binding& binding, std::uint32_t type, std::uint32_t field) {
  return {kNoMember, binding.entities[type].name + " has no field number " + std::to_string(field)};
}

MaybeFault check_path(const Binding& binding, std::uint32_t type, const FieldPath& path) {
  for (std::size_t at = 0; at < path.size(); ++at) {
    const Entity& entity = binding.entities[type];
    if (!has_field(entity, path[at])) return no_member(binding, type, path[at]);
    if (at + 1 == path.size()) break;
    const bool leads_on =
        path[at] < entity.fields.size() && entity.fields[path[at]].target < binding.types.size();
    if (!leads_on) return no_member(binding, type, path[at + 1]);
    type = entity.fields[path[at]].target;
  }
  return {};
}

bool needs_field(Aggregate how) {
  return how == kSum || how == kAvg || how == kMin || how == kMax || how == kDistinct ||
         how == kGroupSum;
}
bool needs_group(Aggregate how) { return how == kGroup || how == kGroupCount || how == kGroupSum; }

MaybeFault check_fields(const Plan& plan, const Binding& binding) {
  const Entity& entity = binding.entities[plan.type];
  for (const Order& order : plan.order) {
    if (!has_field(entity, order.field)) return no_member(binding, plan.type, order.field);
  }
  for (const std::uint32_t field : plan.fields) {
    if (!has_field(entity, field)) return no_member(binding, plan.type, field);
  }
  const auto how = static_cast<Aggregate>(plan.aggregate);
  if (needs_field(how) && !has_field(entity, plan.field))
    return no_member(binding, plan.type, plan.field);
  if (needs_group(how) && !has_field(entity, plan.group))
    return no_member(binding, plan.type, plan.group);
  return {};
}

// Keeps matches with the values they are ordered by, so that each is read once.
void sort(const TableShape& shape, Selection& selection) {
  if (selection.order.empty()) return;  // rows are found by rising id
  struct Keyed {
    Scalars keys;
    Match match;
  };
  std::vector<Keyed> rows;
  rows.reserve(selection.matches.size());
  for (Match& match : selection.matches) {
    Scalars keys;
    for (const Order& order : selection.order) keys.push_back(shape.field(match, order.field));
    rows.push_back({std::move(keys), std::move(match)});
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Keyed& a, const Keyed& b) {
    for (std::size_t at = 0; at < selection.order.size(); ++at) {
      const int order = order_of(a.keys[at], b.keys[at]);
      if (order != 0) return selection.order[at].descending ? order > 0 : order < 0;
    }
    return false;
  });
  for (std::size_t at = 0; at < rows.size(); ++at)
    selection.matches[at] = std::move(rows[at].match);
}

void cut(Selection& selection) {
  auto& rows = selection.matches;
  const auto size = static_cast<std::int64_t>(rows.size());
  const std::int64_t from = std::clamp<std::int64_t>(selection.offset, 0, size);
  const std::int64_t left = size - from;
  const std::int64_t count = selection.limit < 0 ? left : std::min(selection.limit, left);
  rows.erase(rows.begin() + from + count, rows.end());
  rows.erase(rows.begin(), rows.begin() + from);
}

Scalars values_of(const TableShape& shape, const std::vector<Match>& matches, std::uint32_t field) {
  Scalars out;
  out.reserve(matches.size());
  for (const Match& match : matches) out.push_back(shape.field(match, field));
  return out;
}

std::vector<const Scalar*> pointers(const Scalars& values) {
  std::vector<const Scalar*> out;
  for (const Scalar& value : values) out.push_back(&value);
  return out;
}

Kind kind_of(const TableShape& shape, std::uint32_t field) {
  if (field < shape.kinds.size()) return shape.kinds[field];
  return field == kFieldId || field == kFieldVersion ? Kind::kInt : Kind::kTime;
}

MaybeFault deliver_groups(const TableShape& shape, const Selection& selection, IRowSink& rows) {
  const Scalars keys = values_of(shape, selection.matches, selection.group);
  const Scalars values = selection.aggregate == kGroupSum
                             ? values_of(shape, selection.matches, selection.field)
                             : Scalars();
  RowBuffer buffer;
  for (const Group& group : group_by(pointers(keys))) {
    Scalar value = Scalar::of_int(static_cast<std::int64_t>(group.members.size()));
    if (selection.aggregate == kGroupSum) {
      std::vector<const Scalar*> members;
      for (const std::size_t at : group.members) members.push_back(&values[at]);
      if (MaybeFault fault = fold(kSum, kind_of(shape, selection.field), members, value))
        return fault;
    }
    rows.value(shape.binding->outwards(*group.key), shape.binding->outwards(value));
    if (selection.aggregate != kGroup) continue;
    for (const std::size_t at : group.members) {
      if (rows.row(buffer.fill(shape, selection.matches[at], selection.fields)) == 0) return {};
    }
  }
  return {};
}

MaybeFault deliver_fold(const TableShape& shape, const Selection& selection, IRowSink& rows) {
  const Scalars values = values_of(shape, selection.matches, selection.field);
  if (selection.aggregate == kDistinct) {
    for (const Group& group : group_by(pointers(values)))
      rows.value({}, shape.binding->outwards(*group.key));
    return {};
  }
  Scalar out;
  MaybeFault fault =
      fold(selection.aggregate, kind_of(shape, selection.field), pointers(values), out);
  if (!fault) rows.value({}, shape.binding->outwards(out));
  return fault;
}

}  // namespace

MaybeFault read_plan(const Plan& plan, const Binding& binding, Selection& out) {
  if (plan.type >= binding.types.size()) {
    return Fault{kBadArgument,
                 "invalid argument: there is no entity number " + std::to_string(plan.type)};
  }
  if (plan.aggregate > kGroupSum) return Fault{kBadArgument, "invalid argument: unknown aggregate"};
  if (MaybeFault fault = check_fields(plan, binding)) return fault;
  std::string why;
  std::optional<Predicate> predicate = Predicate::read(plan.predicate, plan.parameters.size, why);
  if (!predicate)
    return Fault{kBadArgument, "invalid argument: the predicate is malformed, " + why};
  for (const FieldPath& path : predicate->paths()) {
    if (MaybeFault fault = check_path(binding, plan.type, path)) return fault;
  }
  out.type = plan.type;
  out.predicate = std::move(*predicate);
  for (const Plain& parameter : plan.parameters)
    out.parameters.push_back(binding.inwards(parameter));
  out.order.assign(plan.order.begin(), plan.order.end());
  out.limit = plan.limit;
  out.offset = plan.offset;
  out.aggregate = static_cast<Aggregate>(plan.aggregate);
  out.field = plan.field;
  out.group = plan.group;
  out.fields.assign(plan.fields.begin(), plan.fields.end());
  if (out.fields.empty()) out.fields = whole_row(binding.entities[plan.type]);
  return {};
}

MaybeFault Selector::consider(std::uint64_t id, VersionRef version) {
  if (!version || !version->is_live()) return {};
  const StoredRow row(tables_, binding_, moment_, selection_.type, id, *version);
  Verdict verdict = Verdict::kNo;
  MaybeFault fault = selection_.predicate.test(row, selection_.parameters, verdict);
  if (!fault && verdict == Verdict::kYes) selection_.matches.push_back({id, std::move(version)});
  return fault;
}

const Scalar& cell(const TableInfo& table, const Version& version, std::uint32_t column) {
  return column < version.cells.size() ? version.cells[column] : table.columns[column].backfill;
}

TableShape shape_of(const TableInfos& tables, std::shared_ptr<const Binding> binding,
                    std::uint32_t type) {
  TableShape out;
  const TypeBinding& bound = binding->types[type];
  out.type = type;
  out.columns = bound.columns;
  for (const Column& column : tables[bound.table].columns) out.backfill.push_back(column.backfill);
  for (const Field& field : binding->entities[type].fields) out.kinds.push_back(field.kind);
  out.binding = std::move(binding);
  return out;
}

Scalar TableShape::field(const Match& match, std::uint32_t field) const {
  if (field >= kFieldId) return automatic(match.id, *match.version, field);
  const std::uint32_t column = columns[field];
  return column < match.version->cells.size() ? match.version->cells[column] : backfill[column];
}

const Row& RowBuffer::fill(const TableShape& shape, const Match& match,
                           const std::vector<std::uint32_t>& fields) {
  values_.clear();
  plains_.clear();
  for (const std::uint32_t field : fields) values_.push_back(shape.field(match, field));
  for (const Scalar& value : values_) plains_.push_back(shape.binding->outwards(value));
  row_ = {match.id, match.version->number, {plains_.data(), plains_.size()}};
  return row_;
}

MaybeFault deliver(const TableShape& shape, Selection& selection, IRowSink& rows) {
  sort(shape, selection);
  cut(selection);
  const auto count = static_cast<std::int64_t>(selection.matches.size());
  switch (selection.aggregate) {
    case kRows: {
      RowBuffer buffer;
      for (const Match& match : selection.matches) {
        if (rows.row(buffer.fill(shape, match, selection.fields)) == 0) break;
      }
      return {};
    }
    case kCount: rows.value({}, borrow(Scalar::of_int(count))); return {};
    case kExists: rows.value({}, borrow(Scalar::of_bool(count > 0))); return {};
    case kGroup:
    case kGroupCount:
    case kGroupSum: return deliver_groups(shape, selection, rows);
    default: return deliver_fold(shape, selection, rows);
  }
}

std::vector<TableShape> shapes_of(const TableInfos& tables,
                                  const std::shared_ptr<const Binding>& binding) {
  std::vector<TableShape> out(tables.size());
  for (std::uint32_t table = 0; table < tables.size(); ++table) {
    const std::uint32_t type = binding->type_of(table);
    if (type != kNoType) out[table] = shape_of(tables, binding, type);
  }
  return out;
}

void deliver_history(const TableShape& shape, std::uint64_t id,
                     const std::vector<VersionRef>& versions, IRowSink& rows) {
  const std::vector<std::uint32_t> fields = whole_row(shape.binding->entities[shape.type]);
  RowBuffer buffer;
  for (std::size_t at = 0; at < versions.size(); ++at) {
    const std::int64_t to = at + 1 < versions.size() ? versions[at + 1]->from : kStillValid;
    const Past past{buffer.fill(shape, {id, versions[at]}, fields), versions[at]->from, to,
                    versions[at]->kind};
    if (rows.past(past) == 0) break;
  }
}

bool LogBuffer::give(const LoggedCommit& commit, const std::vector<TableShape>& shapes,
                     ICommitSink& out) {
  for (const LogEntry& entry : commit.entries) {
    if (entry.table >= shapes.size() || !shapes[entry.table].binding) continue;
    if (give(commit.seq, entry, shapes[entry.table], out) == 0) return false;
  }
  return true;
}

std::uint32_t LogBuffer::give(std::uint64_t seq, const LogEntry& entry, const TableShape& shape,
                              ICommitSink& out) {
  const Entity& entity = shape.binding->entities[shape.type];
  const std::vector<std::uint32_t> fields = whole_row(entity);
  const Row* before =
      entry.before ? &before_.fill(shape, {entry.id, entry.before}, fields) : nullptr;
  const Row* after = entry.after ? &after_.fill(shape, {entry.id, entry.after}, fields) : nullptr;
  std::vector<FieldValue> set;
  for (const std::uint32_t column : entry.columns) {
    const auto at =
        std::find(shape.columns.begin(), shape.columns.end(), column) - shape.columns.begin();
    const auto field = static_cast<std::uint32_t>(at);
    if (field < entity.fields.size() && after) set.push_back({field, after->fields[field]});
  }
  const Change change{static_cast<std::uint32_t>(shape.type),
                      entry.kind,
                      entry.id,
                      entry.base_version,
                      {set.data(), set.size()}};
  return out.changed(seq, change, before, after);
}

}  // namespace flin::store
