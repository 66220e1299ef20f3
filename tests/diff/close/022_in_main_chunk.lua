-- SPDX-License-Identifier: MIT
-- values of a chunk close when it returns
local function C(n) return setmetatable({}, {__close = function(_, e) print("close " .. n, e) end}) end
local chunk = load("local C = ...; local x <close> = C 'loaded'; return 1, 2")
print(chunk(C))
print(pcall(load("local C = ...; local x <close> = C 'failing'; error('E', 0)"), C))
local a <close> = C "main a"
local b <close> = C "main b"
print("end of chunk")
