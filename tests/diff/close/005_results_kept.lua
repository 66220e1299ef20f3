-- SPDX-License-Identifier: MIT
-- what the closing function returns is dropped
local function C(...)
  local r = table.pack(...)
  return setmetatable({}, {__close = function() return table.unpack(r, 1, r.n) end})
end
local function f(...) local x <close> = C("dropped", "all"); return ... end
print(f())
print(f(1))
print(f(1, nil, 3, nil))
print(select("#", f(nil, nil)))
print((f(1, 2)))
local function g() local x <close> = C(1, 2, 3); return f(4, 5) end
print(g())
local t = {f(1, 2), f(1, 2)}
print(#t)
local function h(n) local x <close> = C(n); if n == 0 then return "base" end return h(n - 1), n end
print(h(4))
