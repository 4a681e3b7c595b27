// IValidators over the binding table: the validators of all loaded plugins, as the store and forms
// ask for them (A 14).
#pragma once

#include "flin/validators.h"
#include "host/binding_table.h"

namespace flin {

class ValidatorsService final : public IValidators {
 public:
  // Borrowed.
  explicit ValidatorsService(const BindingTable& bindings) : bindings_(bindings) {}

  std::uint32_t find(Text name, Validator& out) noexcept override;
  void message(const Validator& validator, List<Plain> arguments, ITextSink& out) noexcept override;

 private:
  const BindingTable& bindings_;
};

}  // namespace flin
