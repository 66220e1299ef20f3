-- SPDX-License-Identifier: MIT
-- an uncaught error in a local function
local function inner(x)
  local y = x.field.deeper
  return y
end
print("before")
inner({})
print("after")
