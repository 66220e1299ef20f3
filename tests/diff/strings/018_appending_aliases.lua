-- Values that share a prefix stay apart when one of them grows.
local base = ("p"):rep(64)
local one = base .. "1"
local two = base .. "2"
local one_more = one .. "x"
print(#base, one:sub(-2), two:sub(-2), one_more:sub(-3))
one = one .. "y"
print(one:sub(-3), one_more:sub(-3), base == ("p"):rep(64))
local history = {}
local acc = ""
for i = 1, 60 do
  acc = acc .. string.char(96 + i % 26 + 1)
  history[i] = acc
end
print(history[1], history[5], history[30], #history[60])
for i = 2, 60 do assert(history[i]:sub(1, i - 1) == history[i - 1]) end
local t = {[history[50]] = "fifty"}
print(t[history[49] .. history[50]:sub(-1)], t[history[49]])
local p = acc
acc = acc .. "!"
local q = acc
acc = acc .. "?"
print(p:sub(-1), q:sub(-1), acc:sub(-2), p .. "!" == q, q == acc)
local function grow(s, n) if n == 0 then return s end return grow(s .. n, n - 1) end
print(grow("", 30), #grow(base, 10), grow("a", 3) .. grow("b", 3))
