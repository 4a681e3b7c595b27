// Runs the function of a live row: from inputs on the wire to the value on the wire.
#pragma once

#include "base/result.h"
#include "pages/live_hub.h"
#include "runtime/isolate.h"

#include <string>
#include <string_view>

namespace flin::pages {

// Reads the inputs (a JSON array) into the isolate and enters the function of the row. R0401 when
// an input does not fit its type.
Result<void> enter_live(runtime::Isolate& isolate, const bytecode::LiveRow& row,
                        std::string_view inputs);

// The value in its wire form: by the row's type, entities with the fields that the browser reads.
Result<std::string> live_json(runtime::Isolate& isolate, const bytecode::LiveRow& row, Value value);

// Values of a computation that runs within another one, as the wire form of its inputs.
Result<std::string> inputs_json(runtime::Isolate& isolate, const bytecode::LiveRow& row,
                                const Value* inputs, std::uint32_t count);

}  // namespace flin::pages
