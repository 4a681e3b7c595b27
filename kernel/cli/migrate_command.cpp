#include "cli/migrate_command.h"

#include "cli/kernel.h"
#include "flin/migrations.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cstdio>
#include <iostream>

namespace flin::cli {

namespace {

struct Step {
  std::string subject, what, advice;
};

class Steps final : public IMigrationSink {
 public:
  std::string where;
  std::vector<Step> steps;
  std::size_t refused = 0;

  void place(Text text) noexcept override { where = std::string_view(text); }
  void step(const MigrationStep& step) noexcept override {
    steps.push_back({std::string(std::string_view(step.subject)),
                     std::string(std::string_view(step.what)),
                     std::string(std::string_view(step.advice))});
    refused += step.advice.size != 0;
  }
};

void write_text(const Steps& plan) {
  std::cout << plan.where << "\n";
  for (const Step& step : plan.steps) {
    std::cout << (step.advice.empty() ? "  + " : "  ! ") << step.what << "\n";
    if (!step.advice.empty()) std::cout << "      " << step.advice << "\n";
  }
  if (plan.steps.empty())
    std::cout << "nothing changes\n";
  else if (plan.refused == 0)
    std::cout << "made at the next start\n";
  else
    std::cout << "it would not start: " << plan.refused << " to be dealt with (!)\n";
}

void write_json(const Steps& plan) {
  Poco::JSON::Array steps;
  for (const Step& step : plan.steps) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("subject", step.subject);
    object.set("what", step.what);
    object.set("refused", !step.advice.empty());
    if (!step.advice.empty()) object.set("advice", step.advice);
    steps.add(object);
  }
  Poco::JSON::Object out(Poco::JSON_PRESERVE_KEY_ORDER);
  out.set("place", plan.where);
  out.set("steps", steps);
  out.set("refused", plan.refused);
  out.stringify(std::cout, 2);
  std::cout << "\n";
}

}  // namespace

int plan_migration(const Options& options, const Kernel& kernel) {
  auto* migrations = kernel.plugins().offered<IMigrations>();
  if (migrations == nullptr) {
    std::fputs("flin: no loaded plugin keeps entities; load one with --plugins\n", stderr);
    return 78;
  }
  Steps plan;
  const Status status = migrations->plan(plan);
  if (!status.ok()) {
    std::fprintf(stderr, "flin: %s\n", std::string(status.message()).c_str());
    return 78;
  }
  options.json ? write_json(plan) : write_text(plan);
  return plan.refused == 0 ? 0 : 78;
}

}  // namespace flin::cli
