-- SPDX-License-Identifier: MIT
-- operators that yield
local y = coroutine.yield
local mt = {
  __add = function(a, b) return y("add") end,
  __concat = function(a, b) return y("concat") end,
  __index = function(t, k) return y("index " .. tostring(k)) end,
  __newindex = function(t, k, v) y("newindex"); rawset(t, k, v) end,
  __eq = function() return y("eq") end,
  __lt = function() return y("lt") end,
  __le = function() return y("le") end,
  __len = function() return y("len") end,
  __unm = function() return y("unm") end,
  __bnot = function() return y("bnot") end,
  __call = function(_, a) return y("call"), a end,
  __idiv = function() return y("idiv") end,
}
local function new() return setmetatable({}, mt) end
local co = coroutine.wrap(function()
  local a, b = new(), new()
  local r = {}
  r[#r + 1] = a + 1
  r[#r + 1] = 1 .. a
  r[#r + 1] = a .. 2 .. 3
  r[#r + 1] = a.key
  a.z = 9
  r[#r + 1] = rawget(a, "z")
  r[#r + 1] = a == b
  r[#r + 1] = a ~= b
  r[#r + 1] = a < b
  r[#r + 1] = a <= b
  r[#r + 1] = a > b
  r[#r + 1] = not (a >= b)
  r[#r + 1] = #a
  r[#r + 1] = -a
  r[#r + 1] = ~a
  r[#r + 1] = a(7)
  r[#r + 1] = 5 // a
  if a < b then r[#r + 1] = "then" else r[#r + 1] = "else" end
  while a == b do r[#r + 1] = "loop" end
  for i = 1, #r do r[i] = tostring(r[i]) end
  return table.concat(r, " ")
end)
local v = co()
local n = 0
while v do
  print(v)
  n = n + 1
  if v:find(" .* ") then break end
  v = co(n <= 17 and n or false)
end
