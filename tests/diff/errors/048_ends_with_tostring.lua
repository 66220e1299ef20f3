-- SPDX-License-Identifier: MIT
-- an uncaught error that can be printed; exit: 1
print("before")
error(setmetatable({}, {__tostring = function() return "custom text" end}))
