-- __pairs replaces the iteration; its three results are used.
local function sorted_pairs(t)
  local keys = {}
  for k in next, t do keys[#keys + 1] = k end
  table.sort(keys)
  local i = 0
  return function() i = i + 1 if keys[i] ~= nil then return keys[i], t[keys[i]] end end
end
local t = setmetatable({b = 2, a = 1, c = 3}, {__pairs = sorted_pairs})
for k, v in pairs(t) do io.write(k, "=", v, " ") end print()
local odd = setmetatable({}, {__pairs = function(o) return function(s, c) if c < s then return c + 2 end end, 7, 1 end})
for i in pairs(odd) do io.write(i, " ") end print()
print(select("#", pairs(setmetatable({}, {__pairs = function() return 1, 2, 3, 4, 5 end}))))
print(pairs(setmetatable({}, {__pairs = function() return 1, 2, 3, 4, 5 end})))
print(pairs(setmetatable({}, {__pairs = function() end})))
print(pcall(pairs, setmetatable({}, {__pairs = function() error("no pairs", 0) end})))
print(pcall(pairs))
local empty = setmetatable({1, 2, 3}, {__pairs = function() return function() end end})
local n = 0 for _ in pairs(empty) do n = n + 1 end
for _ in next, empty do n = n + 10 end
for _ in ipairs(empty) do n = n + 100 end
print(n)
local five = setmetatable({}, {__pairs = function(self) return next, {x = self} , nil end})
for k, v in pairs(five) do print(k, v == five) end
local proxy = setmetatable({}, {__index = t, __pairs = function() return pairs(t) end})
for k, v in pairs(proxy) do io.write(k, v, " ") end print()
