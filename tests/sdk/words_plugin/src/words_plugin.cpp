// A built-in, a validator, a metric and event hooks: word_count("a b") counts words, @max_words(3)
// limits them, words.counted tells of each count, and the end of flin is logged.
#include "flin/words/events.h"

#include <flin/events.h>
#include <flin/guard.h>
#include <flin/metrics.h>

#include <string>

namespace {
using namespace flin;

std::int64_t count_words(std::string_view text) {
  std::int64_t words = 0;
  bool is_inside = false;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t';
    words += !is_space && !is_inside ? 1 : 0;
    is_inside = !is_space;
  }
  return words;
}

class Words final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override {
    host_ = &host;
    if (auto* metrics = service<IMetrics>(host)) {
      Status status = add_counter(*metrics, {"words_counted_total", "Texts counted."}, counted_);
      if (!status.ok()) return status;
    }
    Status status = host.on(words::kCounted, 0, on_counted);
    if (status.ok()) status = host.on(kAgentFailed, 0, on_failed);
    return status.ok() ? host.on(kShutdownRequested, 0, on_shutdown) : std::move(status);
  }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }

  Status counted(std::int64_t words) {
    counted_.add();
    const words::CountedEvent event{sizeof event, static_cast<std::uint32_t>(words)};
    return host_->emit(words::kCounted, &event);
  }

 private:
  static Status on_counted(IPlugin& self, const Event& event) noexcept {
    const auto& counted = payload_of<words::CountedEvent>(event);
    const std::string line = "counted " + std::to_string(counted.words);
    static_cast<Words&>(self).host_->log(1, Text(std::string_view(line)));
    return {};
  }
  static Status on_failed(IPlugin& self, const Event& event) noexcept {
    const auto& failed = payload_of<AgentEvent>(event);
    const std::string line = std::string(std::string_view(failed.name)) +
                             " failed: " + std::string(std::string_view(failed.message));
    static_cast<Words&>(self).host_->log(1, Text(std::string_view(line)));
    return {};
  }
  static Status on_shutdown(IPlugin& self, const Event&) noexcept {
    const auto& words = static_cast<Words&>(self);
    const std::string line = std::to_string(words.counted_.value()) + " texts were counted";
    words.host_->log(1, Text(std::string_view(line)));
    return {};
  }

  IHost* host_ = nullptr;
  Counter counted_;
};

Status op_count(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value& result) {
  Plain text;
  if (Status status = call.args_plain(&text); !status.ok()) return status;
  Plain count;
  count.kind = Kind::kInt;
  count.i = count_words(text.text);
  result = call.make(count);
  return static_cast<Words&>(self).counted(count.i);
}

std::uint32_t has_at_most(IPlugin&, const Plain& value, List<Plain> arguments) noexcept {
  return arguments.empty() || count_words(value.text) <= arguments[0].i ? 1 : 0;
}

constexpr OpDecl kOps[] = {
    {"words.count", 1, 1, kServer, 0, guarded<op_count>, "Counts the words of a text."}};
constexpr BuiltinDecl kBuiltins[] = {{"word_count", "(t: text) -> int", "words.count", kServerTier,
                                      0, "Counts the words of a text."}};
constexpr ValidatorDecl kValidators[] = {{"max_words", "text", "(n: int)", has_at_most,
                                          "must have at most {0} words", "Limits the words."}};
constexpr NeedDecl kNeeds[] = {{IMetrics::kId, 1}};
constexpr Manifest kManifest = {"words", "1.0.0", "Counts words.", kNeeds, {},
                                kOps,    {},      kBuiltins,       {},     kValidators};
}  // namespace

FLIN_PLUGIN(Words, kManifest);
