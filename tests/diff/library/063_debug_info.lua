-- SPDX-License-Identifier: MIT
-- debug.getinfo of functions with known lines
local function f(a, b, ...)
  local c = 1
  return debug.getinfo(1, "nSlu")
end
local i = f()
print(i.name, i.namewhat, i.what, i.linedefined, i.lastlinedefined, i.currentline)
print(i.nparams, i.isvararg, i.nups > 0, i.source:sub(1, 1), i.short_src ~= nil)
i = debug.getinfo(print)
print(i.what, i.currentline, i.linedefined, i.short_src, i.source, i.nparams, i.isvararg)
i = debug.getinfo(1, "S")
print(i.what, i.linedefined, i.lastlinedefined)
print(debug.getinfo(100), pcall(debug.getinfo, 1, "?"))
print(pcall(debug.getinfo, "x"))
local function names(a, b)
  local x <const>, y = {}, 2
  local n = {}
  for k = 1, 10 do
    local name = debug.getlocal(1, k)
    if not name then break end
    if not name:find("^%(") then n[#n + 1] = name end
  end
  return table.concat(n, " ")
end
print(names())
print(debug.getlocal(names, 1), debug.getlocal(names, 2), debug.getlocal(names, 3))
local up1, up2 = 1, 2
local function ups() return up1 + up2 end
print(debug.getupvalue(ups, 1))
print(debug.getupvalue(ups, 2))
print(debug.setupvalue(ups, 1, 10), ups(), up1)
print(debug.gethook())
