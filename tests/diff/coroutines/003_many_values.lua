-- SPDX-License-Identifier: MIT
-- two hundred values through yield and resume
local t = {}
for i = 1, 200 do t[i] = i end
local co = coroutine.create(function(...)
  local n = 0
  for i = 1, select("#", ...) do n = n + (select(i, ...)) end
  local back = table.pack(coroutine.yield(n, ...))
  return back.n, table.unpack(back, 1, back.n)
end)
local r = table.pack(coroutine.resume(co, table.unpack(t)))
print(r.n, r[1], r[2], r[3], r[202])
r = table.pack(coroutine.resume(co, table.unpack(t, 1, 150)))
print(r.n, r[1], r[2], r[3], r[152])
print(coroutine.status(co))
r = table.pack(coroutine.resume(co))
print(r.n, r[1], r[2])
local w = coroutine.wrap(function(...) return ... end)
print(select("#", w(table.unpack(t))))
