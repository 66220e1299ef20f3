-- SPDX-License-Identifier: MIT
-- resume, yield and wrap called by something else than a plain call
local yield, wrap, resume, create = coroutine.yield, coroutine.wrap,
                                    coroutine.resume, coroutine.create
-- yield as the function of a coroutine, of pcall, of a metamethod
local direct = wrap(yield)
print(direct(1, 2, 3))
print(direct(4, 5))
print(pcall(direct))
local guarded = wrap(function(...) return "end", pcall(yield, ...) end)
print(guarded(1, nil, 3))
print(guarded("back", nil))
local double = wrap(function() return pcall(pcall, pcall, yield, "deep") end)
print(double())
print(double("and", "back"))
local object = setmetatable({}, {__index = yield, __add = yield, __lt = yield,
                                 __call = yield, __concat = yield})
local events = wrap(function()
  local a = object.field
  local b = object + 1
  local c = object < object
  local d = object("argument")
  local e = object .. "tail"
  return a, b, c, d, e
end)
for i = 1, 5 do print(select("#", events(i, i)), i) end
print(events("last"))
-- tail calls, any number of values in both directions
local tail = wrap(function(...) return yield(...) end)
print(select("#", tail(table.unpack({}, 1, 50))))
print(select("#", tail(table.unpack({}, 1, 60))))
local many = create(function(...) while true do yield(select("#", ...), ...) end end)
for _, n in ipairs {0, 1, 6, 7, 8, 9, 100, 250} do
  local t = table.pack(resume(many, table.unpack({}, 1, n)))
  print(n, t.n, t[1], t[2])
end
-- fewer and more results than wanted
local values = wrap(function() while true do yield(1, 2, 3) end end)
local a = values()
local b, c, d, e = values()
print(a, b, c, d, e, (values()))
values()
-- resume and wrap under protection, as iterator, as handler, as event
print(pcall(resume, create(function(x) return x, x end), 7))
print(pcall(wrap(error), "thrown"))
print(pcall(wrap(error), {}) == false)
print(xpcall(wrap(function() error("inside", 0) end), wrap(function(m)
  return "handled " .. m
end)))
for x, y in wrap(function() for i = 1, 3 do yield(i, i * i) end end) do
  print(x, y)
end
print(setmetatable({}, {__index = wrap(function(_, k)
  while true do _, k = yield(k .. "!") end
end)}).key)
local inner = wrap(function() yield(yield(1)) end)
local outer = wrap(function() yield(inner()) yield(inner("x")) return inner() end)
print(outer(), outer(), outer())
print(pcall(outer))
