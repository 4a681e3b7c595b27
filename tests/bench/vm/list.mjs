function run(rounds) {
  let total = 0;
  for (let r = 0; r < rounds; r++) {
    const xs = [];
    for (let i = 0; i < 1000; i++) xs.push(i * r);
    const doubled = xs.map((x) => x * 2);
    for (const x of doubled) if (x % 3 === 0) total += x;
    for (let i = 0; i < 1000; i++) total += xs[i];
  }
  return total;
}
console.log(run(4000));
