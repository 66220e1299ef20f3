-- SPDX-License-Identifier: MIT
-- protected calls of what cannot be called
print(pcall(nil))
print(pcall(1))
print(pcall("s"))
print(pcall({}))
print(pcall(true, 1, 2))
print(pcall(setmetatable({}, {__call = function(_, a) return "ok", a end}), 9))
print(xpcall(nil, function(m) return "H:" .. m end))
print(xpcall({}, function(m) return "H:" .. m end, 1))
print(pcall(xpcall))
print(pcall(xpcall, print))
print(pcall(xpcall, print, nil))
