// `+ - * / %` and the rest of L 3.10 to 3.12, L 4.3 on values of any kind. False: the machine
// failed (R0009 R0010 R0017, R0006 for kinds that do not fit).
#pragma once

#include "runtime/machine.h"

namespace flin::runtime {

bool add(Machine& m, Value a, Value b, Value& out);
bool subtract(Machine& m, Value a, Value b, Value& out);
bool multiply(Machine& m, Value a, Value b, Value& out);
bool divide(Machine& m, Value a, Value b, Value& out);
bool modulo(Machine& m, Value a, Value b, Value& out);
bool negate(Machine& m, Value a, Value& out);
bool power(Machine& m, Value a, Value b, Value& out);
bool int_divide(Machine& m, Value a, Value b, Value& out);
bool join(Machine& m, Value a, Value b, Value& out);  // ++

// A number as an int; R0010 if it does not fit.
bool whole_of(Machine& m, double d, Value& out);
// Half to even.
double round_even(double d);
double round_away(double d);

}  // namespace flin::runtime
