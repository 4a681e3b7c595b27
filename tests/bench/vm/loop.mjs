function run(n) {
  let total = 0, i = 0;
  while (i < n) {
    if (i % 3 === 0) total += i;
    else total -= 1;
    i++;
  }
  return total;
}
console.log(run(30000000));
