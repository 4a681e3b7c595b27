function run(most) {
  const isPrime = [];
  for (let i = 0; i <= most; i++) isPrime.push(true);
  let count = 0;
  for (let i = 2; i <= most; i++) {
    if (!isPrime[i]) continue;
    count++;
    for (let k = i * i; k <= most; k += i) isPrime[k] = false;
  }
  return count;
}
console.log(run(6000000));
