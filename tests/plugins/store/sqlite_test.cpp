// The backend sqlite as a file: what it refuses to open, what it makes of other schemas, and that
// it means the same as the memory backend for plans nobody wrote down.
#include "backend_fixture.h"
#include "backends/sqlite_codec.h"

#include <cstdlib>
#include <fstream>
#include <random>

namespace flin::store::tests {
namespace {

Scalar text(std::string_view value) { return Scalar::of_text(value); }
Scalar integer(std::int64_t value) { return Scalar::of_int(value); }

class SqliteTest : public ::testing::Test {
 protected:
  std::string open_fault(testing::FakeSchema& program) {
    SqliteBackend backend(host, clock_of());
    return std::string(backend.open(Text(std::string_view(path)), program.rows()).message());
  }
  SqliteBackend::Clock clock_of() {
    return [c = clock] { return *c.now; };
  }
  static WriteResult write(IStoreBackend& backend, const std::vector<MadeChange>& changes) {
    AwaitedWrite out;
    with_changes(changes,
                 [&](const ChangeSet& set) { backend.commit(set, AwaitedWrite::take, &out); });
    return out.wait();
  }
  // A database with one row of each type.
  void fill() {
    SqliteBackend backend(host, clock_of());
    ASSERT_EQ(backend.open(Text(std::string_view(path)), schema.rows()).message(), "");
    write(backend, {create(kUser, {{kName, text("Bo")}}), create(kTodo, {{kTitle, text("a")}})});
  }
  void sql(const std::string& statements) {
    SqlConnection connection;
    ASSERT_FALSE(connection.open(path, SqlConnection::kReadWrite));
    ASSERT_TRUE(connection.execute(statements.c_str()));
  }

  Folder folder;
  std::string path = folder.file("data/app.db");
  testing::Host host;
  FakeClock clock;
  testing::FakeSchema schema = todo_schema();
};

TEST_F(SqliteTest, MakesTheFolderAndTheFile) {
  fill();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + "-wal")) << "taken into the file at the end";
  EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
}

TEST_F(SqliteTest, LeavesNoFileForAProgramWithoutEntities) {
  testing::FakeSchema none;
  SqliteBackend backend(host, clock_of());
  ASSERT_TRUE(backend.open(Text(std::string_view(path)), none.rows()).ok());
  const Snapshot at = backend.snapshot();
  EXPECT_GE(at.seq, static_cast<std::uint64_t>(*clock.now));
  EXPECT_EQ(write(backend, {}).seq, at.seq);
  EXPECT_EQ(write(backend, {create(kTodo, {})}).code, code('R', 14));
  LogReader log;
  EXPECT_EQ(backend.log(at.seq, 0, log), 1u);
  EXPECT_FALSE(std::filesystem::exists(folder.file("data")));
  ASSERT_TRUE(backend.open(Text(std::string_view(path)), schema.rows()).ok()) << "a later program";
  EXPECT_EQ(write(backend, {create(kTodo, {{kTitle, text("a")}})}).message, "");
}

TEST_F(SqliteTest, RefusesAFileThatIsNoDatabase) {
  std::filesystem::create_directories(folder.file("data"));
  std::ofstream(path) << std::string(5000, 'x');
  EXPECT_EQ(open_fault(schema), "the file " + path +
                                    " is not an SQLite database; move it away, or name another "
                                    "file with --store=sqlite:PATH");
}

TEST_F(SqliteTest, RefusesTheDatabaseOfAnotherProgram) {
  std::filesystem::create_directories(folder.file("data"));
  sql("CREATE TABLE recipes(name)");
  EXPECT_EQ(open_fault(schema), "the file " + path +
                                    " is a database of another program; name another file with "
                                    "--store=sqlite:PATH");
  SqlConnection connection;
  ASSERT_FALSE(connection.open(path, SqlConnection::kReadOnly));
  SqlStatement mode = connection.prepare("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "delete") << "and leaves it as it was";
}

TEST_F(SqliteTest, RefusesADatabaseOfANewerFlin) {
  fill();
  sql("PRAGMA user_version=2");
  EXPECT_EQ(open_fault(schema),
            "the database " + path +
                " was written by a newer FLIN (format 2, this one knows 1); run it with that FLIN, "
                "or put an older copy back");
}

TEST_F(SqliteTest, SaysWhatToDoWithADamagedDatabase) {
  fill();
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(12'000, '\x5a');
  file.close();
  const std::string message = open_fault(schema);
  EXPECT_NE(message.find("the database " + path + " is damaged ("), std::string::npos) << message;
  EXPECT_NE(message.find("put a copy of it back, or save what can be read: sqlite3 '" + path +
                         "' .recover | sqlite3 rescued.db"),
            std::string::npos)
      << message;
}

TEST_F(SqliteTest, RefusesAPlaceThatCannotBeWritten) {
  std::ofstream(folder.file("data")) << "a file where the folder should be";
  EXPECT_EQ(open_fault(schema),
            "the store cannot write the folder " + folder.file("data") +
                ": Not a directory; let this user write there, or take another place with "
                "--store=sqlite:PATH or --store=memory");
}

TEST_F(SqliteTest, RefusesADatabaseThatAnotherFlinHasOpen) {
  SqliteBackend first(host, clock_of());
  ASSERT_TRUE(first.open(Text(std::string_view(path)), schema.rows()).ok());
  EXPECT_EQ(open_fault(schema), "the database " + path + " is in use by another flin (process " +
                                    std::to_string(getpid()) +
                                    "); stop it, or take another file with --store=sqlite:PATH");
  first.close();
  EXPECT_EQ(open_fault(schema), "");
}

TEST_F(SqliteTest, KnowsADatabaseByEachOfItsNames) {
  SqliteBackend first(host, clock_of());
  ASSERT_TRUE(first.open(Text(std::string_view(path)), schema.rows()).ok());
  const std::string real = path;
  path = folder.file("other.db");
  std::filesystem::create_symlink(real, path);
  EXPECT_NE(open_fault(schema).find("is in use by another flin"), std::string::npos);
}

TEST_F(SqliteTest, AnswersWhenAnotherProgramHoldsTheDatabase) {
  SqliteBackend backend(host, clock_of());
  ASSERT_TRUE(backend.open(Text(std::string_view(path)), schema.rows()).ok());
  SqlConnection other;
  ASSERT_FALSE(other.open(path, SqlConnection::kReadWrite));
  ASSERT_TRUE(other.execute("BEGIN IMMEDIATE"));
  const WriteResult out = write(backend, {create(kTodo, {{kTitle, text("a")}})});
  EXPECT_EQ(out.code, code('R', 106));
  EXPECT_EQ(out.message, "store is not available: another program holds the database " + path);
  ASSERT_TRUE(other.execute("ROLLBACK"));
  EXPECT_EQ(write(backend, {create(kTodo, {{kTitle, text("a")}})}).applied[0].id, 1u);
}

TEST_F(SqliteTest, TellsNamesApartThatSqliteDoesNot) {
  testing::FakeSchema odd;
  odd.entity("Log").field("ID", "int", Kind::kInt).field("id_2", "int", Kind::kInt);
  odd.entity("log").field("name", "text", Kind::kText).field("NAME", "text", Kind::kText);
  odd.entity("sqlite_x").field("a\"b", "text", Kind::kText);
  SqliteBackend backend(host, clock_of());
  ASSERT_EQ(backend.open(Text(std::string_view(path)), odd.rows()).message(), "");
  EXPECT_EQ(
      write(backend, {create(0, {{0, integer(7)}, {1, integer(8)}}),
                      create(1, {{0, text("a")}, {1, text("b")}}), create(2, {{0, text("c")}})})
          .message,
      "");
  backend.close();
  ASSERT_EQ(backend.open(Text(std::string_view(path)), odd.rows()).message(), "");
  Reader out;
  Query query = Query(1).only({0, 1});
  backend.query(query.plan(), {0, 0}, out, Reader::done, &out);
  EXPECT_EQ(out.text(0, 0) + out.text(0, 1), "ab");
}

TEST_F(SqliteTest, GivesEarlierRowsTheDefaultTheirFieldCameWith) {
  const auto with_stars = [](std::int64_t stars) {
    testing::FakeSchema out;
    out.entity("User").field("name", "text", Kind::kText);
    if (stars != 0) out.field("stars", "int", Kind::kInt).fallback(testing::integer(stars));
    return out;
  };
  testing::FakeSchema without = with_stars(0), three = with_stars(3), five = with_stars(5);
  SqliteBackend backend(host, clock_of());
  ASSERT_EQ(backend.open(Text(std::string_view(path)), without.rows()).message(), "");
  write(backend, {create(0, {{0, text("Bo")}})});
  ASSERT_EQ(backend.open(Text(std::string_view(path)), three.rows()).message(), "");
  ASSERT_EQ(backend.open(Text(std::string_view(path)), five.rows()).message(), "");
  write(backend, {create(0, {{0, text("Al")}})});
  Reader now, before;
  Query query = Query(0).only({1});
  backend.query(query.plan(), {0, 0}, now, Reader::done, &now);
  EXPECT_EQ(now.rows[0].fields[0].i, 3);
  EXPECT_EQ(now.rows[1].fields[0].i, 5);
  backend.history(0, 1, before, Reader::done, &before);
  EXPECT_EQ(before.pasts[0].row.fields[1].i, 3) << "and their history with them";
}

TEST_F(SqliteTest, PlansAMigrationWithoutWriting) {
  fill();
  testing::FakeSchema next;
  next.entity("User").field("name", "text?", Kind::kText).field("email", "int?", Kind::kInt);
  next.field("stars", "int", Kind::kInt).field("note", "text?", Kind::kText);
  next.entity("Tag").field("word", "text", Kind::kText);
  std::vector<SchemaStep> steps;
  ASSERT_FALSE(SqliteBackend::plan_migration(path, read_entities(next.rows()), steps));
  std::vector<std::string> said;
  for (const SchemaStep& step : steps)
    said.push_back(step.what + (step.is_refused() ? " | " + step.advice : ""));
  EXPECT_EQ(said, (std::vector<std::string>{
                      "field User.name becomes text?",
                      "field User.email was text? and is now int? | declare it as text? again, or "
                      "give the new field another name",
                      "field User.stars is new, and the rows that are there have no value for it | "
                      "give it a default (stars: int = ..) or make it optional (stars: int?)",
                      "new field User.note: text?",
                      "entity Todo has rows and is no longer declared | declare it again, or "
                      "destroy its rows first",
                      "new entity Tag"}));
  EXPECT_EQ(open_fault(schema), "") << "nothing has changed";
}

TEST(SqliteCodec, SurvivesBytesThatAreNoVersion) {
  Version version;
  version.seq = version.number = 7;
  version.deleted_at = -5;
  version.changed = {0, 300};
  version.cells = {text("abc"), money(5, "EUR"),         Scalar::of_number(0.5),
                   {},          Scalar::of_record(3, 9), integer(INT64_MIN)};
  const std::string whole = encode(version);
  Version same;
  ASSERT_TRUE(decode(whole, same));
  EXPECT_EQ(encode(same), whole);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Version cut;
    EXPECT_FALSE(decode(std::string_view(whole).substr(0, size), cut)) << size;
  }
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (std::size_t flips = 1 + random() % 3; flips > 0; --flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    Version any;
    if (!decode(bytes, any)) continue;
    Version again;  // what is read can be written and read once more
    EXPECT_TRUE(decode(encode(any), again));
  }
}

// ---- The same as memory, for random plans ----

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  Scalar value() {
    switch (below(9)) {
      case 0: return {};
      case 1: return Scalar::of_bool(below(2) == 0);
      case 2: return integer(static_cast<std::int64_t>(below(5)) - 2);
      case 3: return Scalar::of_number(static_cast<double>(below(5)) - 2 + (below(2) ? 0.5 : 0));
      case 4: return below(6) == 0 ? Scalar::of_number(std::nan("")) : text("a");
      case 5: return text(std::string(1 + below(2), static_cast<char>('a' + below(3))));
      case 6: return Scalar::of_time(static_cast<std::int64_t>(below(3)) * 1000);
      case 7: return money(static_cast<std::int64_t>(below(3)), below(2) ? "EUR" : "USD");
      default: return Scalar::of_record(kUser, 1 + below(3));
    }
  }
  std::vector<Set> todo() {
    std::vector<Set> out = {
        {kTitle, text(std::string(1 + below(2), static_cast<char>('a' + below(3))))},
        {kDone, Scalar::of_bool(below(2) == 0)}};
    if (below(3)) out.push_back({kRank, integer(static_cast<std::int64_t>(below(5)) - 2)});
    if (below(3))
      out.push_back(
          {kScore, Scalar::of_number(below(9) == 0 ? std::nan("")
                                                   : static_cast<double>(below(5)) / 2 - 1)});
    if (below(3))
      out.push_back({kDue, Scalar::of_time(static_cast<std::int64_t>(below(3)) * 1000)});
    if (below(3))
      out.push_back({kPrice, money(static_cast<std::int64_t>(below(3)), below(2) ? "EUR" : "USD")});
    if (below(3)) out.push_back({kOwner, Scalar::of_record(kUser, 1 + below(3))});
    return out;
  }
  void condition(Query& query, int depth) {
    if (depth == 0 || below(3) == 0) return comparison(query);
    switch (below(4)) {
      case 0:
        condition(query, depth - 1);
        query.op(kOpNot);
        return;
      case 1:
        condition(query, depth - 1);
        condition(query, depth - 1);
        query.op(kOpOr);
        return;
      default:
        condition(query, depth - 1);
        condition(query, depth - 1);
        query.op(kOpAnd);
    }
  }
  Query query() {
    Query out;
    if (below(8)) condition(out, 3);
    for (std::size_t count = below(3); count > 0; --count) out.by(field(), below(2) == 0);
    if (below(3) == 0)
      out.cut(static_cast<std::int64_t>(below(6)), static_cast<std::int64_t>(below(4)));
    switch (below(6)) {
      case 0: return out.fold(store::kCount);
      case 1: return out.fold(store::kExists);
      case 2: return out.fold(kDistinct, field());
      case 3: return out.fold(kGroupCount, kNoField, field());
      default: return out.only({kTitle, kFieldVersion, field()});
    }
  }

 private:
  std::uint32_t field() {
    constexpr std::uint32_t kFields[] = {kTitle, kDone,  kRank,    kScore,        kDue,
                                         kPrice, kOwner, kFieldId, kFieldVersion, kFieldDeletedAt};
    return kFields[below(std::size(kFields))];
  }
  void operand(Query& query) {
    switch (below(5)) {
      case 0: query.field(FieldPath{kOwner, below(2) ? std::uint32_t{kName} : kFieldId}); return;
      case 1:
      case 2: query.field(field()); return;
      default: query.value(value());
    }
  }
  void comparison(Query& query) {
    constexpr PredicateOp kOps[] = {kOpEq, kOpNe,       kOpLt,     kOpLe, kOpGt,
                                    kOpGe, kOpCoalesce, kOpStarts, kOpAdd};
    operand(query);
    switch (below(5)) {
      case 0: query.op(kOpIsNone); return;
      case 1: return;
      default: operand(query); query.op(kOps[below(std::size(kOps))]);
    }
  }

  std::mt19937 random_;
};

std::string told(const Reader& reader) {
  std::string out = reader.message + "|";
  for (const ReadRow& row : reader.rows) {
    out += std::to_string(row.id) + "/" + std::to_string(row.version) + ":";
    for (const Scalar& value : row.fields) out += identity(value) + ",";
  }
  for (const auto& [group, value] : reader.values)
    out += identity(group) + "=" + identity(value) + ";";
  return out;
}

TEST_F(SqliteTest, GivesWhatMemoryGivesForAnyPlan) {
  MemoryBackend memory(host, clock_of());
  SqliteBackend sqlite(host, clock_of());
  ASSERT_TRUE(memory.open("", schema.rows()).ok());
  ASSERT_TRUE(sqlite.open(Text(std::string_view(path)), schema.rows()).ok());
  const unsigned seed = std::getenv("FLIN_SEED")
                            ? static_cast<unsigned>(std::atoi(std::getenv("FLIN_SEED")))
                            : std::random_device()();
  SCOPED_TRACE("FLIN_SEED=" + std::to_string(seed));
  Generator make(seed);
  std::vector<MadeChange> changes;
  for (const char* name : {"a", "b", "c"}) changes.push_back(create(kUser, {{kName, text(name)}}));
  for (int at = 0; at < 40; ++at) changes.push_back(create(kTodo, make.todo()));
  for (std::uint64_t id = 1; id <= 10; ++id)
    changes.push_back(update(kTodo, 1 + make.below(40), 0, make.todo()));
  changes.push_back(change(kDelete, kUser, 3));
  changes.push_back(change(kDelete, kTodo, 7));
  changes.push_back(change(kDestroy, kTodo, 9));
  ASSERT_EQ(write(memory, changes).message, "");
  ASSERT_EQ(write(sqlite, changes).message, "");
  for (int round = 0; round < 3000; ++round) {
    Query query = make.query();
    Reader expected, found;
    memory.query(query.plan(), {0, 0}, expected, Reader::done, &expected);
    sqlite.query(query.plan(), {0, 0}, found, Reader::done, &found);
    ASSERT_EQ(told(found), told(expected)) << "round " << round;
    if (round % 10 != 0) continue;
    Reader past;
    sqlite.as_of(query.plan(), clock.ms(), past, Reader::done, &past);
    ASSERT_EQ(told(past), told(expected)) << "as of now, round " << round;
  }
}

}  // namespace
}  // namespace flin::store::tests
