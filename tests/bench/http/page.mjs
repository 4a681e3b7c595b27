// The page of hello.flin as a text template over objects in memory.
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);

export function page_of(items) {
  const rows = items.map(
    ({ title, price, sold }) =>
      `<tr class="${sold ? "sold" : "free"}"><td>${escape(title)}</td><td>${price} EUR</td><td>${sold ? "sold" : "for sale"}</td></tr>`,
  );
  const free = items.filter((item) => !item.sold).length;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>hello</title></head><body><h1>Items</h1><table><tr><th>Title</th><th>Price</th><th>State</th></tr>${rows.join("")}</table><p>${free} for sale</p></body></html>`;
}
