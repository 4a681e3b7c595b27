function inside(cr, ci) {
  let zr = 0, zi = 0, n = 0;
  while (n < 50 && zr * zr + zi * zi < 4) {
    const t = zr * zr - zi * zi + cr;
    zi = 2 * zr * zi + ci;
    zr = t;
    n++;
  }
  return n;
}
function run(size) {
  let total = 0;
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) total += inside((3 * x) / size - 2, (2 * y) / size - 1);
  return total;
}
console.log(run(900));
