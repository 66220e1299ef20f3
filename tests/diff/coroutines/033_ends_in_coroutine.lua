-- SPDX-License-Identifier: MIT
-- an uncaught error that passed through wrap; exit: 1
local w = coroutine.wrap(function() error("from the coroutine", 0) end)
print("before")
w()
print("after")
