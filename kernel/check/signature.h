// Signatures of built-ins, "(xs: [T], f: (T, int) -> U) -> [U]", as types.
#pragma once

#include "check/tables.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace flin::check {

struct SignatureParameter {
  std::string name;
  const Type* type = nullptr;
  bool optional = false;  // has a default
  bool variadic = false;
  bool any_enum = false;  // written `enum`: a value of any enum
};
struct Signature {
  std::vector<SignatureParameter> parameters;
  const Type* result = nullptr;
  std::vector<const Type*> generics;  // variables that a call replaces by fresh ones
  std::size_t least = 0, most = 0;    // numbers of arguments; most is SIZE_MAX with a variadic one
};

// "1 argument", "2 to 3 arguments", "at least 1 argument"; `most` SIZE_MAX: no limit.
std::string count_of(std::size_t least, std::size_t most);

class Signatures {
 public:
  explicit Signatures(Tables& tables) : tables_(tables) {}
  // Parsed once per built-in. Types that are not known count as any.
  const Signature& of(const Builtin& builtin);

 private:
  Tables& tables_;
  std::unordered_map<const Builtin*, Signature> parsed_;
};

}  // namespace flin::check
