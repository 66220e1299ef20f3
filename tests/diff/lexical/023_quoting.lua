-- string.format("%q") gives back text that reads as the same value.
local values = {"plain", 'with "quotes"', "line\nbreak", "nul\0nul", "nul\0001",
  "\r\t\\", "bell\a", "\1272", "\200\201", "", 0, 1, -1, 1.5, -0.25, 1e100,
  math.maxinteger, math.mininteger, math.huge, -math.huge, true, false}
for i = 1, #values do
  local q = string.format("%q", values[i])
  print(i, q, load("return " .. q)() == values[i],
    math.type(load("return " .. q)()) == math.type(values[i]))
end
print(string.format("%q", nil), (string.format("%q", 0/0)))
print(pcall(string.format, "%q", {}))
