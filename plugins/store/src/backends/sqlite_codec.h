// Values as an SQLite table holds them, and whole versions as the table `history` does.
//
// A column holds a value of its field's kind in the storage class that sorts and compares as L 3.8
// says: bool, int, time, duration and a reference's id as INTEGER, number as REAL (an int in a
// number field as INTEGER), text and written values as TEXT, money as TEXT "EUR 1250", none as
// NULL. What does not fit, NaN among it, is a BLOB with its kind.
#pragma once

#include "binding.h"
#include "sqlite_connection.h"
#include "version.h"

#include <string>

namespace flin::store {

// Binds a value; it is borrowed until the statement has run.
void bind_value(SqlStatement& statement, int at, const Column& column, const Scalar& value);
// Reads what bind_value wrote. False: nothing bind_value writes.
bool read_value(const SqlStatement& statement, int at, const Column& column, Scalar& out);

// The same without copying a text; a reference has its table inside. False also for what only
// read_value() can read.
bool read_plain(const SqlStatement& statement, int at, const Column& column, Plain& out);

std::string encode(const Scalar& value);
bool decode(std::string_view bytes, Scalar& out);
// A version without its row's id; cells beyond the columns stored then read as backfill.
std::string encode(const Version& version);
bool decode(std::string_view bytes, Version& out);

}  // namespace flin::store
