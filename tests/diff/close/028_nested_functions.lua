-- SPDX-License-Identifier: MIT
-- closing through calls inside loops
local function C(n) return setmetatable({}, {__close = function(_, e) io.write("<", n, e and "!" or "", ">") end}) end
local function find(list, want)
  local g <close> = C "find"
  for i, v in ipairs(list) do
    local s <close> = C(i)
    if v == want then return i end
  end
  return nil
end
io.write(tostring(find({"a", "b", "c"}, "b")), "\n")
io.write(tostring(find({"a", "b"}, "z")), "\n")
local function visit(t, depth)
  local v <close> = C(depth)
  for i = 1, #t do
    if type(t[i]) == "table" then visit(t[i], depth + 1) else io.write(t[i]) end
  end
end
visit({"a", {"b", {"c"}, "d"}, "e"}, 0)
io.write("\n")
io.write(tostring(pcall(visit, {"a", {"b", {{}, true}, "d"}, "e"}, 0)), "\n")
for i = 1, 3 do
  (function()
    local x <close> = C("x" .. i)
    if i == 2 then return end
    io.write("n")
  end)()
end
io.write("\n")
