local function run(rounds)
  local words = {}
  for w in string.gmatch("the quick brown fox jumps over the lazy dog and the cat", "%S+") do words[#words + 1] = w end
  local counts, total = {}, 0
  for r = 0, rounds - 1 do
    for _, w in ipairs(words) do counts[w] = (counts[w] or 0) + 1 end
    local key = "key " .. r % 500
    counts[key] = (counts[key] or 0) + r
    total = total + (counts["the"] or 0)
  end
  local keys = 0
  for _ in pairs(counts) do keys = keys + 1 end
  return total + keys
end
print(run(400000))
