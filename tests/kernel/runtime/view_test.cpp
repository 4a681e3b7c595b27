#include "machine_fixture.h"
#include "runtime/html.h"

namespace flin::test {
namespace {

class Views : public MachineTest {
 protected:
  std::int64_t k(Assembler& a, std::string_view text) {
    return static_cast<std::int64_t>(a.text(text));
  }
  std::string render(Assembler& a, bool stress = true) {
    limits.gc_stress = stress;
    const std::string result = run(a, 1);
    return result == "none" ? isolate->output() : result;
  }
};

TEST_F(Views, TheCounterOfTheSpecificationRenders) {
  Assembler a;
  a.chunk().globals = 1;
  a.main.op(Op::LoadInt0)
      .op(Op::StoreGlobal, 0)
      .op(Op::CreateElement, k(a, "button data-flin-bind=\"count\""))
      .op(Op::CreateHandler, k(a, "click"));
  const auto start = a.main.here();
  a.main.op(Op::LoadGlobal, 0)
      .op(Op::Incr)
      .op(Op::StoreGlobal, 0)
      .op(Op::TriggerUpdate)
      .op(Op::EndHandler)
      .op(Op::BindHandler);
  const auto end = a.main.here();
  a.main.op(Op::LoadGlobal, 0).op(Op::BindText).op(Op::CloseElement).op(Op::Halt);
  EXPECT_EQ(render(a), "<button data-flin-bind=\"count\">0</button>");

  bytecode::HandlerRow handler;
  handler.start = static_cast<std::uint32_t>(start);
  handler.end = static_cast<std::uint32_t>(end);
  const Preset count{Preset::kGlobal, 0, from_small(Tagged::kInt, 41)};
  isolate->enter_handler(handler, 1, &count, 1);
  EXPECT_EQ(go(), RunState::kDone);
  EXPECT_EQ(show(isolate->handler_variable(Preset::kGlobal, 0)), "42");
}

TEST_F(Views, AHandlerTellsWhatItChangedInPlace) {
  Assembler a;
  a.main.locals = 2;
  a.main.op(Op::CreateElement, k(a, "b")).op(Op::CreateHandler, k(a, "click"));
  const auto start = a.main.here();
  a.main.op(Op::LoadLocal, 0)
      .op(Op::LoadInt0)
      .op(Op::GetIndex)
      .op(Op::LoadInt1)
      .op(Op::Append)
      .op(Op::Pop)
      .op(Op::EndHandler);
  const auto end = a.main.here();
  a.main.op(Op::BindHandler).op(Op::CloseElement).op(Op::Halt);
  load(a);
  Heap& heap = isolate->heap();
  const Value inner = from_object(new_list(heap)), outer = from_object(new_list(heap, &inner, 1)),
              other = from_object(new_list(heap));
  bytecode::HandlerRow handler;
  handler.start = static_cast<std::uint32_t>(start);
  handler.end = static_cast<std::uint32_t>(end);
  const Preset presets[] = {{Preset::kLocal, 0, outer}, {Preset::kLocal, 1, other}};
  isolate->enter_handler(handler, 0, presets, 2);
  EXPECT_EQ(go(), RunState::kDone);
  EXPECT_TRUE(isolate->changed_in_place(outer));
  EXPECT_FALSE(isolate->changed_in_place(other));
  EXPECT_EQ(show(isolate->handler_variable(Preset::kLocal, 0)), "[[1]]");
}

TEST_F(Views, TextsAreEscapedAndViewsInserted) {
  Assembler a;
  a.main.op(Op::CreateElement, k(a, "p")).op(Op::LoadConst, k(a, "<&>\"'")).op(Op::BindText);
  const auto view = a.main.jump(Op::BeginView);
  a.main.op(Op::CreateElement, k(a, "b"))
      .op(Op::AddText, k(a, "x"))
      .op(Op::CloseElement)
      .land(view)
      .op(Op::EndView)
      .op(Op::Dup);
  a.main.op(Op::BindText).op(Op::CreateList, 1).op(Op::BindText).op(Op::LoadNone).op(Op::BindText);
  a.main.op(Op::LoadConst, k(a, "<raw>")).op(Op::AddRaw).op(Op::CloseElement).op(Op::Halt);
  EXPECT_EQ(render(a), "<p>&lt;&amp;&gt;&quot;&#39;<b>x</b><b>x</b><raw></p>");
}

TEST_F(Views, AttributesFollowTheirNames) {
  Assembler a;
  const auto attribute = [&](const char* name, Op value) {
    a.main.op(value).op(Op::BindAttr, k(a, name));
  };
  const auto text_attribute = [&](const char* name, const char* value) {
    a.main.op(Op::LoadConst, k(a, value)).op(Op::BindAttr, k(a, name));
  };
  a.main.op(Op::CreateElement, k(a, "input type=\"text\""));
  attribute("disabled", Op::LoadTrue);
  attribute("checked", Op::LoadFalse);
  attribute("title", Op::LoadNone);
  attribute("aria-hidden", Op::LoadFalse);
  text_attribute("value", "a\"b");
  text_attribute("href", " java\tscript:alert(1)");
  text_attribute("style", "background: url(x)");
  a.main.op(Op::LoadConst, k(a, "on"))
      .op(Op::LoadTrue)
      .op(Op::LoadConst, k(a, "off"))
      .op(Op::LoadFalse)
      .op(Op::CreateMap, 2)
      .op(Op::BindAttr, k(a, "class"));
  a.main.op(Op::LoadConst, k(a, "onclick"))
      .op(Op::LoadConst, k(a, "x"))
      .op(Op::LoadConst, k(a, "id"))
      .op(Op::LoadInt1)
      .op(Op::CreateMap, 2)
      .op(Op::SpreadAttrs);
  a.main.op(Op::SelfClose).op(Op::Halt);
  EXPECT_EQ(render(a),
            "<input type=\"text\" disabled aria-hidden=\"false\" value=\"a&quot;b\" "
            "href=\"about:blank#blocked\" style=\"\" class=\"on\" id=\"1\">");
}

TEST_F(Views, UrlsPassByTheirScheme) {
  EXPECT_EQ(safe_url("/a?b=c:d", "href"), "/a?b=c:d");
  EXPECT_EQ(safe_url("HTTPS://x", "href"), "HTTPS://x");
  EXPECT_EQ(safe_url("data:image/png;base64,xx", "src"), "data:image/png;base64,xx");
  EXPECT_EQ(safe_url("data:image/png;base64,xx", "href"), "about:blank#blocked");
  EXPECT_EQ(safe_url("data:image/svg+xml,x", "src"), "about:blank#blocked");
  EXPECT_EQ(safe_url("\x01vbscript:x", "src"), "about:blank#blocked");
  EXPECT_EQ(safe_srcset("a.png 1x, javascript:x 2x"), "a.png 1x, about:blank#blocked 2x");
}

TEST_F(Views, ComponentsHaveStatePropsDefaultsAndSlots) {
  Assembler a;
  Code& fallback = a.function_code("size");
  fallback.op(Op::LoadInt8, 3).op(Op::Return);
  Code& card = a.function_code("Card");
  card.op(Op::LoadProp, k(a, "size"))
      .op(Op::StoreState, 0)
      .op(Op::CreateElement, k(a, "div"))
      .op(Op::LoadProp, k(a, "name"))
      .op(Op::BindText);
  card.op(Op::LoadState, 0)
      .op(Op::BindText)
      .op(Op::RenderSlot, k(a, ""))
      .op(Op::Pop)
      .op(Op::RenderSlot, k(a, "foot"));
  const auto given = card.jump(Op::JumpIfTrue);
  card.op(Op::AddText, k(a, "no foot"))
      .land(given)
      .op(Op::CloseElement)
      .op(Op::LoadNone)
      .op(Op::Return);
  bytecode::Constant component;
  component.tag = bytecode::Tag::kComponent;
  const std::string any(1, '\x09');
  component.items = {a.text("Card"),     a.row(card),    a.text("name"), a.type(any),
                     bytecode::kNoIndex, a.text("size"), a.type(any),    a.row(fallback)};
  const auto card_k = static_cast<std::int64_t>(a.constant(component));
  a.main.locals = 1;
  a.main.op(Op::LoadInt8, 9)
      .op(Op::StoreLocal, 0)
      .op(Op::BeginSlot, k(a, ""))
      .op(Op::CreateElement, k(a, "i"))
      .op(Op::LoadLocal, 0)
      .op(Op::BindText);
  a.main.op(Op::CloseElement)
      .op(Op::EndSlot)
      .op(Op::LoadConst, k(a, "name"))
      .op(Op::LoadConst, k(a, "N"))
      .op(Op::CreateMap, 1);
  a.main.op(Op::CreateComponent, card_k).op(Op::CloseComponent).op(Op::Halt);
  EXPECT_EQ(render(a), "<div>N3<i>9</i>no foot</div>");
}

TEST_F(Views, AnErrorInAViewGoesBackToWhereItsTryBegan) {
  Assembler a;
  a.main.op(Op::CreateElement, k(a, "p"));
  const auto handler = a.main.jump(Op::Try);
  const auto view = a.main.jump(Op::BeginView);
  a.main.op(Op::AddText, k(a, "half"))
      .op(Op::LoadInt1)
      .op(Op::LoadInt0)
      .op(Op::Mod)
      .op(Op::BindText)
      .land(view)
      .op(Op::EndView)
      .op(Op::EndTry);
  const auto over = a.main.jump(Op::Jump);
  a.main.land(handler).land(over).op(Op::BindText).op(Op::CloseElement).op(Op::Halt);
  EXPECT_EQ(render(a), "<p>division by zero</p>");
}

TEST_F(Views, FormsBodiesAndLiveValuesComeFromThePorts) {
  Assembler a;
  Code& twice = a.function_code("twice", 1);
  twice.op(Op::LoadLocal, 0).op(Op::Dup).op(Op::Add).op(Op::Return);
  ports.on_live = [](Isolate& isolate, std::uint32_t row, const Value* inputs, std::uint32_t count,
                     Value&) {
    isolate.call_then(
        row, inputs, count,
        [](Isolate& i, Value returned, void*) {
          i.set_then_result(from_object(new_list(i.heap(), &returned, 1)));
        },
        nullptr, nullptr);
    return PortResult::kPushed;
  };
  a.main.op(Op::CallNative, a.native("page.body", 0))
      .op(Op::Pop)
      .op(Op::CreateElement, k(a, "form"))
      .op(Op::LoadInt8, 4)
      .op(Op::CallNative, a.native("page.form", 1))
      .op(Op::Pop);
  a.main.op(Op::LoadInt1)
      .op(Op::LoadInt8, 21)
      .op(Op::CallNative, a.native("live.value", 2))
      .op(Op::BindText)
      .op(Op::LoadContext, 4)
      .op(Op::LoadContext, 4)
      .op(Op::Add)
      .op(Op::BindText);
  a.main.op(Op::CloseElement).op(Op::Halt);
  EXPECT_EQ(render(a), "<body><form><i 4>428</form>");
  EXPECT_EQ(ports.contexts, 1);
}

}  // namespace
}  // namespace flin::test
