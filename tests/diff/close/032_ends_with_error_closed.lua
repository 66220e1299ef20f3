-- SPDX-License-Identifier: MIT
-- an uncaught error still closes; exit: 1
local a <close> = setmetatable({}, {__close = function(_, e) print("closed with", e:match("^[^\n]*")) end})
print("before")
error("uncaught", 0)
