-- .. is right associative, converts numbers, and accepts many operands.
print(1 .. 2, 1.5 .. 2, -1 .. "", 2^31 .. "", 10 // 3 .. "", "a" .. 1 + 2 .. "b")
print("a" .. "b" == "ab", "a" .. ("b" .. "c") == ("a" .. "b") .. "c", "" .. "", #("" .. ""))
local s = ""
for i = 1, 20 do s = s .. i .. (i % 5 == 0 and "\n" or " ") end
io.write(s)
local a, b, c, d = "w", "x", 1, 2.0
print(a .. b .. c .. d .. a .. b .. c .. d, a .. c, c .. a, c .. d, (a .. b):rep(2))
local parts = {}
for i = 1, 300 do parts[i] = ("%03d"):format(i) end
local joined = ""
for i = 1, 300 do joined = joined .. parts[i] end
print(#joined, joined:sub(1, 12), joined:sub(-6), joined == table.concat(parts))
local self = "ab"
for _ = 1, 6 do self = self .. self end
print(#self, self:sub(60, 70))
local keep = "base"
local x, y = keep .. "1", keep .. "2"
print(keep, x, y, x .. y .. keep)
print(select(2, pcall(function() return "a" .. nil end)), select(2, pcall(function() return a .. {} .. b end)))
print("x" .. tostring(nil) .. tostring(true), ("a"):rep(3) .. ("b"):rep(2), 0x10 .. "", 1e3 .. "")
