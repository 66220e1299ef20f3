-- SPDX-License-Identifier: MIT
-- an uncaught error in a local function; exit: 1
local function inner(x)
  local y = x.field.deeper
  return y
end
print("before")
inner({})
print("after")
