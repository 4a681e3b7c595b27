local function run(most)
  local is_prime = {}
  for i = 0, most do is_prime[i] = true end
  local count = 0
  for i = 2, most do
    if is_prime[i] then
      count = count + 1
      local k = i * i
      while k <= most do
        is_prime[k] = false
        k = k + i
      end
    end
  end
  return count
end
print(run(6000000))
