-- Fields of an upvalue, and the upvalue itself, are targets of one assignment.
local t, u = {name = "old"}, {name = "other"}
local function first()
  local old = t
  t.x, t = 1, {name = "new"}
  return old.x, t.name, t.x
end
print(first())
local function last()
  local old = t
  t, t.y = {name = "newer"}, 2
  return old.y, t.name, t.y
end
print(last())
local function both()
  local a, b = t, u
  t.z, u.z, t, u = 3, 4, u, t
  return a.z, b.z, t == b, u == a
end
print(both())
local function indexed()
  local old, k = t, "k"
  t[k], t["name"], t = 5, "changed", {}
  return old.k, old.name, t.k, t.name
end
print(indexed())
local nothing
print(pcall(function() nothing.x, nothing = 1, {} end))
print(pcall(function() nothing.x.y, nothing = 1, {} end))
print(type(nothing))
