// Changes of files, offered to the host by a plugin (A 14). `flin dev` needs one.
#pragma once

#include "flin/plugin.h"

namespace flin {

// Implemented by whoever watches.
class IChangeSink {
 public:
  // Files of the folder that were written, replaced, made or removed: absolute paths, each once,
  // borrowed. A burst of changes comes as one call, after every writer has closed its file.
  // [any-thread, one call at a time]
  virtual void changed(List<Text> paths) noexcept = 0;

 protected:
  ~IChangeSink() = default;
};

class IWatcher {
 public:
  static constexpr Text kId = "flin.host.IWatcher/1";
  // Tells `sink` from now on what changes in the folder itself, not in those below it. An error
  // says in a sentence why the folder cannot be watched. From the end of load() to stop().
  // [any-thread, outside changed()]
  virtual Status watch(Text folder, IChangeSink& sink) noexcept = 0;
  // When it has returned, `sink` is not called any more. [any-thread, outside changed()]
  virtual void end(IChangeSink& sink) noexcept = 0;

 protected:
  ~IWatcher() = default;
};

}  // namespace flin
