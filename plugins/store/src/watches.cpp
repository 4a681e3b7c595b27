#include "watches.h"

#include "rules.h"

#include <algorithm>

namespace flin::store {
namespace {

std::string key_of(std::uint32_t type, const Bytes& code, const Scalars& parameters) {
  std::string out(reinterpret_cast<const char*>(&type), sizeof type);
  const std::uint64_t size = code.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out.append(code.begin(), code.end());
  for (const Scalar& parameter : parameters) out += identity(parameter);
  return out;
}

std::vector<std::uint32_t> types_through(const Entities& entities, std::uint32_t type,
                                         const Predicate& predicate) {
  std::vector<std::uint32_t> out;
  for (const FieldPath& path : predicate.paths()) {
    std::uint32_t at = type;
    for (std::size_t step = 0; step + 1 < path.size(); ++step) {
      if (at >= entities.size() || path[step] >= entities[at].fields.size()) break;
      at = entities[at].fields[path[step]].target;
      out.push_back(at);
    }
  }
  return out;
}

}  // namespace

Watches::~Watches() {
  for (const Watch& watch : watches_) sources_.release(watch.source);
  for (const std::uint64_t source : retired_) sources_.release(source);
  for (const std::uint64_t source : leaving_) sources_.release(source);
}

std::uint64_t Watches::source(const Entities& entities, std::uint32_t type, const Bytes& code,
                              const Scalars& parameters) {
  std::string key = key_of(type, code, parameters);
  const std::lock_guard lock(mutex_);
  if (const auto found = places_.find(key); found != places_.end()) {
    found->second->is_asked_again = true;
    watches_.splice(watches_.end(), watches_, found->second);
    return found->second->source;
  }
  std::string why;
  auto predicate = Predicate::read({code.data(), code.size()}, parameters.size(), why);
  Watch watch;
  watch.source = sources_.create();
  watch.type = type;
  watch.predicate = predicate ? std::move(*predicate) : Predicate();
  watch.through = types_through(entities, type, watch.predicate);
  watch.parameters = parameters;
  watch.wanted = watch.predicate.wanted_id(parameters);
  watch.key = key;
  watches_.push_back(std::move(watch));
  places_.emplace(std::move(key), std::prev(watches_.end()));
  if (watches_.size() > most_) retire(watches_.begin());
  return watches_.back().source;
}

void Watches::retire(Place place) {
  retired_.push_back(place->source);
  places_.erase(place->key);
  watches_.erase(place);
}

bool Watches::matches(const Watch& watch, const Row* row) {
  if (!row) return false;
  const WholeRow reader(*row);
  if (!reader.is_live()) return false;
  Verdict verdict = Verdict::kNo;
  // A predicate that fails on the row would fail in the query too: whoever shows it must hear of
  // it.
  return watch.predicate.test(reader, watch.parameters, verdict) || verdict != Verdict::kNo;
}

void Watches::change(const Change& change, const Row* before, const Row* after) {
  const std::lock_guard lock(mutex_);
  for (Watch& watch : watches_) {
    if (watch.is_concerned || (watch.wanted && *watch.wanted != change.id)) continue;
    const bool is_led_through =
        std::find(watch.through.begin(), watch.through.end(), change.type) != watch.through.end();
    watch.is_concerned = is_led_through || (watch.type == change.type &&
                                            (matches(watch, before) || matches(watch, after)));
  }
}

void Watches::change_all() {
  const std::lock_guard lock(mutex_);
  for (Watch& watch : watches_) watch.is_concerned = true;
}

void Watches::end_commit(std::uint64_t seq) {
  std::vector<std::uint64_t> touched, released;
  {
    const std::lock_guard lock(mutex_);
    ++commits_;
    released = std::move(leaving_);
    leaving_ = std::move(retired_);
    retired_.clear();
    touched = leaving_;
    for (auto at = watches_.begin(); at != watches_.end();) {
      const auto place = at++;
      if (place->is_concerned) {
        touched.push_back(place->source);
        place->is_concerned = place->is_asked_again = false;
        place->touched_at = commits_;
      } else if (!place->is_asked_again && commits_ - place->touched_at >= kIdleCommits) {
        released.push_back(place->source);
        places_.erase(place->key);
        watches_.erase(place);
      }
    }
  }
  sources_.touch(seq, {touched.data(), touched.size()});
  for (const std::uint64_t source : released) sources_.release(source);
}

void Watches::clear() {
  const std::lock_guard lock(mutex_);
  while (!watches_.empty()) retire(watches_.begin());
}

std::size_t Watches::size() const {
  const std::lock_guard lock(mutex_);
  return watches_.size();
}

}  // namespace flin::store
