function run(rounds) {
  const words = "the quick brown fox jumps over the lazy dog and the cat".split(" ");
  const counts = new Map();
  let total = 0;
  for (let r = 0; r < rounds; r++) {
    for (const w of words) counts.set(w, (counts.get(w) ?? 0) + 1);
    const key = `key ${r % 500}`;
    counts.set(key, (counts.get(key) ?? 0) + r);
    total += counts.get("the") ?? 0;
  }
  return total + counts.size;
}
console.log(run(400000));
