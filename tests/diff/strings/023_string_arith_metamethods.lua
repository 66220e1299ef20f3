-- A string with another table's arithmetic metamethod; and its own.
local V = setmetatable({}, {
  __add = function(a, b) return "add:" .. type(a) .. ":" .. type(b) end,
  __concat = function(a, b) return "cat:" .. type(a) .. ":" .. type(b) end,
  __unm = function(a) return "unm" end,
  __lt = function(a, b) return type(a) == "string" end,
  __len = function() return "len" end,
})
print("10" + V, V + "10", "x" + V, V + "x", 1 + V)
print("s" .. V, V .. "s", 1 .. V, V .. 1, "a" .. "b" .. V, V .. "a" .. "b")
print(-V, #V, "s" < V, V < "s", V > "s", "s" > V)
print("10" + "20", "0x10" * "2", "3" // "2", "3.0" // "2", -"7", "2" ^ "0.5" == 2 ^ 0.5)
print(pcall(function() return "a" + "1" end))
print(pcall(function() return "1" + {} end))
print(pcall(function() return {} - "1" end))
print(pcall(function() return "abc" // 1 end))
print(pcall(function() return "1" % "x" end))
print("10" == 10, "10" + 0 == 10, "10" .. "" == 10 .. "", tostring(10) == "10")
print(math.type("1" + 1), math.type("1" + 1.0), math.type("1." + 1), math.type("1e0" * 1), math.type("0x1p0" - 1))
