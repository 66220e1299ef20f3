-- SPDX-License-Identifier: MIT
-- Text: patterns, counting words, upper case, joining.
local n = tonumber((...)) or 150
local seed = 7
local function random(k)
  seed = (seed * 16807) % 2147483647
  return seed % k + 1
end
local syllables = {"ka", "lo", "mi", "ter", "un", "pra", "sto", "vel", "o", "xy"}
local lines = {}
for i = 1, 400 do
  local words = {}
  for w = 1, random(12) + 3 do
    local s = ""
    for _ = 1, random(3) do s = s .. syllables[random(#syllables)] end
    words[w] = s
  end
  lines[i] = table.concat(words, " ") .. (i % 5 == 0 and "." or ",")
end
local text = table.concat(lines, "\n")

local total, longest = 0, ""
for _ = 1, n do
  local counts = {}
  for w in text:gmatch("%a+") do counts[w] = (counts[w] or 0) + 1 end
  local title = text:gsub("(%a)(%a*)", function(a, b) return a:upper() .. b end)
  for line in title:gmatch("[^\n]+") do
    local s, e = line:find("%u%a+[,.]$")
    if s then total = total + e - s end
    if #line > #longest then longest = line end
  end
  for w, c in pairs(counts) do total = total + #w * c end
end
print("words", total, #longest)
