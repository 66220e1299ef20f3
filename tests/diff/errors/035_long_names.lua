-- SPDX-License-Identifier: MIT
-- long chunk names and strings in messages
local function try(src, name)
  local f, m = load(src, name)
  if not f then print("L", m) else print("R", select(2, pcall(f))) end
end
try("x.y = 1", "=short")
try("x.y = 1", "@file.lua")
try("x.y = 1", "x.y = 1")
try("x.y = 1\nlocal z", nil)
try("\n\nx.y = 1", "first line\nsecond")
try("x.y = 1", "=" .. ("n"):rep(80))
try("x.y = 1", "@" .. ("p"):rep(40) .. "/" .. ("q"):rep(40))
try(("x = 1; "):rep(20) .. " x.y = 1", nil)
try("x = = 1", "=short")
try("x = = 1", "@file.lua")
try("x = = 1")
try("\n\n x = = 1")
try("x = '" .. ("s"):rep(90) .. "' '", "=s")
try("return " .. ("a"):rep(60) .. ".b", "=s")
try("error('in chunk')", "=(my)")
try("error('in chunk')", "")
