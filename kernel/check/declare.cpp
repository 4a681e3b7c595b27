// Enters what files declare, before any name is resolved: declarations are hoisted (L 1.4).
#include "check/tables.h"

#include <algorithm>
#include <cctype>

namespace flin::check {
using namespace syntax;
namespace {

constexpr std::string_view kContexts[] = {"event", "props",   "children", "params",  "query",
                                          "body",  "headers", "cookies",  "session", "request",
                                          "user",  "socket",  "self"};
constexpr std::string_view kBrowserObjects[] = {"window",         "document", "navigator",
                                                "location",       "history",  "localStorage",
                                                "sessionStorage", "screen"};

bool is_upper(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0]));
}

std::string_view base_name(std::string_view path) {
  auto slash = path.rfind('/');
  if (slash != path.npos) path.remove_prefix(slash + 1);
  if (path.ends_with(".flin")) path.remove_suffix(5);
  return path;
}

// "app/blog/index.flin" -> "/blog" (L 16.2); empty: the file is not in app/.
std::string page_path(std::string_view path) {
  auto app = path.starts_with("app/") ? 0 : path.find("/app/");
  if (app == path.npos) return {};
  path.remove_prefix(path.starts_with("app/") ? 3 : app + 4);
  if (path.ends_with(".flin")) path.remove_suffix(5);
  if (path.ends_with("/index")) path.remove_suffix(6);
  return path.empty() ? "/" : std::string(path);
}

class Declarer {
 public:
  explicit Declarer(Tables& tables) : t_(tables), p_(tables.program) {}

  void run() {
    predefine();
    for (File* file : p_.files) enter_file(file);
    for (FileFacts& facts : t_.files) enter_frame(facts);
    for (FileFacts& facts : t_.files) enter_functions(facts);
    for (const File* file : p_.files)
      for (Stmt* s : file->statements)
        if (s->kind == StmtKind::kTypeAlias) check_alias(t_, as<TypeAliasStmt>(*s));
    for (Entity* entity : p_.entities) type_fields(*entity);
    for (Enum* e : p_.enums) type_variants(*e);
    declare_traits(t_);
  }

 private:
  Unit* make_unit(UnitKind kind, Page* page = nullptr, Component* component = nullptr) {
    Unit* unit = p_.arena.make<Unit>();
    unit->kind = kind;
    unit->page = page;
    unit->component = component;
    return unit;
  }

  void predefine() {
    const Type *a = t_.types().variable(kGenericBase), *b = t_.types().variable(kGenericBase + 1);
    add_enum("Option", {{"Some", {a}}, {"None", {}}});
    add_enum("Result", {{"Ok", {a}}, {"Err", {b}}});
    for (std::size_t i = 0; i < std::size(kContexts); ++i)
      t_.contexts[kContexts[i]] =
          outside(SymbolKind::kContext, kContexts[i], context_type(kContexts[i]), i);
    for (std::string_view name : kBrowserObjects)
      t_.browser_objects[name] =
          outside(SymbolKind::kBrowserObject, name, t_.simple(TypeTag::kAny), 0);
  }
  Symbol* outside(SymbolKind kind, std::string_view name, const Type* type, std::size_t slot) {
    Symbol* symbol = p_.arena.make<Symbol>();
    symbol->kind = kind;
    symbol->name = name;
    symbol->type = type;
    symbol->slot = static_cast<std::uint32_t>(slot);
    return symbol;
  }
  const Type* context_type(std::string_view name) {
    const Type *text = t_.simple(TypeTag::kText), *any = t_.simple(TypeTag::kAny);
    if (name == "params" || name == "query" || name == "headers" || name == "cookies")
      return t_.types().map(text, text);
    if (name == "props" || name == "session") return t_.types().map(text, any);
    return name == "children" ? t_.simple(TypeTag::kView) : any;
  }
  void add_enum(std::string_view name, std::vector<Variant> variants) {
    Enum* e = p_.arena.make<Enum>();
    e->name = name;
    e->number = static_cast<std::uint32_t>(p_.enums.size());
    e->variants = std::move(variants);
    p_.enums.push_back(e);
    t_.enums[name] = e;
    enter_variants(*e);
  }
  void enter_variants(Enum& e) {
    for (std::uint32_t i = 0; i < e.variants.size(); ++i)
      t_.variants[e.variants[i].name].push_back({&e, i});
  }

  // Types, entities, enums and components share one name space.
  bool is_new_type(const Word& name) {
    auto [it, is_new] = type_spans_.try_emplace(name.text, name.span);
    bool predefined = name.text == "Option" || name.text == "Result";
    if (is_new && !predefined) return true;
    declared_twice(name, predefined ? name.span : it->second);
    return false;
  }
  void declared_twice(const Word& name, const Span& first) {
    Report& r = t_.reports.add(Code::E0004, name.span, {name.text}, "declared again here");
    if (first.begin != name.span.begin || first.file != name.span.file)
      r.others.push_back({first, "first declared here"});
  }

  void enter_file(File* file) {
    for (Stmt* s : file->statements) {
      switch (s->kind) {
        case StmtKind::kEntity: enter_entity(as<EntityStmt>(*s)); break;
        case StmtKind::kEnum: enter_enum(as<EnumStmt>(*s)); break;
        case StmtKind::kComponent: enter_component(as<ComponentStmt>(*s)); break;
        case StmtKind::kRoute: enter_route(as<RouteStmt>(*s)); break;
        case StmtKind::kDeclForm: enter_form(as<DeclFormStmt>(*s)); break;
        case StmtKind::kTrait: enter_trait(as<TraitStmt>(*s)); break;
        case StmtKind::kTypeAlias:
          if (is_new_type(as<TypeAliasStmt>(*s).name))
            t_.aliases[as<TypeAliasStmt>(*s).name.text] = &as<TypeAliasStmt>(*s);
          break;
        case StmtKind::kTest: enter_test(*as<TestStmt>(*s).function); break;
        case StmtKind::kStyle: p_.styles.push_back(&as<StyleStmt>(*s)); break;
        default: break;
      }
    }
    t_.files.push_back({file, nullptr, nullptr, nullptr});
  }
  void enter_entity(EntityStmt& s) {
    Entity* entity = p_.arena.make<Entity>();
    entity->declaration = &s;
    entity->name = s.name.text;
    if (!is_new_type(s.name)) return;
    entity->number = static_cast<std::uint32_t>(p_.entities.size());
    p_.entities.push_back(entity);
    t_.entities[s.name.text] = entity;
  }
  void enter_trait(TraitStmt& s) {
    if (!is_new_type(s.name)) return;
    Trait* trait = p_.arena.make<Trait>();
    trait->declaration = &s;
    trait->name = s.name.text;
    p_.traits.push_back(trait);
    t_.traits[s.name.text] = trait;
  }
  void enter_test(FunctionStmt& s) {
    enter_function(s, nullptr, nullptr, false);
    s.function->is_test = true;
    p_.tests.push_back(s.function);
  }
  void enter_enum(EnumStmt& s) {
    if (!is_new_type(s.name)) return;
    Enum* e = p_.arena.make<Enum>();
    e->declaration = &s;
    e->name = s.name.text;
    e->number = static_cast<std::uint32_t>(p_.enums.size());
    for (const VariantNode& v : s.variants) {
      for (const Variant& other : e->variants)
        if (other.name == v.name.text) declared_twice(v.name, v.name.span);
      e->variants.push_back({v.name.text, {}});
    }
    p_.enums.push_back(e);
    t_.enums[s.name.text] = e;
    enter_variants(*e);
  }
  Component* enter_component(ComponentStmt& s) {
    Component* c = p_.arena.make<Component>();
    s.component = c;
    c->name = s.name.text;
    c->declaration = &s;
    c->declared = s.has_params;
    c->unit = make_unit(UnitKind::kComponent, nullptr, c);
    c->unit->body = s.body;
    c->unit->params = &s.params;
    if (!is_new_type(s.name)) return c;
    c->number = static_cast<std::uint32_t>(p_.components.size());
    p_.components.push_back(c);
    t_.components[s.name.text] = c;
    Frame* frame = p_.arena.make<Frame>();
    frame->unit = c->unit;
    frame->kind = SymbolKind::kComponentVariable;
    frame->slots = &c->variables;
    t_.component_frames[c] = frame;
    return c;
  }
  void enter_route(RouteStmt& s) {
    static constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    if (std::find(std::begin(kMethods), std::end(kMethods), s.method.text) == std::end(kMethods))
      t_.reports.add(Code::E0907, s.method.span, {s.method.text}, "no such method");
    Route* route = p_.arena.make<Route>();
    route->declaration = &s;
    route->method = std::string(s.method.text);
    route->path = s.path.text.empty() ? page_path(t_.sources.at(s.span.file).path())
                                      : std::string(s.path.text);
    if (route->path.empty()) route->path = "/";
    check_path(s, route->path);
    for (const Route* other : p_.routes)
      if (other->method == route->method && other->path == route->path) {
        Report& r = t_.reports.add(Code::E0901, s.method.span, {}, "the same method and path");
        r.helps = {"first at " + std::string(t_.sources.at(other->declaration->span.file).path()) +
                   ":" + std::to_string(t_.line_of(other->declaration->span))};
      }
    route->unit = s.unit = make_unit(UnitKind::kRoute);
    route->unit->body = s.body;
    p_.routes.push_back(route);
    if (s.body == nullptr) return;
    for (Stmt* inner : s.body->statements)
      if (inner->kind == StmtKind::kDeclForm)
        enter_guard(as<DeclFormStmt>(*inner), route->method + " " + route->path);
  }

  // ---- Forms of plugins ----

  Declaration& add_form(DeclFormStmt& s, std::string_view form, std::string place) {
    Declaration* d = p_.arena.make<Declaration>();
    d->statement = &s;
    d->form = form;
    d->place = std::move(place);
    t_.placed.insert(&s);
    p_.declarations.push_back(d);
    return *d;
  }
  void enter_form(DeclFormStmt& s) {
    const std::string file(t_.sources.at(s.span.file).path());
    if (s.form == "guard" || s.form == "guards") return enter_guard(s, {});
    if (s.is_socket) return enter_socket(s, page_path(file));
    std::string place = page_path(file);
    if (s.form == "middleware") {
      const auto slash = place.rfind('/');
      place = slash == place.npos || slash == 0 ? "/" : place.substr(0, slash);
    }
    Declaration& d = add_form(s, s.form, std::move(place));
    if (s.form != "agent") d.bodies = s.bodies;
  }
  void enter_socket(DeclFormStmt& s, std::string path) {
    if (!s.operands.empty()) path = std::string(as<TextExpr>(*s.operands[0]).value);
    if (path.empty()) path = "/";
    for (DeclFormStmt* guard : s.guards) enter_guard(*guard, "ws " + path);
    add_form(s, s.form, std::move(path)).bodies = s.bodies;
  }
  // One declaration per guard: `guards { auth: required, role: "admin" }` is two.
  void enter_guard(DeclFormStmt& s, const std::string& place) {
    if (s.form == "guard") {
      const std::vector<Expr*> arguments(s.operands.begin() + 1, s.operands.end());
      Declaration& d = add_guard(s, as<TextExpr>(*s.operands[0]), arguments, place);
      d.bodies = s.bodies;
    }
    if (s.form != "guards") return;
    t_.placed.insert(&s);
    for (const MapEntry& entry : as<MapExpr>(*s.operands[0]).entries) {
      if (entry.key == nullptr || entry.key->kind != ExprKind::kText) continue;
      std::vector<Expr*> arguments;
      const bool is_required =
          entry.value->kind == ExprKind::kName && as<NameExpr>(*entry.value).name == "required";
      if (entry.value->kind == ExprKind::kList)
        arguments = as<ListExpr>(*entry.value).items;
      else if (!is_required)
        arguments.push_back(entry.value);
      add_guard(s, as<TextExpr>(*entry.key), arguments, place);
    }
  }
  Declaration& add_guard(DeclFormStmt& s, const TextExpr& name, const std::vector<Expr*>& arguments,
                         const std::string& place) {
    Declaration& d = add_form(s, "guard", place);
    auto* callee = p_.arena.make<NameExpr>(name.span, name.value);
    d.check = p_.arena.make<CallExpr>(s.span, callee);
    for (Expr* argument : arguments) {
      Argument given{};
      given.value = argument;
      d.check->arguments.push_back(given);
    }
    d.unit = make_unit(UnitKind::kRoute);
    return d;
  }
  void check_path(const RouteStmt& s, std::string_view path) {
    auto star = path.find('*');
    bool bad = path[0] != '/' || path.starts_with("/_") ||
               (star != path.npos && path.find('/', star) != path.npos);
    if (bad) t_.reports.add(Code::E0902, s.path.span, {}, "not a path for a program");
  }

  // What a file is: a page, a component, the main code of a script, or only declarations.
  void enter_frame(FileFacts& facts) {
    std::string_view path = t_.sources.at(facts.file->number).path();
    bool single = p_.files.size() == 1;
    if (!single && is_upper(base_name(path))) return enter_component_file(facts, base_name(path));
    bool has_view = false;
    for (const Stmt* s : facts.file->statements) has_view = has_view || s->kind == StmtKind::kView;
    std::string address = page_path(path);
    if (single && address.empty()) address = "/";
    if (p_.is_server && !address.empty() && (has_view || has_setup(*facts.file)))
      enter_page(facts, address, has_view);
    if (!p_.is_server) enter_script(facts);
    if (!single && address.empty() && p_.is_server) check_declarations_only(facts);
  }
  static bool has_setup(const File& file) {
    for (const Stmt* s : file.statements) {
      bool is_setup = s->kind <= StmtKind::kDeleteKey;
      bool constant = s->kind == StmtKind::kAssign && as<AssignStmt>(*s).declare == Declare::kConst;
      if (is_setup && !constant) return true;
    }
    return false;
  }
  void check_declarations_only(const FileFacts& facts) {
    for (const Stmt* s : facts.file->statements) {
      bool constant = s->kind == StmtKind::kAssign && as<AssignStmt>(*s).declare == Declare::kConst;
      if ((s->kind <= StmtKind::kDeleteKey && !constant) || s->kind == StmtKind::kView)
        t_.reports.add(Code::E0216, s->span, {"a statement"}, "this file is for declarations");
    }
  }
  void enter_component_file(FileFacts& facts, std::string_view name) {
    Block* body = p_.arena.make<Block>();
    ComponentStmt* s = p_.arena.make<ComponentStmt>(Span{facts.file->number, 0, 0});
    s->name = {p_.arena.text(name), {facts.file->number, 0, 0}};
    s->body = body;
    for (Stmt* statement : facts.file->statements) {
      if (statement->kind == StmtKind::kProps) {
        s->has_params = true;
        s->params = as<PropsStmt>(*statement).params;
      } else {
        body->statements.push_back(statement);
      }
    }
    facts.component = enter_component(*s);
    facts.frame = t_.component_frames[facts.component];
  }
  // Setup of a file without a view is checked, but is no page.
  void enter_page(FileFacts& facts, const std::string& address, bool has_view) {
    Page* page = p_.arena.make<Page>();
    page->path = address;
    page->title = p_.name;
    page->file = facts.file->number;
    page->unit = make_unit(UnitKind::kPage, page);
    if (has_view) p_.pages.push_back(page);
    facts.page = page;
    facts.frame = p_.arena.make<Frame>();
    facts.frame->unit = page->unit;
    facts.frame->slots = &page->variables;
  }
  void enter_script(FileFacts& facts) {
    if (p_.script == nullptr) {
      p_.script = make_unit(UnitKind::kScript);
      script_frame_ = p_.arena.make<Frame>();
      script_frame_->unit = p_.script;
      script_frame_->slots = &p_.script_variables;
      script_body_ = p_.arena.make<Block>();
      p_.script->body = script_body_;
    }
    facts.frame = script_frame_;
    for (Stmt* s : facts.file->statements)
      if (s->kind <= StmtKind::kDeleteKey) script_body_->statements.push_back(s);
  }

  void enter_functions(FileFacts& facts) {
    for (Stmt* s : facts.file->statements) {
      if (s->kind == StmtKind::kFunction)
        enter_function(as<FunctionStmt>(*s), facts.frame, facts.page, true);
      if (s->kind != StmtKind::kComponent || as<ComponentStmt>(*s).component == nullptr) continue;
      Component* c = as<ComponentStmt>(*s).component;
      auto frame = t_.component_frames.find(c);
      if (frame == t_.component_frames.end()) continue;
      for (Stmt* inner : as<ComponentStmt>(*s).body->statements)
        if (inner->kind == StmtKind::kFunction)
          enter_function(as<FunctionStmt>(*inner), frame->second, nullptr, false);
    }
  }
  void enter_function(FunctionStmt& s, Frame* frame, Page* page, bool program_wide) {
    Function* f = p_.arena.make<Function>();
    f->declaration = &s;
    f->unit =
        make_unit(UnitKind::kFunction, page, frame == nullptr ? nullptr : frame->unit->component);
    f->unit->params = &s.params;
    f->unit->body = s.body;
    for (const Param& param : s.params)
      if (param.fallback == nullptr)
        f->least_arguments = static_cast<std::size_t>(&param - s.params.data()) + 1;
    s.function = f;
    t_.facts[f].frame = frame;
    p_.functions.push_back(f);
    if (frame != nullptr) {
      auto [it, is_new] = frame->functions.try_emplace(s.name.text, f);
      if (!is_new) declared_twice(s.name, it->second->declaration->name.span);
    }
    if (program_wide) t_.functions[s.name.text].push_back(f);
  }

  void type_variants(Enum& e) {
    if (e.declaration == nullptr) return;
    for (std::uint32_t g = 0; g < e.declaration->generics.size(); ++g)
      t_.type_parameters[e.declaration->generics[g].text] = t_.types().variable(kGenericBase + g);
    for (std::size_t i = 0; i < e.variants.size(); ++i)
      for (const TypeNode* node : e.declaration->variants[i].payload)
        e.variants[i].payload.push_back(type_of(t_, node));
    t_.type_parameters.clear();
  }
  void type_fields(Entity& entity) {
    for (const FieldNode& node : entity.declaration->fields) {
      bool reserved = node.name.text == "version_number";
      for (std::string_view name : kAutomaticFieldNames)
        reserved = reserved || name == node.name.text;
      if (reserved) t_.reports.add(Code::E0405, node.name.span, {node.name.text}, "exists already");
      for (const Field& other : entity.fields)
        if (other.name == node.name.text) declared_twice(node.name, other.node->name.span);
      Field field;
      field.name = node.name.text;
      field.type = type_of(t_, node.type);
      field.node = &node;
      entity.fields.push_back(field);
    }
  }

  Tables& t_;
  CheckedProgram& p_;
  std::unordered_map<std::string_view, Span> type_spans_;
  Frame* script_frame_ = nullptr;
  Block* script_body_ = nullptr;
};

}  // namespace

void declare(Tables& tables) {
  for (const File* file : tables.program.files)
    for (const Stmt* s : file->statements) {
      bool serves = s->kind == StmtKind::kView || s->kind == StmtKind::kRoute;
      // Of what plugins declare only agents serve nobody by themselves (L 1.6).
      bool declares = s->kind == StmtKind::kDeclForm && as<DeclFormStmt>(*s).form != "agent";
      if (serves || declares) tables.program.is_server = true;
    }
  Declarer(tables).run();
}

}  // namespace flin::check
