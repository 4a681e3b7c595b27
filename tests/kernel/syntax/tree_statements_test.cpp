// Statements, control and declarations to trees, row by row.
#include "parse.h"

namespace flin::syntax {
namespace {

TEST(Tree, ReadsStatements) {
  expect_trees({
      {"x = 1", "(= x 1)"},
      {"x: int | text = 1", "(= x : (| int text) 1)"},
      {"x: [text: int]? = none", "(= x : (map text int)? none)"},
      {"f: (int, text) -> bool = g", "(= f : (-> int text bool) g)"},
      {"p: (int, text) = q", "(= p : (tuple int text) q)"},
      {"o: Option<int> = None", "(= o : (Option int) None)"},
      {"let x = 1", "(let x 1)"},
      {"var x = 1", "(let x 1)"},
      {"const x: int = 1", "(const x : int 1)"},
      {"a.b = 1", "(= (. a b) 1)"},
      {"a[0].c += 2", "(+= (. (index a 0) c) 2)"},
      {"x -= 1; x *= 2; x /= 3; x %= 4; x **= 5", "(-= x 1) (*= x 2) (/= x 3) (%= x 4) (**= x 5)"},
      {"x ++= [1]; x ||= 2; x ?\?= 3", "(++= x (list 1)) (||= x 2) (?\?= x 3)"},
      {"x++; y--", "(inc x) (dec y)"},
      {"a.b++", "(inc (. a b))"},
      {"[x, y, ...rest] = list", "(= (list x y ...rest) list)"},
      {"(a, b) = pair", "(= (tuple a b) pair)"},
      {"{ name, email: mail, age = 0 } = m", "(= (map (name name) (email mail) (age age = 0)) m)"},
      {"let [a, b] = xs", "(let (list a b) xs)"},
      {"const { a, ...r } = m", "(const (map (a a) ...r) m)"},
      {"delete m[\"a\"]", "(delete-key (index m \"a\"))"},
      {"try { fail(\"x\") } catch e { print(e) }",
       "(try (do (call fail \"x\")) e (do (call print e)))"},
      {"x = try { f() }", "(= x (try (do (call f))))"},
      {"assert a == 1", "(assert (== a 1))"},
      {"transaction { save a; save b }", "(transaction (do (save a) (save b)))"},
      {"background { work() }", "(background (do (call work)))"},
      {"system { save a }", "(system (do (save a)))"},
      {"today = 5", "(= today 5)"},
  });
}

TEST(Tree, ReadsControl) {
  expect_trees({
      {"if a { b }", "(if a (do b))"},
      {"if a { b } else { c }", "(if a (do b) else (do c))"},
      {"if a { b } else if c { d } else { e }", "(if a (do b) c (do d) else (do e))"},
      {"if a { b }\nelse { c }", "(if a (do b) else (do c))"},
      {"if let Some(x) = y { x }", "(if (let (variant Some x) y) (do x))"},
      {"x = if a { 1 } else { 2 }", "(= x (if a (do 1) else (do 2)))"},
      {"y = {if a { 1 } else { 2 }}", "(= y (if a (do 1) else (do 2)))"},
      {"for x in xs { x }", "(for (in x xs) (do x))"},
      {"for x, i in xs { }", "(for (in x i xs) (do))"},
      {"for (x, i) in xs { }", "(for (in x i xs) (do))"},
      {"for [k, v] in m { }", "(for (in k v m) (do))"},
      {"for i = 0; i < n; i++ { i }", "(for (count (= i 0) (< i n) (inc i)) (do i))"},
      {"while a < 3 { a++ }", "(while (< a 3) (do (inc a)))"},
      {"while let Some(v) = xs[i] { i++ }",
       "(while (let (variant Some v) (index xs i)) (do (inc i)))"},
      {"'o: for i in xs { for j in ys { continue 'o; break 'o } }",
       "(for 'o (in i xs) (do (for (in j ys) (do (continue 'o) (break 'o)))))"},
      {"x = for i in 1..9 { if i > 3 { break i } }",
       "(= x (for (in i (.. 1 9)) (do (if (> i 3) (do (break i))))))"},
      {"for t in Todo.where(done == false) { }",
       "(for (in t (call (. Todo where) (== done false))) (do))"},
      {"if (Todo { a: 1 }).a { }", "(if (. (make Todo (\"a\" 1)) a) (do))"},
      {"if xs.any(x => { x }) { y }", "(if (call (. xs any) (fn (x) (do x))) (do y))"},
      {"fn f() { return }", "(fn f () (do (return)))"},
      {"fn f() { return 1 }", "(fn f () (do (return 1)))"},
      {"fn f() { x = a ?\? return none; x }", "(fn f () (do (= x (?\? a (do (return none)))) x))"},
      {"match a { 1 -> \"x\", _ -> \"y\" }", "(match a (1 (do \"x\")) (_ (do \"y\")))"},
      {"match a {\n  1 -> b = 2\n  _ -> { c; d }\n}", "(match a (1 (do (= b 2))) (_ (do c d)))"},
      {"{if a}\nb()\n{/if}", "(if a (do (call b)))"},
      {"{if a}\nb()\n{else if c}\nd()\n{elif e}\nf()\n{else}\ng()\n{/if}",
       "(if a (do (call b)) c (do (call d)) e (do (call f)) else (do (call g)))"},
      {"{for x in xs}\nprint(x)\n{/for}", "(for (in x xs) (do (call print x)))"},
      {"{while a}\na--\n{/while}", "(while a (do (dec a)))"},
  });
}

TEST(Tree, ReadsDeclarations) {
  expect_trees({
      {"fn f(a: int, b = 2) -> int { a }", "(fn f ((a : int) (b = 2)) -> int (do a))"},
      {"function f() { 1 }", "(fn f () (do 1))"},
      {"fn first<T: Show + Named>(xs: [T]) -> T? where T: Show { xs[0] }",
       "(fn first <T> (T Show Named) (T Show) ((xs : (list T))) -> T? (do (index xs 0)))"},
      {"server fn f() { 1 }", "(server-fn f () (do 1))"},
      {"client fn f() { 1 }", "(client-fn f () (do 1))"},
      {"async server fn f() { 1 }", "(server-fn f () (do 1))"},
      {"entity Todo { title: text @required @length(1, 3), done: bool = false }",
       "(entity Todo (title : text @required (@length 1 3)) (done : bool = false))"},
      {"entity A {\n  b: B?\n  c: [B] = [] @index\n  d: semantic text\n}",
       "(entity A (b : B?) (c : (list B) = (list) @index) (d : (semantic text)))"},
      {"entity A { n: int; allow read when true; allow create, update when owner == user }",
       "(entity A (n : int) (allow read true) (allow create update (== owner user)))"},
      {"enum S { A, B }", "(enum S A B)"},
      {"enum M {\n Quit\n Move(int, int)\n}", "(enum M Quit (Move int int))"},
      {"enum Option<T> { Some(T), None }", "(enum Option <T> (Some T) None)"},
      {"component Card(title: text, n = 1) { <p>{title}</p> }",
       "(component Card ((title : text) (n = 1)) (do (view (p {title}))))"},
      {"component Box { n = 0\n<b click={n++}>{n}</b> }",
       "(component Box (do (= n 0) (view (b (on:click (do (inc n))) {n}))))"},
      {"route GET \"/a/:id\" { params.id }", "(route GET \"/a/:id\" (do (. params id)))"},
      {"route POST { none }", "(route POST (do none))"},
      {"props(a: text, b = 1)", "(props ((a : text) (b = 1)))"},
      {"onMount { go() }", "(onMount (do (call go)))"},
      {"onMount = () => { go() }", "(onMount (do (call go)))"},
      {"onMount = go", "(onMount (do (call go)))"},
      {"onUpdate(a, b) { go() }", "(onUpdate a b (do (call go)))"},
      {"onUpdate { go() }", "(onUpdate (do (call go)))"},
      {"onUnmount { a() }\nonDestroy { b() }",
       "(onUnmount (do (call a))) (onUnmount (do (call b)))"},
      {"on start { a() }\non stop { b() }", "(on-start (do (call a))) (on-stop (do (call b)))"},
      {"middleware { next() }", "(middleware (fn () (do (call next))))"},
      {"layout \"main\"", "(layout \"main\")"},
      {"layout none", "(layout none)"},
      {"guard auth", "(guard \"auth\")"},
      {"guard role(\"a\") else redirect(\"/\")",
       "(guard \"role\" \"a\" (fn () (do (call redirect \"/\"))))"},
      {"guards { auth: required }", "(guards (map (\"auth\" required)))"},
      {"ws \"/chat\" { on connect { a() }\n on message(d) { b(d) }\n guard auth }",
       "(ws \"/chat\" (fn () (do (call a))) (fn (d) (do (call b d))) _)"},
      {"agent Counter(start: int = 0) as \"c\" {\n  mailbox: 1000, overflow: block(100.ms)\n  "
       "restart: on_error, max 3 in 5.seconds\n  n = start\n  fn f() { 1 }\n  on add(k: int) -> "
       "int { n += k; n }\n  every 5.seconds { publish(\"c\", n) }\n  on topic \"t\"(v) { v }\n  "
       "on change Todo(c) { c }\n  on start { }\n}",
       "(agent \"Counter\" \"c\" (fn ((k : int)) (do (+= n k) n)) (fn () (do (call publish \"c\" "
       "n))) (fn (v) (do v)) (fn (c) (do c)) (fn () (do)))"},
      {"trait Shape { fn area() -> number\n fn twice() { area() * 2 } }",
       "(trait Shape (fn area () -> number) (fn twice () (do (* (call area) 2))))"},
      {"impl Shape for Circle { fn area() -> number { r * r * pi } }",
       "(impl Shape Circle (fn area () -> number (do (* (* r r) pi))))"},
      {"type Pair<T> = (T, T)", "(type Pair <T> (tuple T T))"},
      {"test \"x\" { assert 1 == 1; expect_error \"R0101\" { fail(\"a\") } }",
       "(test \"x\" (do (assert (== 1 1)) (do (let has failed false) (try (do (call fail \"a\")) "
       "the error (do (= has failed true) (if (!= (. the error code) \"R0101\") (do (call fail "
       "(join "
       "\"expected R0101, but it failed with \" (. the error code) \": \" (. the error message)) "
       "\"R0015\"))))) (if (not has failed) (do (call fail (join \"expected R0101, but nothing "
       "failed\") \"R0015\"))))))"},
      {"on topic \"t\"(v) { v }", "(unsupported on topic)"},
      {"on change Todo(c) { c }", "(unsupported on change)"},
      {"route POST \"/x\" { validate { name: text @required, age: int @min(0) }\n response { "
       "status: 201 } }",
       "(route POST \"/x\" (do (unsupported validate) (response (map (\"status\" 201)))))"},
  });
}

}  // namespace
}  // namespace flin::syntax
