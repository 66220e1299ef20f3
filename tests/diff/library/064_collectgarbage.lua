-- SPDX-License-Identifier: MIT
-- options with certain results
print(math.type(collectgarbage("count")), collectgarbage("count") > 0)
print(collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"))
print(collectgarbage("restart"), collectgarbage("isrunning"))
print(collectgarbage(), collectgarbage("collect"))
print(pcall(collectgarbage, "bad"))
print(pcall(collectgarbage, 5))
local weak = setmetatable({}, {__mode = "k"})
weak[{}] = 1
collectgarbage()
print(next(weak))
local wv = setmetatable({}, {__mode = "v"})
wv[1] = {}
wv[2] = "strings stay"
collectgarbage()
print(wv[1], wv[2])
