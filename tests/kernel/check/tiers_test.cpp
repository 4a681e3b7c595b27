// Tiers, handlers and live values; the programs of W 9 and W 10 row by row.
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

constexpr const char* kTodo = R"(entity Todo {
    title: text @required
    done: bool = false
}
q = ""
draft = ""
<input bind={q} placeholder="Search">
<form submit={save Todo { title: draft }; draft = ""}>
    <input bind={draft}>
    <button>Add</button>
</form>
<ul>
    {for t in Todo.where(title.contains(q))}
        <li><input type="checkbox" checked={t.done} change={t.done = !t.done; save t}>{t.title}</li>
    {else}
        <li>Nothing here</li>
    {/for}
</ul>
<p>{Todo.where(done == false).count} open</p>
)";

std::string names(const std::vector<check::Input>& inputs) {
  std::string all;
  for (const auto& input : inputs) {
    if (!all.empty()) all += ' ';
    all += std::to_string(static_cast<int>(input.kind)) + ":";
    all += input.symbol != nullptr ? std::string(input.symbol->name) : input.path;
    all += ":" + check::text_of(input.type);
  }
  return all;
}
std::string joined(const std::vector<std::string>& list) {
  std::string all;
  for (const auto& item : list) all += (all.empty() ? "" : " ") + item;
  return all;
}

TEST(Tiers, CounterRunsInTheBrowser) {
  Checked c("count = 0\n<button click={count++}>{count}</button>\n");
  ASSERT_EQ(c.program->handlers.size(), 1u);
  const auto& h = *c.program->handlers[0];
  EXPECT_FALSE(h.on_server);
  EXPECT_EQ(h.event, "click");
  EXPECT_EQ(h.row, 0u);
  EXPECT_TRUE(h.inputs.empty());
  EXPECT_TRUE(c.program->live.empty());
  EXPECT_TRUE(c.variable("count")->browser_reads);
  EXPECT_TRUE(c.variable("count")->is_state);
}

TEST(Tiers, TodoHasTheViewRowsOfTheProtocol) {
  Checked c(kTodo);
  ASSERT_EQ(c.rendered(), "");
  const auto& rows = c.program->pages.at(0)->bindings;
  ASSERT_EQ(rows.size(), 8u);
  using K = check::BindingKind;
  K kinds[] = {K::kSetup, K::kSetup,     K::kBind, K::kBind,
               K::kFor,   K::kAttribute, K::kText, K::kText};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(rows[i]->kind, kinds[i]) << i;
    EXPECT_EQ(rows[i]->row, i);
  }
}

TEST(Tiers, TodoHasTheLiveRowsOfTheProtocol) {
  Checked c(kTodo);
  ASSERT_EQ(c.program->live.size(), 2u);
  const auto &list = *c.program->live[0], &count = *c.program->live[1];
  EXPECT_EQ(list.row, 0u);
  EXPECT_EQ(names(list.inputs), "0:q:text");
  EXPECT_EQ(check::text_of(list.type), "[Todo]");
  EXPECT_TRUE(list.is_entity_list);
  EXPECT_TRUE(list.sends_entity_back);
  EXPECT_EQ(joined(list.fields), "title done");
  EXPECT_EQ(list.root->live, &list);
  EXPECT_EQ(list.place, nullptr);
  EXPECT_EQ(names(count.inputs), "");
  EXPECT_EQ(check::text_of(count.type), "int");
  EXPECT_FALSE(count.is_entity_list);
  EXPECT_TRUE(c.variable("q")->is_live_input);
  EXPECT_FALSE(c.variable("draft")->is_live_input);
}

TEST(Tiers, TodoHasTheHandlerRowsOfTheProtocol) {
  Checked c(kTodo);
  ASSERT_EQ(c.program->handlers.size(), 2u);
  const auto &submit = *c.program->handlers[0], &change = *c.program->handlers[1];
  EXPECT_EQ(submit.event, "submit");
  EXPECT_TRUE(submit.on_server);
  EXPECT_TRUE(submit.without_scripts);
  EXPECT_FALSE(submit.posts);
  EXPECT_EQ(names(submit.inputs), "0:draft:text");
  EXPECT_EQ(names(submit.outputs), "0:draft:text");
  EXPECT_EQ(submit.why, "saves a Todo");
  EXPECT_EQ(change.event, "change");
  EXPECT_EQ(names(change.inputs), "3:t:Todo");
  EXPECT_EQ(names(change.outputs), "3:t:Todo");
  EXPECT_FALSE(change.without_scripts);
}

TEST(Tiers, ExplainsWhereEverythingRuns) {
  Checked c(kTodo);
  EXPECT_EQ(check::explain_tiers(*c.program, c.sources),
            "app.flin:5:1: setup: once, on the server\n"
            "app.flin:6:1: setup: once, on the server\n"
            "app.flin:8:7: submit: on the server, saves a Todo; in: draft; out: draft; works "
            "without scripts\n"
            "app.flin:13:15: live value 0: on the server, [Todo], inputs q, fields title, done\n"
            "app.flin:14:53: change: on the server, saves a Todo; in: t; out: t\n"
            "app.flin:19:5: live value 1: on the server, int\n");
}

TEST(Tiers, RowsOfBrowserHandlersComeAfterActions) {
  Checked c(
      "entity T { n: int }\nx = 0\n<b click={x++}/><b click={save T { n: x }}/><b "
      "click={x--}>{x}</b>\n");
  ASSERT_EQ(c.program->handlers.size(), 3u);
  EXPECT_TRUE(c.program->handlers[0]->on_server);
  EXPECT_EQ(names(c.program->handlers[0]->inputs), "0:x:int");
  EXPECT_EQ(names(c.program->handlers[0]->outputs), "");
  EXPECT_FALSE(c.program->handlers[1]->on_server);
}

TEST(Tiers, ALiveValueEndsAtOperatorsAndLambdas) {
  Checked c(
      "entity T { n: int, done: bool = false }\n<p>{T.where(done).count + 1}</p><p>{T.all.filter(t "
      "=> t.done).len}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->live.size(), 2u);
  EXPECT_EQ(c.sources.text(c.program->live[0]->root->span), "T.where(done).count");
  EXPECT_EQ(c.sources.text(c.program->live[1]->root->span), "T.all");
  EXPECT_EQ(joined(c.program->live[1]->fields), "done");
}

TEST(Tiers, AVariableSetToAQueryStandsForIt) {
  Checked c(
      "entity T { n: int }\nlimit = 3\nitems = T.where(n < limit)\n<b "
      "click={limit++}>{items.count}</b>{for t in items}{t.n}{/for}\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_NE(c.variable("items")->stands_for, nullptr);
  ASSERT_EQ(c.program->live.size(), 2u);
  EXPECT_EQ(names(c.program->live[0]->inputs), "0:limit:int");
  EXPECT_EQ(names(c.program->live[1]->inputs), "0:limit:int");
  EXPECT_EQ(joined(c.program->live[1]->fields), "n");
}

TEST(Tiers, AnInputOfALiveValueMayBeAPath) {
  Checked c(
      "entity T { n: text }\n<p>{T.where(n == params.id).count}{T.where(n == "
      "session.name).count}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->live.size(), 2u);
  EXPECT_EQ(c.program->live[0]->inputs.at(0).path, "params.id");
  EXPECT_EQ(c.program->live[1]->inputs.at(0).path, "session.name");
}

TEST(Tiers, PureSetupIsDerived) {
  Checked c("n = 0\ntwice = n * 2\nfour = twice * 2\n<b click={n++}>{four}</b>\n");
  ASSERT_EQ(c.rendered(), "");
  const auto& setup = c.program->pages[0]->setup;
  ASSERT_EQ(setup.size(), 3u);
  EXPECT_EQ(setup[0].tier, check::SetupTier::kOnce);
  EXPECT_EQ(setup[1].tier, check::SetupTier::kDerived);
  EXPECT_EQ(setup[2].tier, check::SetupTier::kDerived);
  EXPECT_FALSE(c.variable("twice")->is_state);
}

TEST(Tiers, SetupWithServerThingsIsALiveValue) {
  Checked c(
      "entity T { n: int }\nlimit = 3\ntotal = T.where(n < limit).sum(n)\n<b "
      "click={limit++}>{total}</b>\n");
  ASSERT_EQ(c.rendered(), "");
  const auto& setup = c.program->pages[0]->setup;
  EXPECT_EQ(setup[1].tier, check::SetupTier::kLive);
  ASSERT_EQ(c.program->live.size(), 1u);
  const auto& live = *c.program->live[0];
  EXPECT_EQ(live.root, nullptr);
  ASSERT_EQ(live.outputs.size(), 1u);
  EXPECT_EQ(live.outputs[0], c.variable("total"));
  EXPECT_EQ(c.variable("total")->live_output, &live);
  EXPECT_EQ(names(live.inputs), "0:limit:int");
  EXPECT_EQ(check::text_of(live.type), "int");
}

TEST(Tiers, SetupWithBrowserThingsRunsInTheBrowser) {
  Checked c("w = window.innerWidth\n<p>{w}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_EQ(c.program->pages[0]->setup[0].tier, check::SetupTier::kBrowser);
  EXPECT_TRUE(c.program->pages[0]->setup[0].binding->browser_only);
}

TEST(Tiers, WhatHandlersWriteIsState) {
  Checked c(
      "xs = [1]\nys = xs.map(x => x + 1)\nz = 0\nfn put() { z = 1 }\n<b click={xs.push(2)}/><b "
      "click={put()}>{ys}{z}</b>\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_TRUE(c.variable("xs")->is_state);
  EXPECT_FALSE(c.variable("ys")->is_state);
  EXPECT_TRUE(c.variable("z")->is_state);
  EXPECT_EQ(c.program->pages[0]->setup[1].tier, check::SetupTier::kDerived);
}

TEST(Tiers, ActionsReadAndWriteThroughFunctions) {
  Checked c(R"(entity T { n: int }
n = 1
done = false
fn put() { save T { n: n }
done = true }
<b click={put()}>{n}{done}</b>
)");
  ASSERT_EQ(c.rendered(), "");
  const auto& h = *c.program->handlers.at(0);
  EXPECT_TRUE(h.on_server);
  EXPECT_EQ(names(h.inputs), "0:n:int");
  EXPECT_EQ(names(h.outputs), "0:done:bool");
  EXPECT_EQ(h.why, "calls put, which saves a T");
}

TEST(Tiers, VariablesThatNoBrowserCodeReadsStayOnTheServer) {
  Checked c("entity T { n: int }\ncounter = 0\n<b click={counter++; save T { n: counter }}/>\n");
  ASSERT_EQ(c.rendered(), "");
  const auto* counter = c.variable("counter");
  EXPECT_FALSE(counter->browser_reads);
  EXPECT_TRUE(counter->server_action_uses);
  EXPECT_TRUE(c.program->handlers[0]->inputs.empty());
}

TEST(Tiers, WritingTheSessionIsPosted) {
  Checked c("<b click={session.name = \"a\"}/>\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_TRUE(c.program->handlers.at(0)->on_server);
  EXPECT_TRUE(c.program->handlers[0]->posts);
}

TEST(Tiers, TheEventIsNoted) {
  Checked c(
      "entity T { n: text }\nfn put() { save T { n: event.target.value } }\n<input "
      "change={put()}><b click={print(1)}/>\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_TRUE(c.program->handlers[0]->uses_event);
  EXPECT_FALSE(c.program->handlers[1]->uses_event);
}

TEST(Tiers, FunctionsOfTheBrowserAreListedPerPage) {
  Checked c(R"(entity T { n: int }
fn shown(n: int) { "{n}!" }
fn helper(n: int) { shown(n) }
fn unused(n: int) { n }
fn put() { save T { n: 1 } }
n = 0
<b click={n++}>{helper(n)}</b><b click={put()}/>
)");
  ASSERT_EQ(c.rendered(), "");
  const auto& functions = c.program->pages[0]->browser_functions;
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0]->declaration->name.text, "helper");
  EXPECT_EQ(functions[1]->declaration->name.text, "shown");
  EXPECT_TRUE(functions[0]->used_in_browser);
  EXPECT_FALSE(c.program->functions[2]->used_in_browser);
  EXPECT_FALSE(c.program->functions[3]->used_in_browser);
}

TEST(Tiers, HooksAreHandlers) {
  Checked c("n = 0\nm = 0\nonMount { n = 1 }\nonUpdate(n) { m = n }\n<p>{n}{m}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->handlers.size(), 2u);
  EXPECT_EQ(c.program->handlers[0]->kind, check::HandlerKind::kMount);
  EXPECT_EQ(c.program->handlers[1]->kind, check::HandlerKind::kUpdate);
  ASSERT_EQ(c.program->pages[0]->hooks.size(), 2u);
  EXPECT_TRUE(c.variable("n")->is_state);
}

TEST(Tiers, AComponentMayHoldALiveValueThatReadsNothingOfIt) {
  Checked c("entity T { n: int }\ncomponent Total { <b>{T.count}</b> }\n<Total/>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->components[0]->live.size(), 1u);
  EXPECT_EQ(c.program->live.size(), 1u);
}

TEST(Tiers, ALiveValueMayReadTheRowsOfALiveList) {
  Checked c("entity T { n: int }\n<p>{for t in T.all}{T.where(n == t.n).count}{/for}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->places.size(), 1u);
  const check::LivePlace& rows = *c.program->places[0];
  const auto &list = *c.program->live[0], &count = *c.program->live[1];
  EXPECT_EQ(rows.kind, check::PlaceKind::kRows);
  EXPECT_EQ(rows.list, &list);
  EXPECT_EQ(count.place, &rows);
  ASSERT_EQ(count.inputs.size(), 1u);
  EXPECT_EQ(count.inputs[0].place, &rows);
  EXPECT_TRUE(count.inputs[0].is_loaded) << "n is read of it, so the store is asked";
}

TEST(Tiers, OnlyTheIdOfARowIsAnInputWhereNothingElseIsRead) {
  Checked c(
      "entity L { n: int }\nentity T { list: L }\n"
      "<p>{for l in L.all}{T.where(list == l).count}{T.where(list.id == l.id).count}{/for}</p>\n");
  ASSERT_EQ(c.rendered(), "");
  EXPECT_FALSE(c.program->live[1]->inputs[0].is_loaded);
  EXPECT_FALSE(c.program->live[2]->inputs[0].is_loaded);
}

TEST(Tiers, AValueBelongsToTheShortestScopeItDependsOn) {
  Checked c(
      "entity L { n: int }\nentity T { list: L, done: bool }\n"
      "{for l in L.all}{for t in T.where(list == l)}<b>{T.where(list == l).count}</b>"
      "<i>{T.count}</i>{/for}{/for}\n");
  ASSERT_EQ(c.rendered(), "");
  const auto& live = c.program->live;
  ASSERT_EQ(live.size(), 4u);
  EXPECT_EQ(live[0]->place, nullptr);
  ASSERT_NE(live[1]->place, nullptr);
  EXPECT_EQ(live[2]->place, live[1]->place) << "the inner loop has no part in it";
  EXPECT_EQ(live[3]->place, nullptr);
  EXPECT_EQ(c.program->places.size(), 1u) << "no scopes for the inner rows";
}

TEST(Tiers, ALiveValueOfALoopOverBrowserDataIsRefused) {
  const char* programs[] = {
      "entity T { n: int }\nxs = [1, 2]\n<p>{for x in xs}{T.where(n == x).count}{/for}</p>\n",
      "entity T { n: int }\n<p>{for t in T.all.filter(t => t.n > 1)}{T.where(n == t.n).count}{/for}"
      "</p>\n",
      "entity T { n: int }\nxs = [1, 2]\n"
      "<p>{for x in xs}{for t in T.all}{T.where(n == t.n).count}{/for}{/for}</p>\n",
      "entity T { n: int }\ncomponent C(n: int) { <b>{T.where(n > props.n).count}</b> }\n"
      "xs = [1, 2]\n<p>{for x in xs}<C n={x}/>{/for}</p>\n"};
  for (const char* program : programs) {
    Checked c(program);
    EXPECT_NE(c.rendered().find("error[E0606]: server value inside a loop over browser data"),
              std::string::npos)
        << program << c.rendered();
  }
}

TEST(Tiers, PropsMadeOfRowsAreComputedByTheServer) {
  Checked c(
      "entity U { name: text }\nentity P { author: U, title: text }\nq = \"\"\n"
      "component C(user: U, q: text, name: text) {\n"
      "  <b>{P.where(author == user and title.contains(q) and title != name).count}</b> }\n"
      "<input bind={q}>{for u in U.all}<C user={u} q={q} name={u.name}/>{/for}\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->places.size(), 2u);
  const auto& use = *c.program->places[1];
  ASSERT_EQ(use.props.size(), 2u) << "q is the browser's";
  EXPECT_EQ(use.props[0].name, "name");
  EXPECT_TRUE(use.props[0].value->inputs[0].is_loaded);
  EXPECT_EQ(use.props[1].name, "user");
  EXPECT_TRUE(use.props[1].value->passes_on);
}

TEST(Tiers, WhatAConditionOfTheServerHidesHasItAsAGuard) {
  Checked c(
      "entity T { n: int }\nopen = false\ncomponent C { <i>{T.where(n > 1).count}</i> }\n"
      "{if T.count > 2 and open}<b>{T.where(n == 1).count}</b><C/>"
      "{else}<u click={open = true}>{T.where(n == 2).count}</u>{/if}\n"
      "{if open}<s>{T.where(n == 3).count}</s>{/if}\n");
  ASSERT_EQ(c.rendered(), "");
  const auto& live = c.program->live;
  ASSERT_EQ(live.size(), 6u);
  EXPECT_EQ(live[0]->guards.size(), 0u) << "the condition itself";
  EXPECT_EQ(live[1]->guards.size(), 1u);
  EXPECT_EQ(check::text_of(live[1]->type), "int?");
  EXPECT_EQ(names(live[1]->inputs), "0:open:bool");
  EXPECT_EQ(live[2]->guards.size(), 1u) << "the {else}";
  EXPECT_EQ(live[3]->guards.size(), 0u) << "a condition of the browser hides nothing";
  EXPECT_TRUE(live[4]->in_instance) << "of a component that is hidden somewhere";
  EXPECT_EQ(live[5]->purpose, check::LivePurpose::kGuard);
}

TEST(Tiers, NamesOfPatternsAroundALiveValueAreItsOwn) {
  Checked c(
      "enum F { All, One(int) }\nentity T { n: int }\nfilter = F.All\n"
      "{match filter { F.All -> <i>all</i>\n F.One(x) -> <b>{T.where(n == x).count}</b> }}"
      "<u click={filter = F.One(1)}>one</u>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->live.size(), 1u);
  EXPECT_EQ(c.program->live[0]->guards.size(), 1u);
  EXPECT_EQ(names(c.program->live[0]->inputs), "0:filter:F");
}

TEST(Tiers, AKeyOfItsOwnAroundALiveValueIsNotPartOfThisVersion) {
  Checked c(
      "entity T { n: int }\n<p>{for t in T.all key t.n}{T.where(n == t.n).count}{/for}</p>\n");
  EXPECT_NE(
      c.rendered().find("error[E0217]: a live value of a row in a {for} with a key of its own "
                        "is not part of this version of FLIN yet"),
      std::string::npos)
      << c.rendered();
}

TEST(Tiers, AServerFunctionIsALiveValueInABinding) {
  Checked c("server fn secret(n: int) { n * 2 }\nn = 1\n<b click={n++}>{secret(n) + 1}</b>\n");
  ASSERT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->live.size(), 1u);
  EXPECT_EQ(c.sources.text(c.program->live[0]->root->span), "secret(n)");
  EXPECT_EQ(names(c.program->live[0]->inputs), "0:n:int");
}

}  // namespace
}  // namespace flin::testing
