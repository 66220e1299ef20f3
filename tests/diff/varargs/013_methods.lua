-- SPDX-License-Identifier: MIT
-- self and varargs
local o = {n = 0}
function o:add(...)
  for _, v in ipairs {...} do self.n = self.n + v end
  return self, ...
end
function o.static(...) return select("#", ...), ... == o end
print(select("#", o:add(1, 2)))
print(o.n)
print(select(2, o:add()))
print(o:static())
print(o:static(1, 2))
print(o.static())
print(o:add(5):add(6).n)
local mt = setmetatable({}, {__call = function(self, ...) return select("#", ...), ... end})
print(mt())
print(mt(nil))
print(mt(1, nil, nil))
print(mt(mt(1, 2)))
local s = ("%s-%s"):format((" a b "):match("(%a) (%a)"))
print(s)
local idx = setmetatable({}, {__index = function(...) return select("#", ...) end})
print(idx.x, idx[1])
