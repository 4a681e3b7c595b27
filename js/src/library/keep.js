// What a person has done to a document beside its variables: typed text, focus, selection, scroll. Kept over another
// document of the same page (L 8.7).

const FIELDS = "input, textarea, select", FOCUSABLE = `${FIELDS}, button, a, summary, [tabindex], [contenteditable]`;

// What an element is called in both documents: its id, or what it is and how many like it stand before.
function kind_of(element) {
  if (element.id !== "") return `#${element.id}`;
  const { localName } = element, marks = ["type", "name", "data-flin-bind"].map((name) => element.getAttribute(name) ?? "");
  return [localName, ...marks, element.matches(FIELDS) ? "" : element.className, /^(button|a|summary)$/.test(localName) ? element.textContent : ""].join("|");
}

// Names of all elements that `selector` finds: name -> element.
function named(selector) {
  const counts = new Map(), found = new Map();
  for (const element of document.body.querySelectorAll(selector)) {
    const kind = kind_of(element), count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    found.set(`${kind}|${count}`, element);
  }
  return found;
}

// Text and ticks that no variable holds.
function typed_of(element) {
  if (element.hasAttribute("data-flin-bind") || element.type === "file" || element.type === "hidden") return null;
  if (element.localName === "select") {
    const chosen = Array.from(element.options, (option) => option.selected);
    return element.options.length > 0 && Array.from(element.options).some((option) => option.selected !== option.defaultSelected) ? { chosen } : null;
  }
  const { value, checked } = element;
  return value !== element.defaultValue || (checked ?? false) !== (element.defaultChecked ?? false) ? { value, checked } : null;
}

function type_again(element, { value, checked, chosen }) {
  if (chosen) return chosen.forEach((is_chosen, i) => element.options[i] && (element.options[i].selected = is_chosen));
  element.value = value;
  if (checked !== undefined) element.checked = checked;
}

// Gives two functions: the first puts typed text into the new document, to be called before it is adopted, the second
// focus, selection and scroll, behind that.
export function keep_document() {
  const typed = new Map(), scrolled = new Map(), active = document.activeElement;
  for (const [name, element] of named(FIELDS)) {
    const text = typed_of(element);
    if (text) typed.set(name, text);
  }
  for (const [name, element] of named("*")) if (element.scrollTop !== 0 || element.scrollLeft !== 0) scrolled.set(name, [element.scrollLeft, element.scrollTop]);
  const focused = Array.from(named(FOCUSABLE)).find(([, element]) => element === active)?.[0];
  const { selectionStart: from = null, selectionEnd: to, selectionDirection: way } = active ?? {}, { scrollX = 0, scrollY = 0 } = globalThis;
  const again = (list, selector, put) => {
    if (list.size === 0) return;
    const now = named(selector);
    for (const [name, what] of list) if (now.has(name)) put(now.get(name), what);
  };
  return [
    () => again(typed, FIELDS, type_again),
    () => {
      again(scrolled, "*", (element, [left, top]) => Object.assign(element, { scrollLeft: left, scrollTop: top }));
      if (scrollX !== 0 || scrollY !== 0) scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
      const next = focused && named(FOCUSABLE).get(focused);
      next?.focus({ preventScroll: true });
      if (next && from !== null) next.setSelectionRange?.(from, to, way);
    },
  ];
}
