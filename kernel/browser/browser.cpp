#include "browser/browser.h"

#include "base/sha256.h"
#include "browser/imports.h"
#include "browser/module.h"
#include "browser/style.h"

#include <algorithm>
#include <cstring>

namespace flin::browser {

using bytecode::AssetRow;
using bytecode::Chunk;

namespace {

constexpr std::string_view kScript = "text/javascript; charset=utf-8",
                           kStyle = "text/css; charset=utf-8";
constexpr std::string_view kRuntimePath =
    "\"/_flin/runtime.js\"";  // as js/dist/library.js imports it
constexpr std::size_t kHashDigits = 8;

// "/_flin/page/8e41f7aa.js"
AssetRow asset(std::string_view stem, std::string_view ending, std::string_view type,
               std::string bytes) {
  AssetRow row;
  row.sha256 = sha256_hex(bytes);
  row.name = std::string(stem) + row.sha256.substr(0, kHashDigits) + std::string(ending);
  row.type = type;
  row.bytes = std::move(bytes);
  return row;
}

std::string with_runtime(std::string_view library, const std::string& path) {
  std::string out(library);
  std::size_t at = out.find(kRuntimePath);
  return at == out.npos ? out : out.replace(at, kRuntimePath.size(), '"' + path + '"');
}

// ---- Hash of a chunk ----

class Feed {
 public:
  void number(std::uint64_t value) {
    char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i) & 0xFF);
    hash_.add({bytes, 8});
  }
  void text(std::string_view text) {
    number(text.size());
    hash_.add(text);
  }
  template <class List, class Each>
  void list(const List& items, Each each) {
    number(items.size());
    for (const auto& item : items) each(item);
  }
  void numbers(const std::vector<std::uint32_t>& items) {
    list(items, [&](std::uint32_t n) { number(n); });
  }
  std::string hex() { return hash_.hex(); }

 private:
  Sha256 hash_;
};

void feed_inputs(Feed& feed, const std::vector<bytecode::InputRow>& rows) {
  feed.list(rows, [&](const bytecode::InputRow& row) {
    feed.number(static_cast<std::uint64_t>(row.kind));
    feed.number(row.index);
    feed.number(row.type_k);
    feed.text(row.name);
    feed.number(row.place), feed.number(row.is_index);
  });
}

void feed_code(Feed& feed, const Chunk& chunk) {
  feed.list(chunk.constants, [&](const bytecode::Constant& c) {
    feed.number(static_cast<std::uint64_t>(c.tag));
    feed.number(static_cast<std::uint64_t>(c.i));
    std::uint64_t bits = 0;
    std::memcpy(&bits, &c.n, sizeof bits);
    feed.number(bits);
    feed.text(c.text);
    feed.numbers(c.items);
  });
  feed.text({reinterpret_cast<const char*>(chunk.code.data()), chunk.code.size()});
  feed.list(chunk.functions, [&](const bytecode::Function& f) {
    for (std::uint64_t n :
         {std::uint64_t{f.name_k}, std::uint64_t{f.arity}, std::uint64_t{f.least_arity},
          std::uint64_t{f.flags}, std::uint64_t{f.locals}, std::uint64_t{f.max_stack},
          std::uint64_t{f.code_offset}, std::uint64_t{f.code_size}})
      feed.number(n);
    feed.number(static_cast<std::uint64_t>(f.result));
    feed.list(f.kinds,
              [&](bytecode::SlotKind kind) { feed.number(static_cast<std::uint64_t>(kind)); });
    feed.list(f.upvalues, [&](const bytecode::UpvalueRow& u) {
      feed.number(u.from_parent_upvalue), feed.number(u.index);
    });
  });
  feed.list(chunk.imports, [&](const bytecode::Import& i) {
    feed.text(i.name);
    feed.number(i.args), feed.number(i.results), feed.number(i.flags);
  });
  feed.list(chunk.builtins, [&](const bytecode::BuiltinImport& b) {
    feed.text(b.name), feed.number(b.least), feed.number(b.most);
  });
}

void feed_types(Feed& feed, const Chunk& chunk) {
  feed.list(chunk.entities, [&](const bytecode::EntityRow& e) {
    feed.text(e.name);
    feed.list(e.fields, [&](const bytecode::FieldRow& f) {
      feed.text(f.name);
      feed.number(f.type_k), feed.number(f.flags), feed.number(f.default_k);
      feed.list(f.validators, [&](const bytecode::ValidatorRow& v) {
        feed.text(v.name), feed.numbers(v.argument_ks);
      });
    });
    feed.list(e.rules, [&](const bytecode::RuleRow& r) {
      feed.number(r.operations), feed.number(r.predicate_k);
      feed.numbers(r.parameter_ks);
    });
  });
  feed.list(chunk.enums, [&](const bytecode::EnumRow& e) {
    feed.text(e.name);
    feed.list(e.variants, [&](const bytecode::EnumRow::Variant& v) {
      feed.text(v.name), feed.numbers(v.type_ks);
    });
  });
}

void feed_pages(Feed& feed, const Chunk& chunk) {
  feed.list(chunk.views, [&](const bytecode::ViewRow& v) {
    feed.number(v.function), feed.number(v.kind), feed.number(v.tier), feed.number(v.start),
        feed.number(v.end);
    feed.list(v.reads, [&](const bytecode::ViewRow::Read& r) {
      feed.number(static_cast<std::uint64_t>(r.kind)), feed.number(r.index);
    });
  });
  feed.list(chunk.decls, [&](const bytecode::DeclRow& d) {
    feed.number(d.form_k), feed.number(d.import), feed.number(d.function);
    feed.numbers(d.operand_ks);
  });
  feed.list(chunk.handlers, [&](const bytecode::HandlerRow& h) {
    feed.number(h.function), feed.number(h.start), feed.number(h.end), feed.number(h.kind),
        feed.number(h.tier), feed.number(h.flags);
    feed.text(h.subject);
    feed_inputs(feed, h.inputs);
    feed_inputs(feed, h.outputs);
  });
  feed.list(chunk.lives, [&](const bytecode::LiveRow& l) {
    feed.number(l.function), feed.number(l.unit), feed.number(l.loop), feed.number(l.flags),
        feed.number(l.type_k);
    feed_inputs(feed, l.inputs);
    feed_inputs(feed, l.outputs);
    feed.list(l.fields, [&](const std::string& f) { feed.text(f); });
    feed.number(l.place);
  });
  feed.list(chunk.places, [&](const bytecode::PlaceRow& p) {
    feed.number(static_cast<std::uint64_t>(p.kind)), feed.number(p.unit), feed.number(p.parent),
        feed.number(p.view_row), feed.number(p.live), feed.number(p.output),
        feed.number(p.component);
    feed.numbers(p.props);
    feed.list(p.prop_names, [&](const std::string& name) { feed.text(name); });
    feed.text(p.content_of), feed.text(p.slot);
  });
  feed.list(chunk.pages, [&](const bytecode::PageRow& p) {
    feed.text(p.path), feed.text(p.title);
    feed.number(p.function), feed.number(p.globals);
    feed.list(p.cells, [&](const bytecode::CellRow& c) {
      feed.text(c.name), feed.number(c.slot), feed.number(c.type_k), feed.number(c.flags);
    });
    feed.numbers(p.live);
    feed.numbers(p.inputs);
    feed.numbers(p.handlers);
    feed.text(p.style);
  });
}

std::string build_of(const Chunk& chunk, const std::vector<std::string>& modules) {
  Feed feed;
  feed.text(chunk.name);
  feed.number(chunk.is_server), feed.number(chunk.globals), feed.number(chunk.entity_reader);
  feed_code(feed, chunk);
  feed_types(feed, chunk);
  feed_pages(feed, chunk);
  feed.list(modules, [&](const std::string& text) { feed.text(text); });
  return feed.hex().substr(0, kHashDigits);
}

// ---- Styles ----

void add_styles(const std::vector<syntax::Stmt*>& statements, std::string_view scope,
                std::string& css) {
  for (const syntax::Stmt* statement : statements) {
    if (statement->kind != syntax::StmtKind::kStyle) continue;
    const auto& style = syntax::as<syntax::StyleStmt>(*statement);
    css += style.scoped && !scope.empty() ? scoped_style(style.css, scope) : std::string(style.css);
    css += '\n';
  }
}

std::string style_of(const check::CheckedProgram& program, const check::Page& page) {
  std::string css;
  for (const syntax::File* file : program.files)
    if (file->number == page.file) add_styles(file->statements, page.scope, css);
  for (const check::Component* component : page.components)
    if (component->declaration && component->declaration->body)
      add_styles(component->declaration->body->statements, component->scope, css);
  return css;
}

}  // namespace

void add_assets(const check::CheckedProgram& program, const Runtime& runtime, Chunk& chunk,
                bool dev) {
  if (program.pages.empty()) {
    chunk.build = build_of(chunk, {});
    return;
  }
  AssetRow core = asset("/_flin/runtime.", ".js", kScript, std::string(runtime.core));
  AssetRow library =
      asset("/_flin/library.", ".js", kScript, with_runtime(runtime.library, core.name));
  Exports exports(runtime.core, runtime.library);
  std::vector<std::string> texts;
  bool needs_library = false;
  std::vector<AssetRow> styles;
  for (std::size_t n = 0; n < program.pages.size(); ++n) {
    Module module(program, *program.pages[n], exports);
    if (dev) module.imports.use_library();
    texts.push_back(module.text("", {core.name, library.name}));
    needs_library = needs_library || module.imports.needs_library();
    std::string css = style_of(program, *program.pages[n]);
    if (css.empty() || n >= chunk.pages.size()) continue;
    styles.push_back(asset("/_flin/page/", ".css", kStyle, std::move(css)));
    chunk.pages[n].style = styles.back().name;
  }
  chunk.build = build_of(chunk, texts);
  auto add = [&](AssetRow row) {  // two pages may have the same styles
    bool known = std::any_of(chunk.assets.begin(), chunk.assets.end(),
                             [&](const AssetRow& a) { return a.name == row.name; });
    if (!known) chunk.assets.push_back(std::move(row));
  };
  add(std::move(core));
  if (needs_library) add(std::move(library));
  for (std::size_t n = 0; n < texts.size() && n < chunk.pages.size(); ++n) {
    constexpr std::string_view kEmpty = "\n  build: \"\",";
    std::size_t at = texts[n].find(kEmpty);
    texts[n].insert(at + kEmpty.size() - 2, chunk.build);
    AssetRow module = asset("/_flin/page/", ".js", kScript, std::move(texts[n]));
    chunk.pages[n].module = module.name;
    add(std::move(module));
  }
  for (AssetRow& style : styles) add(std::move(style));
}

}  // namespace flin::browser
