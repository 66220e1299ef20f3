-- SPDX-License-Identifier: MIT
-- the line inside nested functions in arguments
local function run(f) return f() end
print(pcall(run, function()
  local x = 1
  run(function()
    x = x + 1
    run(function()
      x = x .. {}
    end)
  end)
end))
print(pcall(
  run,
  function()
    return
      nosuch
        .field
  end
))
local ok, m = pcall(load(("\n"):rep(300) .. "error 'far'", "=far"))
print(m)
local ok2, m2 = pcall(load(("local x = 1\n"):rep(150) .. "x()", "=many"))
print(m2)
local ok3, m3 = pcall(load("local x\n" .. ("\n"):rep(200) .. "x = 1\n" .. ("\n"):rep(200) .. "x.y.z = 1", "=gaps"))
print(m3)
