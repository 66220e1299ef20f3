-- SPDX-License-Identifier: MIT
-- round robin of several tasks
local tasks, log = {}, {}
local function spawn(name, n)
  tasks[#tasks + 1] = {name = name, co = coroutine.create(function()
    for i = 1, n do
      log[#log + 1] = name .. i
      local msg = coroutine.yield()
      if msg == "stop" then return "stopped" end
    end
    if name == "c" then error("c failed", 0) end
    return "finished"
  end)}
end
spawn("a", 3) spawn("b", 1) spawn("c", 2) spawn("d", 9)
local round = 0
while #tasks > 0 do
  round = round + 1
  for i = #tasks, 1, -1 do
    local t = tasks[i]
    local ok, r = coroutine.resume(t.co, round > 4 and "stop" or nil)
    if coroutine.status(t.co) == "dead" then
      print(round, t.name, ok, r)
      table.remove(tasks, i)
    end
  end
end
print(table.concat(log, " "))
