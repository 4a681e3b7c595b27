// Types of the checker as constants (prefix form of L 21.4).
#pragma once

#include "bytecode/chunk_builder.h"
#include "check/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flin::compile {

std::string type_form(const check::Type* type, bytecode::ChunkBuilder& builder);
// A type constant; null counts as any.
std::uint32_t type_constant(const check::Type* type, bytecode::ChunkBuilder& builder);
// A tuple type of any number of members, one as well.
std::uint32_t tuple_constant(const std::vector<const check::Type*>& members,
                             bytecode::ChunkBuilder& builder);

}  // namespace flin::compile
