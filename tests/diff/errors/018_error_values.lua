-- SPDX-License-Identifier: MIT
-- errors that are no strings
local function catch(...)
  local ok, e = pcall(error, ...)
  return ok, math.type(e) or type(e), e
end
print(catch(nil))
print(catch())
print(catch(false))
print(catch(1))
print(catch(1.5))
print(catch("text", 0))
local t = {code = 7}
local ok, e = pcall(error, t)
print(ok, e == t, e.code)
local ok2, e2 = pcall(function() error(t, 2) end)
print(ok2, e2 == t)
print(select("#", pcall(error)))
print(select("#", pcall(error, nil, 1)))
local ok3, f = pcall(error, print)
print(ok3, f == print)
local ok4, n = pcall(function() error(42) end)
print(ok4, n, math.type(n))
