-- Indices from both ends, clipped, crossed and extreme.
local s = "abcdef"
for _, p in ipairs {{1, 3}, {2}, {-3}, {-3, -2}, {0}, {0, 0}, {1, 0}, {3, 2}, {-100, 2}, {5, 100},
  {7}, {100, 200}, {-1, -1}, {-1, 1}, {math.mininteger, math.maxinteger}, {math.maxinteger},
  {1, math.mininteger}, {2, -2}, {-6, -6}, {6, 6}} do
  print(p[1], p[2], "[" .. s:sub(p[1], p[2] or -1) .. "]", s:byte(p[1], p[2] or p[1]))
end
print(s:byte(), s:byte(3), s:byte(-1), select("#", s:byte(10)), select("#", (""):byte()))
print((""):sub(1, 1) == "", #(""):sub(-1), ("x"):sub(1.0, 1))
print(string.char(), string.char(72, 105), #string.char(0, 0, 0))
print(("abc"):sub("2", "3"), s:byte(1, -1))
