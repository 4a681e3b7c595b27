// The validators of all loaded plugins (ValidatorDecl), for whoever checks values before they are
// kept (A 14): the store at commit, forms at their submission. Validators of the language itself
// (L 14.2) are not among them.
#pragma once

#include "flin/plugin.h"
#include "flin/text_sink.h"

namespace flin {

// One validator, as its plugin declared it. Valid until the user's stop() has returned.
struct Validator {
  Text name, plugin;           // "max_size", and the id of the plugin it belongs to
  Text fits, arguments;        // as in ValidatorDecl
  Text message;                // "must be at most {0}": see IValidators::message
  ValidateFn check = nullptr;  // 1: the value holds [any-thread]
  IPlugin* self = nullptr;     // for `check`
};

// Host-implemented; grows at the end. Since ABI 1.1.
class IValidators {
 public:
  static constexpr Text kId = "flin.host.IValidators/1";
  // 1: found. Look it up once, when a program is loaded: plugins do not change while flin runs.
  // [any-thread, from program.linking on]
  virtual std::uint32_t find(Text name, Validator& out) noexcept = 0;
  // The validator's message with `{0}`, `{1}` .. replaced by its arguments in the text form of the
  // language (L 3.7); an argument without one shows its encoded form. `{` that begins no number of
  // an argument stays as it is. [any-thread]
  virtual void message(const Validator& validator, List<Plain> arguments,
                       ITextSink& out) noexcept = 0;

 protected:
  ~IValidators() = default;
};

}  // namespace flin
