#include "jsonlines_backend.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <sstream>
#include <vector>

namespace jsonlines {

namespace {

using flin::EntityRow;
using flin::FieldRow;
using flin::Kind;
using flin::Plain;
using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

constexpr std::uint32_t kUnavailable = flin::code('R', 106);

std::string text_of(Text t) { return std::string(std::string_view(t)); }

// ---- Writing ----

std::string line_of(const Var& value) {
  std::ostringstream out;
  Poco::JSON::Stringifier::stringify(value, out);
  return out.str();
}

Array::Ptr json_of(const Plain& value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value.n, sizeof bits);
  char hex[17];
  std::snprintf(hex, sizeof hex, "%llx", static_cast<unsigned long long>(bits));
  Array::Ptr out = new Array;
  out->add(static_cast<std::uint32_t>(value.kind));
  out->add(value.extra);
  out->add(std::to_string(value.i));
  out->add(std::string(hex));
  out->add(text_of(value.text));
  return out;
}

Array::Ptr json_of(const store::Change& change, std::uint64_t id) {
  Array::Ptr fields = new Array;
  for (const store::FieldValue& field : change.fields) {
    Array::Ptr one = new Array;
    one->add(field.field);
    one->add(json_of(field.value));
    fields->add(one);
  }
  Array::Ptr out = new Array;
  out->add(change.type);
  out->add(change.kind);
  out->add(std::to_string(id));
  out->add(std::to_string(change.base_version));
  out->add(fields);
  return out;
}

std::string line_of(const store::ChangeSet& set, const std::vector<store::Applied>& applied,
                    std::int64_t time) {
  Array::Ptr changes = new Array;
  for (std::size_t i = 0; i < applied.size(); ++i)
    changes->add(json_of(set.changes[i], applied[i].id));
  Object::Ptr out = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
  out->set("time", time);
  out->set("changes", changes);
  return line_of(out);
}

std::string line_of(List<EntityRow> schema) {
  Array::Ptr entities = new Array;
  for (const EntityRow& entity : schema) {
    Array::Ptr fields = new Array;
    for (const FieldRow& field : entity.fields) {
      Object::Ptr one = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
      one->set("name", text_of(field.name)).set("type", text_of(field.type));
      one->set("kind", static_cast<std::uint32_t>(field.kind));
      one->set("target", field.target).set("flags", field.flags);
      one->set("initial", json_of(field.fallback));
      fields->add(one);
    }
    Object::Ptr one = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
    one->set("name", text_of(entity.name)).set("fields", fields);
    entities->add(one);
  }
  Object::Ptr out = new Object;
  out->set("schema", entities);
  return line_of(out);
}

// ---- Reading: what is borrowed from lives in a Kept ----

struct Kept {
  std::deque<std::string> texts;
  std::deque<std::vector<FieldRow>> fields;
  std::deque<std::vector<store::FieldValue>> values;

  Text text(const Var& value) {
    return std::string_view(texts.emplace_back(value.convert<std::string>()));
  }
};

std::uint32_t u32(const Var& value) { return value.convert<std::uint32_t>(); }

Plain plain_of(const Array& from, Kept& kept) {
  Plain out;
  out.kind = static_cast<Kind>(u32(from.get(0)));
  out.extra = u32(from.get(1));
  out.i = std::stoll(from.get(2).convert<std::string>());
  const std::uint64_t bits = std::stoull(from.get(3).convert<std::string>(), nullptr, 16);
  std::memcpy(&out.n, &bits, sizeof bits);
  out.text = kept.text(from.get(4));
  return out;
}

std::vector<EntityRow> schema_of(const Array& from, Kept& kept) {
  std::vector<EntityRow> out;
  for (unsigned e = 0; e < from.size(); ++e) {
    const Object::Ptr entity = from.getObject(e);
    const Array::Ptr fields = entity->getArray("fields");
    std::vector<FieldRow>& rows = kept.fields.emplace_back();
    for (unsigned f = 0; f < fields->size(); ++f) {
      const Object::Ptr field = fields->getObject(f);
      FieldRow row{};
      row.name = kept.text(field->get("name"));
      row.type = kept.text(field->get("type"));
      row.kind = static_cast<Kind>(u32(field->get("kind")));
      row.target = u32(field->get("target"));
      row.flags = u32(field->get("flags"));
      row.fallback = plain_of(*field->getArray("initial"), kept);
      rows.push_back(row);
    }
    out.push_back({kept.text(entity->get("name")), {rows.data(), rows.size()}, {}});
  }
  return out;
}

std::vector<store::Change> changes_of(const Array& from, Kept& kept) {
  std::vector<store::Change> out;
  for (unsigned c = 0; c < from.size(); ++c) {
    const Array::Ptr change = from.getArray(c);
    const Array::Ptr fields = change->getArray(4);
    std::vector<store::FieldValue>& values = kept.values.emplace_back();
    for (unsigned f = 0; f < fields->size(); ++f) {
      const Array::Ptr field = fields->getArray(f);
      values.push_back({u32(field->get(0)), plain_of(*field->getArray(1), kept)});
    }
    out.push_back({u32(change->get(0)),
                   u32(change->get(1)),
                   std::stoull(change->get(2).convert<std::string>()),
                   std::stoull(change->get(3).convert<std::string>()),
                   {values.data(), values.size()}});
  }
  return out;
}

}  // namespace

// What the engine said of a commit, kept beyond its call.
struct JsonLinesBackend::Outcome {
  Status status;
  std::uint64_t seq = 0;
  std::vector<store::Applied> applied;
  bool has_conflict = false;
  store::Conflict conflict{};

  static void take(void* data, Status status, const store::Committed* committed,
                   const store::Conflict* conflict) noexcept {
    auto& out = *static_cast<Outcome*>(data);
    out.status = std::move(status);
    if (committed != nullptr) {
      out.seq = committed->seq;
      out.applied.assign(committed->applied.begin(), committed->applied.end());
    }
    out.has_conflict = conflict != nullptr;
    if (conflict != nullptr) out.conflict = *conflict;
  }
  void give(store::CommitDone done, void* data) {
    const store::Committed committed{seq, {applied.data(), applied.size()}};
    const bool is_good = status.ok();
    done(data, std::move(status), is_good ? &committed : nullptr,
         has_conflict ? &conflict : nullptr);
  }
};

void JsonLinesBackend::attach(flin::IHost& host, Clock clock) {
  host_ = &host;
  clock_ = std::move(clock);
  engine_ = {store::make_memory_backend(host, now, this), store::drop_memory_backend};
}

std::int64_t JsonLinesBackend::now(void* self) {
  auto& backend = *static_cast<JsonLinesBackend*>(self);
  if (backend.replayed_ != 0) return backend.given_ = backend.replayed_;
  if (backend.clock_) return backend.given_ = backend.clock_();
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return backend.given_ = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

Status JsonLinesBackend::fail(const std::string& message) {
  return host_->fail(kUnavailable, Text(std::string_view(message)));
}

Status JsonLinesBackend::open(Text address, List<EntityRow> schema) noexcept {
  const std::lock_guard<std::mutex> lock(lock_);
  if (address.size == 0)
    return fail("the backend jsonlines needs a file: --store=jsonlines:notes.jsonl");
  if (!journal_.is_open()) {
    broken_.clear();
    const std::string refused =
        journal_.open(text_of(address), [this](const std::string& line) { return replay(line); });
    replayed_ = 0;
    if (!refused.empty()) {
      engine_->close();
      schema_.clear();
      return fail(refused);
    }
  }
  return use_schema(schema);
}

// The engine judges whether it follows from the one before; then it is the one that holds.
Status JsonLinesBackend::use_schema(List<EntityRow> schema) {
  const std::string line = line_of(schema);
  const bool is_first = schema_.empty();
  if (Status status = engine_->open({}, schema); !status.ok()) return status;
  if (line == schema_) return {};
  std::string refused;
  if (is_first) refused = journal_.append("{\"begin\":" + std::to_string(given_) + "}");
  if (refused.empty()) refused = journal_.append(line);
  if (!refused.empty()) return fail(broken_ = refused);
  schema_ = line;
  return {};
}

// A row that is made again has its old id, which the engine takes from who reserved it. Ids in
// between were reserved then too, or are of rows that stand further down.
void JsonLinesBackend::reserve_up_to(const store::Change& change) {
  if (change.kind != store::kCreate) return;
  std::uint64_t& highest = reserved_[change.type];
  while (highest < change.id) {
    const std::uint64_t next = reserve(change.type);
    if (next == 0) return;  // the commit will say why
    highest = next;
  }
}

std::string JsonLinesBackend::replay(const std::string& line) {
  try {
    Poco::JSON::Parser parser;
    const Object::Ptr object = parser.parse(line).extract<Object::Ptr>();
    Kept kept;
    if (object->has("begin")) {
      replayed_ = object->get("begin").convert<std::int64_t>();
      return "";
    }
    if (object->has("schema")) {
      const std::vector<EntityRow> schema = schema_of(*object->getArray("schema"), kept);
      if (replayed_ == 0) return "a schema stands before the line with \"begin\"";
      const Status status = engine_->open({}, {schema.data(), schema.size()});
      schema_ = line;
      reserved_.clear();
      return std::string(status.message());
    }
    if (schema_.empty()) return "changes stand before a schema";
    if (object->has("trim")) {
      logged_ = std::min(logged_, object->get("trim").convert<std::uint64_t>());
      engine_->trim(logged_);
      return "";
    }
    replayed_ = object->get("time").convert<std::int64_t>();
    const std::vector<store::Change> changes = changes_of(*object->getArray("changes"), kept);
    for (const store::Change& change : changes) reserve_up_to(change);
    Outcome outcome;
    engine_->commit({{changes.data(), changes.size()}}, Outcome::take, &outcome);
    ++logged_;
    return std::string(outcome.status.message());
  } catch (const Poco::Exception& e) {
    return "it is no line of this format: " + e.displayText();
  } catch (const std::exception& e) {
    return std::string("it is no line of this format: ") + e.what();
  }
}

void JsonLinesBackend::commit(const store::ChangeSet& changes, store::CommitDone done,
                              void* data) noexcept {
  Outcome outcome;
  {
    const std::lock_guard<std::mutex> lock(lock_);
    if (!broken_.empty()) {
      outcome.status = fail(broken_);
    } else {
      engine_->commit(changes, Outcome::take, &outcome);
      if (outcome.status.ok() && !changes.changes.empty()) {
        broken_ = journal_.append(line_of(changes, outcome.applied, given_));
        if (!broken_.empty()) outcome.status = fail(broken_);
        ++logged_;
      }
    }
  }
  outcome.give(done, data);
}

void JsonLinesBackend::trim(std::uint64_t keep) noexcept {
  const std::lock_guard<std::mutex> lock(lock_);
  engine_->trim(keep);
  if (logged_ <= keep || !broken_.empty()) return;
  logged_ = keep;
  broken_ = journal_.append("{\"trim\":" + std::to_string(keep) + "}");
}

void JsonLinesBackend::close() noexcept {
  const std::lock_guard<std::mutex> lock(lock_);
  engine_->close();
  journal_.close();
  schema_.clear();
  logged_ = 0;
}

}  // namespace jsonlines
