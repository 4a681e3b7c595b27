// Text form and display form of values (L 3.7), names of kinds and types.
#pragma once

#include "runtime/linked.h"
#include "runtime/object.h"

#include <string>

namespace flin::runtime {

void append_text_form(std::string& out, Value v, const Program::Linked& program);
void append_display(std::string& out, Value v, const Program::Linked& program);

Kind kind_of(Value v);
// type_of(): "text", "int" .. or the name of the entity or enum. Numbers by L 3.14.
std::string type_name(Value v, const Program::Linked& program);

// L 3.14: an int within -(2^53-1) .. 2^53-1, or a number that is one.
bool counts_as_int(Value v);

// Types of constants in the prefix form of L 21.4.
std::string type_text(std::string_view type, const Program::Linked& program);  // "[int: text]"
bool is_type(Value v, std::string_view type, const Program::Linked& program);  // deep
// Moves `at` behind one type.
void skip_type(std::string_view type, std::size_t& at);
std::uint32_t read_u32(std::string_view bytes, std::size_t at);

}  // namespace flin::runtime
