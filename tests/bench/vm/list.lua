local function map(xs, f)
  local out = {}
  for i = 1, #xs do out[i] = f(xs[i]) end
  return out
end
local function run(rounds)
  local total = 0
  for r = 0, rounds - 1 do
    local xs = {}
    for i = 0, 999 do xs[#xs + 1] = i * r end
    local doubled = map(xs, function(x) return x * 2 end)
    for _, x in ipairs(doubled) do if x % 3 == 0 then total = total + x end end
    for i = 1, 1000 do total = total + xs[i] end
  end
  return total
end
print(run(4000))
