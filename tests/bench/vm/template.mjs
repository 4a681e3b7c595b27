const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (s) => s.replace(/[&<>"']/g, (c) => escapes[c]);
function run(rounds) {
  const names = ["Ada", "Bob & Co", "<Cy>", "Dora"];
  let size = 0;
  for (let r = 0; r < rounds; r++) {
    const parts = [];
    names.forEach((name, i) => {
      parts.push(`<li class="row ${i % 2 === 0 ? "even" : "odd"}">${escape(name)}: ${r * i} of ${r}</li>`);
    });
    size += `<ul>${parts.join("")}</ul>`.length;
  }
  return size;
}
console.log(run(100000));
