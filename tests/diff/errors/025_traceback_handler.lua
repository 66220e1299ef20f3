-- SPDX-License-Identifier: MIT
-- debug.traceback as handler, first lines only
local function first(s, k)
  local out = {}
  for line in s:gmatch("[^\n]*") do
    out[#out + 1] = line
    if #out == k then break end
  end
  return table.concat(out, "|")
end
local _, tb = xpcall(function() error("oops", 0) end, debug.traceback)
print(first(tb, 3))
print(first(debug.traceback("msg"), 2))
print(first(debug.traceback("msg", 1), 2))
print(first(debug.traceback(12), 2))
print(debug.traceback({}) ~= nil, type(debug.traceback({})))
print(debug.traceback(nil) == nil, debug.traceback(print) == print)
print((debug.traceback("")):sub(1, 17) == "\nstack traceback:")
local co = coroutine.create(function() end)
print(debug.traceback(co))
print(debug.traceback(co, "in co"))
print(debug.traceback(co, nil) == debug.traceback(co))
coroutine.resume(co)
print(debug.traceback(co, "dead"))
