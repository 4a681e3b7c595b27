// Pages compiled and run: the HTML of W 2 and W 10, byte for byte. What belongs to kernel/pages
// (values of live queries, the fields of forms) is played by the ports.
#include "kernel/compile/compiled.h"
#include "runtime/convert.h"
#include "runtime/core_library.h"
#include "runtime/isolate.h"
#include "runtime/list.h"
#include "runtime/map.h"
#include "runtime/text.h"

#include <functional>

namespace flin::compile {
namespace {

using namespace runtime;

class PagePorts : public Ports {
 public:
  std::function<Value(Isolate&, std::uint32_t row)> live;

  std::uint64_t suspend(const IPlugin&, std::uint32_t) override { return 0; }
  AgentId agent() override { return {}; }
  void** local(const IPlugin&, DropFn) override { return &nothing_; }
  void depend(std::uint64_t) override {}
  void committed(std::uint64_t) override {}
  Status context(ICall&, std::uint32_t, Value& out) override {
    out = kNone;
    return {};
  }
  PortResult live_value(Isolate& isolate, std::uint32_t row, const Value*, std::uint32_t,
                        Value& out) override {
    out = live ? live(isolate, row) : kNone;
    return PortResult::kValue;
  }
  bool form_fields(Isolate& isolate, std::uint32_t handler, const Value*,
                   std::uint32_t count) override {
    isolate.output() += "[form " + std::to_string(handler) + " with " + std::to_string(count) + "]";
    return true;
  }
  void body_begins(Isolate& isolate) override { isolate.output() += "[body]"; }

 private:
  void* nothing_ = nullptr;
};

std::string rendered(std::string source, std::function<Value(Isolate&, std::uint32_t)> live = {}) {
  bytecode::Chunk chunk = testing::compiled(std::move(source));
  if (chunk.pages.empty()) return "no page";
  std::string dump = bytecode::disassemble(chunk);
  CoreLibrary core;
  core.set_print([](std::string_view) {});
  auto found = [](std::string_view name, LinkedOp& out) {
    out.name = name;
    out.args = -1;
    out.run = [](IPlugin&, ICall&, const Value*, std::uint32_t, Value&) noexcept {
      return Status();
    };
    out.results = name.substr(0, 4) == "http" ? 0 : 1;
    return true;
  };
  auto linked = Program::link(std::move(chunk), 1, core, found);
  EXPECT_TRUE(linked.ok()) << (linked.ok() ? "" : linked.error().message) << dump;
  if (!linked.ok()) return {};
  PagePorts ports;
  ports.live = std::move(live);
  Isolate isolate;
  isolate.reset(linked.value(), ports);
  isolate.enter_page(linked.value()->chunk().pages[0]);
  constexpr std::uint32_t kFuel = 1000000;
  RunState state = isolate.run(kFuel);
  EXPECT_EQ(state, RunState::kDone)
      << (state == RunState::kFailed ? isolate.failure().message : "") << dump;
  return isolate.output();
}

TEST(Render, TheCounter) {
  EXPECT_EQ(rendered("count = 0\n<button click={count++}>{count}</button>\n"),
            "<button data-flin-bind=\"count\">0</button>");
}

TEST(Render, TheTodoListOfTheProtocol) {
  constexpr char kTodo[] = R"(entity Todo {
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
  auto live = [](Isolate& isolate, std::uint32_t row) {
    Heap& heap = isolate.heap();
    if (row == 1) return make_int(heap, 1);
    std::vector<Value> items;
    for (auto [title, done] : {std::pair{"Bread", false}, std::pair{"Tea", true}}) {
      Map* item = new_map(heap);
      map_put(heap, item, make_text(heap, "title"), make_text(heap, title));
      map_put(heap, item, make_text(heap, "done"), from_bool(done));
      items.push_back(from_object(item));
    }
    return from_object(new_list(heap, items.data(), items.size()));
  };
  EXPECT_EQ(rendered(kTodo, live),
            "<input placeholder=\"Search\" data-flin-bind=\"q\" value=\"\"><form method=\"post\" "
            "action=\"/_action\">"
            "[form 0 with 1]<input name=\"draft\" data-flin-bind=\"draft\" "
            "value=\"\"><button>Add</button></form><ul>"
            "<!--[--><li><input type=\"checkbox\">Bread</li><li><input type=\"checkbox\" "
            "checked>Tea</li><!--]-->"
            "</ul><p>1<!--,--> open</p>");
  auto empty = [](Isolate& isolate, std::uint32_t row) {
    return row == 1 ? make_int(isolate.heap(), 0) : from_object(new_list(isolate.heap()));
  };
  EXPECT_NE(rendered(kTodo, empty).find("<ul><!--[--><li>Nothing here</li><!--]--></ul>"),
            std::string::npos);
}

TEST(Render, ACountingLoopHasACounterOfItsOwn) {
  EXPECT_EQ(
      rendered("n = 3\n<button click={n++}>x</button>"
               "{for i = 0; i < n; i++}<b>{i}</b>{/for}{for i = 0; i < 2; i++}<i>{i}</i>{/for}\n"),
      "<button>x</button><!--[--><b data-flin-bind=\"i\">0</b><b data-flin-bind=\"i\">1</b>"
      "<b data-flin-bind=\"i\">2</b><!--]-->"
      "<!--[--><i data-flin-bind=\"i\">0</i><i data-flin-bind=\"i\">1</i><!--]-->");
}

TEST(Render, BlocksHaveMarksAlsoWhenTheyShowNothing) {
  EXPECT_EQ(rendered("n = 0\n<button click={n++}>x</button>{if n > 0}<p>more</p>{/if}\n"),
            "<button>x</button><!--[--><!--]-->");
}

TEST(Render, ElseIfShowsOneBranch) {
  auto source = [](int n) {
    return "n = " + std::to_string(n) +
           "\n<button click={n++}>x</button>{if n == 0}<i>a</i>{else if n == "
           "1}<i>b</i>{else}<i>{n}</i>{/if}\n";
  };
  EXPECT_EQ(rendered(source(0)), "<button>x</button><!--[--><i>a</i><!--]-->");
  EXPECT_EQ(rendered(source(1)), "<button>x</button><!--[--><i>b</i><!--]-->");
  EXPECT_EQ(rendered(source(2)), "<button>x</button><!--[--><i data-flin-bind=\"n\">2</i><!--]-->");
}

TEST(Render, TextsOfItemsThatMeetHaveAMarkBetween) {
  EXPECT_EQ(rendered("xs = [1, 2, 3]\n<p>{for x in xs}{x}{/for}</p>\n"),
            "<p><!--[-->1<!--,-->2<!--,-->3<!--]--></p>");
  EXPECT_EQ(rendered("xs = [1, 2]\n<p>{for x in xs}<i>{x}</i>{/for}</p>\n"),
            "<p><!--[--><i data-flin-bind=\"x\">1</i><i data-flin-bind=\"x\">2</i><!--]--></p>");
}

TEST(Render, NeighbouringTextsHaveAMarkBetweenAlsoWhenEmpty) {
  EXPECT_EQ(rendered("a = \"\"\nb = \"x\"\n<p>{a}{b}!</p>\n"), "<p><!--,-->x<!--,-->!</p>");
}

TEST(Render, ListsAndViewsHaveMarks) {
  EXPECT_EQ(rendered("xs = [\"a\", \"b\"]\n<p>{xs}</p>\n"), "<p><!--[-->ab<!--]--></p>");
  EXPECT_EQ(rendered("fn v(n: int) { <b>{n}</b> }\n<p>{v(3)}</p>\n"),
            "<p><!--[--><b data-flin-bind=\"n\">3</b><!--]--></p>");
}

TEST(Render, TextIsEscaped) {
  EXPECT_EQ(rendered("t = \"<b> & 'q'\"\n<p title={t}>{t}</p>\n"),
            "<p title=\"&lt;b&gt; &amp; &#39;q&#39;\" data-flin-bind=\"t\">&lt;b&gt; &amp; "
            "&#39;q&#39;</p>");
}

TEST(Render, AttributesFollowTheirTypes) {
  EXPECT_EQ(rendered("on = true\noff = false\n<a href=\"/x\" class=\"a {if on}b{/if}\" "
                     "hidden={off} disabled={on} "
                     "aria-busy={off} id=\"i\" required>x</a>\n"),
            "<a href=\"/x\" class=\"a b\" disabled aria-busy=\"false\" id=\"i\" required>x</a>");
}

TEST(Render, BoundControlsCarryTheirValue) {
  EXPECT_EQ(rendered("c = \"b\"\n<select bind={c}><option "
                     "value=\"a\">A</option><option>b</option></select>\n"),
            "<select data-flin-bind=\"c\"><option value=\"a\">A</option><option "
            "selected>b</option></select>");
  EXPECT_EQ(rendered("t = \"\\nx\"\n<textarea bind={t}></textarea>\n"),
            "<textarea data-flin-bind=\"t\">\n\nx</textarea>");
  EXPECT_EQ(rendered("on = true\n<input type=\"checkbox\" bind={on}>\n"),
            "<input type=\"checkbox\" data-flin-bind=\"on\" checked>");
}

TEST(Render, RowsOfATableStandInATbody) {
  EXPECT_EQ(rendered("xs = [1]\n<table><caption>c</caption>{for x in "
                     "xs}<tr><td>{x}</td></tr>{/for}</table>\n"),
            "<table><caption>c</caption><tbody><!--[--><tr><td "
            "data-flin-bind=\"x\">1</td></tr><!--]--></tbody></table>");
}

TEST(Render, ElementsOfOneTextHaveNoMarks) {
  EXPECT_EQ(
      rendered("n = 1\n<select><option value=\"1\">a {n} b{if n > 0}!{/if}</option></select>\n"),
      "<select><option value=\"1\">a 1 b!</option></select>");
}

TEST(Render, HeadNodesComeBeforeTheBody) {
  EXPECT_EQ(rendered("n = \"x\"\n<title>{n} page</title>\n<h1>hi</h1>\n"),
            "<title>x page</title>[body]<h1>hi</h1>");
}

TEST(Render, ComponentsGetPropsAndSlots) {
  EXPECT_EQ(
      rendered(R"(component Card(title: text, wide: bool = false) {
  <section class={wide ? "wide" : "small"}>{title}<div>{children}</div><slot name="foot">none</slot></section>
}
n = 4
<Card title="A"><i>{n}</i></Card>
<Card title="B" wide><b slot="foot">f</b></Card>
)"),
      "<!--[--><section class=\"small\">A<div><!--[--><i data-flin-bind=\"n\">4</i><!--]--></div>"
      "<!--[-->none<!--]--></section><!--]-->"
      "<!--[--><section class=\"wide\">B<div><!--[--><!--]--></div>"
      "<!--[--><b slot=\"foot\">f</b><!--]--></section><!--]-->");
}

TEST(Render, MatchShowsTheArmThatFits) {
  EXPECT_EQ(rendered(R"(enum State { Idle, Busy(text) }
s = Busy("x")
<button click={s = Idle}>b</button>
{match s {
  Idle -> <p>idle</p>
  Busy(what) -> <p>busy {what}</p>
}}
)"),
            "<button>b</button><!--[--><p>busy <!--,-->x</p><!--]-->");
}

TEST(Render, StaticMarkupIsAsWritten) {
  EXPECT_EQ(rendered("<ul class=\"a\"><li>&copy; {{x}}</li><li><br></li></ul>\n<pre>\nx</pre>\n"),
            "<ul class=\"a\"><li>&copy; {x}</li><li><br></li></ul><pre>\n\nx</pre>");
}

}  // namespace
}  // namespace flin::compile
