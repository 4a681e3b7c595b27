// Writes the code of markup: static HTML merged into runs, marks of W 2, elements with something
// dynamic, blocks, components and slots.
#pragma once

#include "compile/function_compiler.h"
#include "compile/html.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::compile {

class ViewCompiler {
 public:
  explicit ViewCompiler(FunctionCompiler& function, std::string_view scope = {})
      : fn_(function), code_(function.code), scope_(scope) {}

  // Nodes in order, all written when it returns.
  void nodes(const std::vector<syntax::Node*>& nodes);
  // The view of a page: head nodes first, then what belongs to the body.
  void page(const std::vector<syntax::Node*>& nodes);
  // Pushes what a component is given by an attribute of its use.
  void prop_value(const syntax::Attribute& attribute);

 private:
  // ---- Static text ----
  void put(std::string_view html) { pending_ += html; }
  void flush();
  void mark(std::string_view html);

  // ---- Nodes (views.cpp) ----
  void write(const std::vector<syntax::Node*>& nodes);
  void write(const syntax::Node& node);
  void interpolation(const syntax::InterpolationNode& node);
  void if_node(const syntax::IfNode& node);
  void branches(const syntax::IfNode& node, std::size_t n);
  void for_node(const syntax::ForNode& node);
  void while_node(const syntax::WhileNode& node);
  void match_node(const syntax::MatchNode& node);
  void arms(const syntax::MatchNode& node, std::size_t n, std::uint32_t subject);
  void items(const std::vector<syntax::Node*>& children, bool is_counted, std::uint32_t seen);
  void slot(const syntax::SlotNode& node);
  void component(const syntax::ComponentNode& node);
  void component_slots(const syntax::ComponentNode& node);
  void component_props(const syntax::ComponentNode& node);
  void enter_row(const syntax::ForNode& node);
  static bool is_text(const syntax::Node& node);
  bool is_static(const syntax::Node& node) const;

  // ---- Elements (elements.cpp) ----
  struct Item {  // an attribute of an element, in the order it is written
    enum Kind : std::uint8_t { kStatic, kBare, kDynamic, kEvent, kValue, kChecked, kSelected } kind;
    std::string name, html;  // html: the value of a static one
    const syntax::Attribute* attribute = nullptr;
  };
  void element(const syntax::ElementNode& node);
  void wrapped_table(const syntax::ElementNode& node, const std::vector<TableRun>& runs);
  void static_element(const syntax::ElementNode& node);
  std::vector<Item> items_of(const syntax::ElementNode& node);
  void added_items(const syntax::ElementNode& node, std::vector<Item>& items);
  void source_item(const syntax::Attribute& attribute, std::vector<Item>& items);
  void bind_item(const syntax::ElementNode& node, const syntax::Attribute& attribute,
                 std::vector<Item>& items);
  void attribute(const syntax::ElementNode& node, const Item& item);
  void dynamic_attribute(const syntax::Attribute& attribute);
  void event(const syntax::Attribute& attribute);
  void checked(const syntax::ElementNode& node, const syntax::Expr& bound);
  void selected(const syntax::ElementNode& node);
  void two_way(const syntax::Expr& bound);
  void own_value(const syntax::ElementNode& node, const syntax::Expr* fallback);
  void form_fields(const check::Handler& handler);
  void children(const syntax::ElementNode& node);
  void first_newline(const syntax::Expr& value);

  FunctionCompiler& fn_;
  Emitter& code_;
  std::string_view scope_;  // of `<style scoped>`
  std::string pending_;
  bool no_marks_ = false;                  // inside an element that holds one text
  bool is_raw_ = false;                    // inside <script> and <style>
  bool in_form_ = false;                   // a form that works without scripts
  const syntax::Expr* selects_ = nullptr;  // what the <select> around is bound to
};

}  // namespace flin::compile
