-- SPDX-License-Identifier: MIT
-- an uncaught error that passed through wrap
local w = coroutine.wrap(function() error("from the coroutine", 0) end)
print("before")
w()
print("after")
