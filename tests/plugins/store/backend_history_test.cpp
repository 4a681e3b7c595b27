// What every IStoreBackend remembers: history, states of the past, and the log.
#include "backend_fixture.h"

namespace flin::store::tests {
namespace {

Scalar text(const char* value) { return Scalar::of_text(value); }

using History = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, History, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(History, HasEveryVersionOldestFirst) {
  const auto id = add_todo("a");
  const auto first = clock.ms();
  clock.advance_ms(1000);
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  clock.advance_ms(1000);
  write({change(kDelete, kTodo, id)});
  const Reader out = past(kTodo, id);
  ASSERT_EQ(out.pasts.size(), 3u);
  EXPECT_EQ(out.pasts[0].row.fields[kTitle].text, "a");
  EXPECT_EQ(out.pasts[1].row.fields[kTitle].text, "b");
  EXPECT_EQ(out.pasts[0].from, first);
  EXPECT_EQ(out.pasts[0].to, first + 1000);
  EXPECT_EQ(out.pasts[1].to, out.pasts[2].from);
  EXPECT_EQ(out.pasts[2].to, kStillValid);
  EXPECT_EQ(out.pasts[0].kind, std::uint32_t{kCreate});
  EXPECT_EQ(out.pasts[1].kind, std::uint32_t{kUpdate});
  EXPECT_EQ(out.pasts[2].kind, std::uint32_t{kDelete});
  EXPECT_EQ(out.pasts[2].row.version, 3u);
}

TEST_P(History, IsWholeRows) {
  const auto id = add_todo("a");
  const Reader out = past(kTodo, id);
  EXPECT_EQ(out.pasts[0].row.fields.size(), 10u + 3u);
}

TEST_P(History, OfADestroyedRowIsGone) {
  const auto id = add_todo("a");
  write({change(kDestroy, kTodo, id)});
  EXPECT_TRUE(past(kTodo, id).pasts.empty());
}

TEST_P(History, OfARowThatNeverWasIsEmpty) {
  const Reader out = past(kTodo, 9);
  EXPECT_TRUE(out.pasts.empty());
  EXPECT_EQ(out.code, 0u);
  EXPECT_EQ(out.calls, 1);
}

TEST_P(History, IsNotTrimmed) {
  const auto id = add_todo("a");
  for (int at = 0; at < 5; ++at) write({update(kTodo, id, 0, {{kTitle, text("b")}})});
  backend->trim(1);
  EXPECT_EQ(past(kTodo, id).pasts.size(), 6u);
}

TEST_P(History, EndsWhenTheSinkHasEnough) {
  const auto id = add_todo("a");
  write({update(kTodo, id, 0, {{kTitle, text("b")}})});
  Reader out;
  out.enough = 1;
  backend->history(kTodo, id, out, Reader::done, &out);
  EXPECT_EQ(out.pasts.size(), 1u);
}

TEST_P(History, TimesNeverGoBack) {
  const auto id = add_todo("a");
  clock.advance_ms(-60'000);
  write({update(kTodo, id, 1, {{kTitle, text("b")}})});
  const Reader out = past(kTodo, id);
  EXPECT_GE(out.pasts[1].from, out.pasts[0].from);
}

using AsOf = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, AsOf, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(AsOf, SeesTheStateOfThatTime) {
  const auto id = add_todo("a");
  const auto first = clock.ms();
  clock.advance_ms(1000);
  write({update(kTodo, id, 1, {{kTitle, text("b")}}), create(kTodo, {{kTitle, text("c")}})});
  EXPECT_TRUE(read_at_time(Query(), first - 1).rows.empty());
  const Reader then = read_at_time(Query().only({kTitle}), first);
  ASSERT_EQ(then.rows.size(), 1u);
  EXPECT_EQ(then.text(0, 0), "a");
  EXPECT_EQ(read_at_time(Query().only({kTitle}), first + 999).text(0, 0), "a");
  EXPECT_EQ(read_at_time(Query(), first + 1000).rows.size(), 2u);
}

TEST_P(AsOf, SeesWhatWasDeletedLater) {
  const auto id = add_todo("a");
  const auto first = clock.ms();
  clock.advance_ms(1000);
  write({change(kDelete, kTodo, id)});
  EXPECT_EQ(read_at_time(Query(), first).rows.size(), 1u);
  EXPECT_TRUE(read_at_time(Query(), first + 1000).rows.empty());
}

TEST_P(AsOf, DoesNotSeeDestroyedRows) {
  const auto id = add_todo("a");
  const auto first = clock.ms();
  clock.advance_ms(1000);
  write({change(kDestroy, kTodo, id)});
  EXPECT_TRUE(read_at_time(Query(), first).rows.empty());
}

TEST_P(AsOf, TakesTheWholePlan) {
  for (const char* title : {"a", "b", "c"}) add_todo(title);
  Query query =
      Query().field(kTitle).value(text("a")).op(kOpNe).by(kTitle, true).cut(1).only({kTitle});
  EXPECT_EQ(read_at_time(query, clock.ms()).text(0, 0), "c");
}

using Log = BackendTest;
INSTANTIATE_TEST_SUITE_P(Each, Log, ::testing::ValuesIn(kBackends), backend_name);

TEST_P(Log, GivesWhatCameAfterANumber) {
  add_todo("a");
  const auto since = newest();
  const auto id = add_todo("b");
  write({update(kTodo, id, 1, {{kDone, Scalar::of_bool(true)}})});
  const auto changes = log(since);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].seq, since + 1);
  EXPECT_EQ(changes[0].kind, std::uint32_t{kCreate});
  EXPECT_FALSE(changes[0].before);
  EXPECT_EQ(changes[0].after->fields[kTitle].text, "b");
  EXPECT_EQ(changes[1].fields, std::vector<std::uint32_t>{kDone});
  EXPECT_EQ(changes[1].before->fields[kDone].i, 0);
  EXPECT_EQ(changes[1].after->fields[kDone].i, 1);
  EXPECT_EQ(changes[1].after->version, 2u);
}

TEST_P(Log, ShowsDeleteRestoreAndDestroy) {
  const auto id = add_todo("a");
  const auto since = newest();
  write({change(kDelete, kTodo, id)});
  write({change(kRestore, kTodo, id)});
  write({change(kDestroy, kTodo, id)});
  const auto changes = log(since);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_FALSE(changes[0].after->fields.back().is_none()) << "deleted_at is set";
  EXPECT_TRUE(changes[1].after->fields.back().is_none());
  EXPECT_TRUE(changes[2].before);
  EXPECT_FALSE(changes[2].after);
}

TEST_P(Log, AfterTheNewestNumberIsEmpty) {
  add_todo("a");
  EXPECT_TRUE(log(newest()).empty());
}

TEST_P(Log, RefusesANumberAboveTheNewest) {
  LogReader out;
  EXPECT_EQ(backend->log(newest() + 1, 0, out), 0u);
}

TEST_P(Log, StopsAtTheLimitBetweenCommits) {
  const auto since = newest();
  write({create(kTodo, {{kTitle, text("a")}}), create(kTodo, {{kTitle, text("b")}})});
  add_todo("c");
  add_todo("d");
  const auto changes = log(since, 2);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes.back().seq, since + 2);
  EXPECT_EQ(log(changes.back().seq).size(), 1u) << "the rest follows without a gap";
}

TEST_P(Log, EndsWhenTheSinkHasEnough) {
  const auto since = newest();
  add_todo("a");
  add_todo("b");
  LogReader out;
  out.enough = 1;
  EXPECT_EQ(backend->log(since, 0, out), 1u);
  EXPECT_EQ(out.changes.size(), 1u);
}

TEST_P(Log, ThatWasTrimmedSaysSo) {
  const auto since = newest();
  for (int at = 0; at < 5; ++at) add_todo("x");
  backend->trim(2);
  LogReader out;
  EXPECT_EQ(backend->log(since, 0, out), 0u);
  EXPECT_TRUE(out.changes.empty());
  EXPECT_EQ(log(since + 3).size(), 2u) << "the two newest are still there";
}

TEST_P(Log, KeepsEverythingBelowTheLimit) {
  const auto since = newest();
  add_todo("a");
  backend->trim(2);
  EXPECT_EQ(log(since).size(), 1u);
}

TEST_P(Log, LetsASinkCommit) {
  const auto since = newest();
  add_todo("a");
  LogReader out;
  out.on_change = [&] { add_todo("b"); };
  EXPECT_EQ(backend->log(since, 0, out), 1u);
  EXPECT_EQ(out.changes.size(), 1u);
}

TEST_P(Log, HasNothingOfARefusedCommit) {
  const auto since = newest();
  write({create(kTodo, {{kTitle, text("a")}}), change(kDelete, kTodo, 99)});
  EXPECT_TRUE(log(since).empty());
}

}  // namespace
}  // namespace flin::store::tests
