// Rows of the view table, components and slots.
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

std::string rows_of(const std::vector<check::Binding*>& bindings) {
  static constexpr const char* kNames[] = {"",    "text",  "attribute", "bind",  "if",
                                           "for", "match", "component", "setup", "slot"};
  std::string all;
  for (const auto* b : bindings) {
    if (!all.empty()) all += ' ';
    all += kNames[static_cast<int>(b->kind)];
    if (b->is_static) all += '*';
    if (b->browser_only) all += '!';
  }
  return all;
}
std::string page_rows(const Checked& c) { return rows_of(c.program->pages.at(0)->bindings); }

TEST(Views, CounterHasASetupRowAndAText) {
  Checked c("count = 0\n<button click={count++}>{count}</button>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(page_rows(c), "setup* text");
  EXPECT_EQ(c.program->pages[0]->bindings[1]->row, 1u);
}

TEST(Views, RowsFollowTheSourceWithinTheView) {
  Checked c(R"(a = "x"
<p class={a} id="fixed" title="t {a}">{if a}<b>{a}</b>{else}<i bind={a}></i>{/if}{for x in [1, 2]}{x}{/for}</p>
<input bind={a}>
)");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(page_rows(c), "setup* attribute attribute if text bind for* text bind");
}

TEST(Views, WhatCannotChangeIsStatic) {
  Checked c("const k = 1\na = 2\nb = 0\n<p click={b++}>{k}{a}{b}{a + b}</p>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(page_rows(c), "setup* setup* text* text* text text");
}

TEST(Views, BrowserThingsAreShownInTheBrowserOnly) {
  Checked c("<p>{window.innerWidth}</p>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(page_rows(c), "text!");
}

TEST(Views, ComponentsHaveRowsOfTheirOwn) {
  Checked c(R"(component Card(title: text) {
  open = false
  <div><h2 click={open = !open}>{title}</h2>{if open}{children}{/if}<slot name="foot">none</slot></div>
}
n = 0
<Card title="a {n}"><p>{n}</p></Card>
<button click={n++}>+</button>
)");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(page_rows(c), "setup* component text");
  const auto* card = c.program->components.at(0);
  EXPECT_EQ(rows_of(card->bindings), "setup* text if slot slot");
  EXPECT_EQ(card->slots, (std::vector<std::string>{"children", "foot"}));
  ASSERT_EQ(c.program->pages[0]->components.size(), 1u);
  EXPECT_EQ(c.program->pages[0]->components[0], card);
  ASSERT_EQ(card->variables.size(), 1u);
  EXPECT_TRUE(card->variables[0]->is_state);
}

TEST(Views, NestedComponentsAreUsedByThePageToo) {
  Checked c("component A { <B/> }\ncomponent B { <p>x</p> }\n<A/>\n");
  EXPECT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->pages[0]->components.size(), 2u);
  EXPECT_EQ(c.program->pages[0]->components[1]->name, "B");
}

TEST(Views, NarrowsInsideBranches) {
  Checked c(
      "user: text? = none\n<b click={user = \"a\"}>{if user != none}{user.len}{else}-{/if}</b>\n");
  EXPECT_EQ(c.rendered(), "");
}

TEST(Views, MatchBindsPayloads) {
  Checked c(R"(enum R { Ok2(int), Bad(text) }
r = Ok2(1)
<p click={r = Bad("x")}>{match r { Ok2(n) -> <b>{n + 1}</b>, Bad(t) -> <i>{t.len}</i> }}</p>
)");
  EXPECT_EQ(c.rendered(), "");
}

TEST(Views, PropsWithoutDeclarationAreRead) {
  Checked c("component Tag { <b>{props.label ?? \"\"}</b> }\n<Tag label=\"x\"/>\n");
  EXPECT_EQ(c.rendered(), "");
}

}  // namespace
}  // namespace flin::testing
