-- Positional, named and computed fields mixed in one constructor.
local function show(t, n)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = tostring(k) end
  table.sort(keys)
  print(n or #t, table.concat(keys, " "))
end
show {}
show {1, 2, 3}
show {1, x = "a", 2, ["y z"] = "b", 3}
show {[1] = "a", [2] = "b", [3] = "c"}
show {[3] = "c", "a", "b"}
show {x = 1, x = 2, ["x"] = 3}
show({[1.0] = "f", [2^53] = "g", [-1] = "n", [true] = "t"}, 1)
show {1, 2; 3, 4;}
show {{1, 2}, {}, {{}}}
print(({1, 2, [1] = "explicit"})[1], ({[1] = "explicit", 1})[1], ({x = 1, x = 2}).x)
print(#{1, 2, nil}, #{n = 1}, #{"a"}, #{{}, {}}, ({...})[1])
local k = "dyn"
local t = {[k] = 1, k = 2, [k .. "amic"] = 3, [#k] = 4, [1 + 1] = 5, [not k] = 6}
print(t.dyn, t.k, t.dynamic, t[3], t[2], t[false])
print(pcall(load "return {[nil] = 1}"))
print(pcall(load "return {[0/0] = 1}"))
print(({f = function(x) return x * 2 end}).f(21), ({"a", "b"})[2], #{"x", "y"}, ({{{7}}})[1][1][1])
