-- SPDX-License-Identifier: MIT
-- an uncaught error of an operation in the main chunk; exit: 1
print("before")
local t = {}
t.x.y = 1
print("after")
