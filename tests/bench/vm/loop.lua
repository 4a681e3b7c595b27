local function run(n)
  local total, i = 0, 0
  while i < n do
    if i % 3 == 0 then total = total + i else total = total - 1 end
    i = i + 1
  end
  return total
end
print(run(30000000))
