-- Comparisons among integers and floats near 2^53 and 2^63.
local ints = {0, 1, 2^53 | 0, (2^53 | 0) + 1, math.maxinteger, math.maxinteger - 1, math.mininteger}
local floats = {0.5, 2^53, 2^53 + 2, 2^63, -2^63, -2^63 - 2048, 1e308}
for _, i in ipairs(ints) do
  local row = {}
  for _, f in ipairs(floats) do
    row[#row + 1] = (i < f and "<" or "") .. (i <= f and "L" or "") .. (i == f and "=" or "") ..
      (i >= f and "G" or "") .. (i > f and ">" or "") .. (f < i and "f" or "")
  end
  print(i, table.concat(row, " "))
end
print(1 < 2 == true, not (1 < 2) == false, 1 == 1 == true, "a" < "b" == true)
local function try(f) print((select(2, pcall(f)))) end
try(function() return 1 < "1" end)
try(function() return {} < {} end)
try(function() return nil > 1 end)
try(function() return true <= false end)
try(function() return "a" >= 1 end)
try(function() return print < print end)
