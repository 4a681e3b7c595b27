// What code touches (L 11.1, L 11.11): browser things, server things, the session; itself or
// through the functions it calls.
#pragma once

#include "check/tables.h"
#include "check/walk.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace flin::check {

struct Touched {
  std::uint32_t mask = 0;  // Touch
  bool pure = true;        // no side effect but writing variables (L 8.3)
  bool uses_event = false;
  std::vector<const Function*> calls;     // in order of first use
  syntax::Span browser_at, server_at;     // first place of each
  std::string browser_what, server_what;  // "uses window", "saves a Todo"

  bool browser() const { return (mask & kTouchesBrowser) != 0; }
  bool server() const { return (mask & kTouchesServer) != 0; }
};

// `handler`: also functions that are only named count, since the handler calls its value (L 6.7).
class TouchFinder : public Walker {
 public:
  TouchFinder(Touched& out, bool handler) : out_(out), handler_(handler) {}
  void expr(syntax::Expr* e) override;
  void stmt(syntax::Stmt* s) override;
  void lambda(syntax::LambdaExpr& l) override;
  void call(syntax::CallExpr& c) override;
  void attribute(syntax::Attribute* a) override;

 private:
  void server(syntax::Span span, std::string what);
  void browser(syntax::Span span, std::string what);
  void uses(const Function* f);
  void builtin(const Builtin& b, syntax::Span span);
  void form(std::string_view form, syntax::Span span, std::string what);
  void defaults(const syntax::EntityExpr& e);
  void session_target(const syntax::Expr* target);

  Touched& out_;
  bool handler_;
};

// Touches of all functions, with those of what they call.
class Touches {
 public:
  explicit Touches(Tables& tables);
  const Touched& of(const Function* f) const { return functions_.at(f); }
  Touched of(const syntax::Block* b, bool handler) const;
  Touched of(const syntax::Stmt* s) const;
  Touched of(const syntax::Expr* e) const;

 private:
  void add_calls(Touched& t) const;
  std::unordered_map<const Function*, Touched> functions_;
};

}  // namespace flin::check
