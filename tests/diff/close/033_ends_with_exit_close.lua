-- SPDX-License-Identifier: MIT
-- os.exit with true closes the state; exit: 3
local a <close> = setmetatable({}, {__close = function(_, e) print("closed", e) end})
print("before")
os.exit(3, true)
