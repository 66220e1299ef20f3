-- _ENV and its fields are targets of one assignment.
local print, pcall = print, pcall
local first, second = {}, {}
local function try(env)
  local _ENV = env
  local function set() x, _ENV, y = 1, second, 2 end
  set()
  return _ENV == second
end
print(try(first), first.x, first.y, second.x, second.y)
local old = _ENV
a, _ENV = "a", {}
print(a, old.a)
_ENV, b = old, "b"
print(b)
_ENV, c, old.d = {}, "c", "d"
print(c, d, old.c, old.d)
print(pcall(function() e, _ENV = 1, nil end), _ENV)
print(pcall(function() e, _ENV = 1, {} end))
