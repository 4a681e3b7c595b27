// Entity values: their fields by number, automatic ones included.
#pragma once

#include "runtime/machine.h"

namespace flin::runtime {

// Id 0, times none, every field its constant default, else none, [] or [:]; nothing counts as
// changed.
Record* new_record(Machine& m, std::uint32_t type);
// A reference: type and id alone, its fields not loaded.
Record* new_reference(Heap& heap, const Program::Linked& program, std::uint32_t type,
                      std::uint64_t id);

Value record_field(Heap& heap, const Record* record, std::uint32_t field);  // kFieldId .. too
void set_record_field(Heap& heap, Record* record, std::uint32_t field,
                      Value v);  // declared; counts as changed
bool is_changed(const Record* record, std::uint32_t field);
void clear_changed(Record* record);

// A Plain as a value; fields by their static type (L 21.4), "" as in `any`.
Value value_of(Machine& m, const Plain& plain, std::string_view type);

}  // namespace flin::runtime
