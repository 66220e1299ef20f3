-- A metatable on _G and on an _ENV of one's own.
local log = {}
setmetatable(_G, {__index = function(_, k) log[#log + 1] = "get " .. k return "default " .. k end, __newindex = function(t, k, v) log[#log + 1] = "set " .. k rawset(t, k, v) end})
print(undefined1, undefined2)
global1 = 5
global1 = 6
print(global1, rawget(_G, "undefined1"), _G.undefined3)
function newfunction() return "f" end
print(newfunction(), table.concat(log, ", "))
setmetatable(_G, {__index = function(_, k) error("undeclared " .. k, 2) end, __newindex = function(_, k) error("assign to undeclared " .. k, 2) end})
print(pcall(function() return typo end))
print(pcall(function() typo = 1 end))
print(pcall(function() return print and rawget(_G, "typo") end))
setmetatable(_G, nil)
print(typo)
do
  local _ENV = setmetatable({}, {__index = _G})
  x = 1 print(x, _G.x, rawget(_ENV, "print"))
  local function inner() y = 2 return y end
  print(inner(), _G.y, _ENV.y)
end
local function sandbox(_ENV) a = 1 b = a + 1 return b end
local env = {}
print(sandbox(env), env.a, env.b, a)
print(load("x = 1; y = x + z; return y", "c", "t", setmetatable({}, {__index = {z = 10}}))())
print(pcall(load("return x.y", "=c", "t", {})))
do local _ENV <const> = {out = print} out("const env") end
print(pcall(load("local _ENV = nil; return x", "=c")), pcall(load("local _ENV = 5; x = 1", "=c")))
