-- SPDX-License-Identifier: MIT
-- traceback and getinfo of a suspended coroutine
local function leaf() coroutine.yield() end
local function stem() leaf() end
local co = coroutine.create(function() stem() end)
coroutine.resume(co)
local lines = {}
for l in debug.traceback(co):gmatch("[^\n]+") do lines[#lines + 1] = l end
print(lines[1])
print(#lines)
print(lines[2])
print(debug.getinfo(co, 1, "l").currentline)
print(debug.getinfo(co, 2, "l").currentline)
print(debug.getinfo(co, 3, "l").currentline)
print(debug.getinfo(co, 4, "l"))
print(debug.getinfo(co, 0, "S").what)
print(debug.getinfo(co, 1, "S").short_src == debug.getinfo(1, "S").short_src)
