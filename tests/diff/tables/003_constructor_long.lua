-- More positional items than one batch of registers holds.
local t = {
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
  21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
  a = "mid", 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, [200] = "far", 71, 72,
}
print(#t, t[50], t[51], t[72], t.a, t[200])
local function gen(n)
  local parts = {}
  for i = 1, n do parts[i] = i % 7 == 0 and "k" .. i .. "=" .. i or tostring(i) end
  return load("return {" .. table.concat(parts, ",") .. "}")()
end
for _, n in ipairs {0, 1, 6, 7, 49, 50, 51, 99, 100, 101, 255, 256, 257, 300, 600} do
  local g = gen(n)
  local named = 0
  for k in pairs(g) do if type(k) == "string" then named = named + 1 end end
  print(n, #g, g[#g], named)
end
local nested = load("return " .. ("{"):rep(100) .. "'deep'" .. ("}"):rep(100))()
for _ = 1, 100 do nested = nested[1] end
print(nested)
local src = {}
for i = 1, 300 do src[i] = "{" .. i .. ",x=" .. i .. "}" end
local rows = load("return {" .. table.concat(src, ",") .. "}")()
print(#rows, rows[300][1], rows[299].x, rows[1][1])
