import { page, el, text } from "/_flin/runtime.js";
import { b_fail, inner_text, fail, attempt, member, FlinMap } from "/_flin/library.js";
function check(k) {
  let out = "";
  try { out = risky(k); } catch (thrown) {
    const e = attempt(() => { throw thrown; });
    out = `caught ${member(e, "message")}`;
  }
  return out;
}
function risky(k) {
  if (k === "fail") { b_fail("broken"); }
  const left = k;
  const right = "assert";
  if (!(left !== right)) fail("R0015", "assertion failed: " + inner_text(left) + " != " + inner_text(right));
  return k;
}
export default page({
  build: "b",
  cells: { kind: "text" },
  view: (p) => {
    const kind = p.cell("kind");
    const who = p.derived(() => {
      let who_2 = null;
      who_2 = null;
      who_2 = kind() === "some" ? new FlinMap([["name", "Ann"]]) : null;
      return who_2;
    });
    return [
      el("p", [], text(() => check(kind())), " ", text(() => ((it) => it == null ? null : it.get("name"))(who()) ?? "nobody")),
      el("button", [["on", "click", [], () => kind.set("fail")]], "fail"),
      el("button", [["on", "click", [], () => kind.set("some")]], "some"),
    ];
  },
});
