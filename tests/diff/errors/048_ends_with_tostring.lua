-- SPDX-License-Identifier: MIT
-- an uncaught error that can be printed
print("before")
error(setmetatable({}, {__tostring = function() return "custom text" end}))
