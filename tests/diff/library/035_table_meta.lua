-- SPDX-License-Identifier: MIT
-- table functions honour metamethods
local log
local function proxy(t)
  log = {}
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "r" .. tostring(k); return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = "w" .. tostring(k); t[k] = v end,
    __len = function() log[#log + 1] = "#"; return #t end,
  })
end
local function report(...) print(table.concat(log, " "), ...) end
local t = {1, 2, 3}
local p = proxy(t)
table.insert(p, 4) report(#t)
p = proxy(t) table.insert(p, 1, 0) report(t[1])
p = proxy(t) report(table.remove(p))
p = proxy(t) report(table.remove(p, 1))
p = proxy(t) report(table.concat(p, ","))
p = proxy(t) report(table.unpack(p))
p = proxy(t) report(table.unpack(p, 2, 3))
p = proxy(t) table.move(p, 1, 3, 2) report(t[4])
p = proxy(t) table.move(p, 2, 4, 1) report(t[1])
p = proxy(t) report(#p, next(p), rawlen(p))
t = {3, 1, 2}
p = proxy(t) table.sort(p) log = {} report(table.concat(t, " "), next(p))
p = proxy({"a", "b"})
for i, v in ipairs(p) do log[#log + 1] = v end
report()
