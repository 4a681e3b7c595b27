local function inside(cr, ci)
  local zr, zi, n = 0.0, 0.0, 0
  while n < 50 and zr * zr + zi * zi < 4.0 do
    local t = zr * zr - zi * zi + cr
    zi = 2.0 * zr * zi + ci
    zr = t
    n = n + 1
  end
  return n
end
local function run(size)
  local total = 0
  for y = 0, size - 1 do
    for x = 0, size - 1 do
      total = total + inside(3.0 * x / size - 2.0, 2.0 * y / size - 1.0)
    end
  end
  return total
end
print(run(900))
