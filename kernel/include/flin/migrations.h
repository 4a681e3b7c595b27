// What serving a program would change in the data that is there, for `flin migrate --plan`. Offered
// by the plugin that keeps the entities; asked before program.loaded, which makes the changes.
#pragma once

#include "flin/plugin.h"

namespace flin {

struct MigrationStep {
  Text subject;  // "Todo", "Todo.title"
  Text what;     // "new field Todo.note: text?"
  Text advice;   // what to do about it; empty: it is made by itself when the program is served
};

// Implemented by the host: grows at the end. Since ABI 1.1.
class IMigrationSink {
 public:
  virtual void place(Text where) noexcept = 0;  // first: where the data is kept
  virtual void step(const MigrationStep& step) noexcept = 0;

 protected:
  ~IMigrationSink() = default;
};

// Implemented by a plugin: never changes. Since ABI 1.1.
class IMigrations {
 public:
  static constexpr Text kId = "flin.host.IMigrations/1";
  // Compares the data with the entities of the program that is linked (IProgram); changes nothing.
  // R0106 when the data cannot be read, or nothing is kept. [load]
  virtual Status plan(IMigrationSink& out) noexcept = 0;

 protected:
  ~IMigrations() = default;
};

}  // namespace flin
