local escapes = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }
local function escape(s) return (string.gsub(s, "[&<>\"']", escapes)) end
local function run(rounds)
  local names = { "Ada", "Bob & Co", "<Cy>", "Dora" }
  local size = 0
  for r = 0, rounds - 1 do
    local parts = {}
    for i, name in ipairs(names) do
      local k = i - 1
      parts[#parts + 1] = '<li class="row ' .. (k % 2 == 0 and "even" or "odd") .. '">' .. escape(name) .. ": " .. r * k .. " of " .. r .. "</li>"
    end
    size = size + #("<ul>" .. table.concat(parts) .. "</ul>")
  end
  return size
end
print(run(100000))
