-- SPDX-License-Identifier: MIT
-- where strings become numbers and where not
local function try(f, ...) print(pcall(f, ...)) end
try(string.rep, "x", "3")
try(string.rep, "x", " 3 ")
try(string.rep, "x", "3.0")
try(string.rep, "x", "abc")
try(math.floor, "2.5")
try(math.floor, "")
try(string.char, "65", "0x42")
try(table.concat, {"1", 2}, 3)
try(string.sub, 12345, "2", "3")
try(string.format, "%d", "42")
try(string.format, "%5.1f", "2.25")
try(string.format, "%s", 42)
try(function() for i = 1, 2 do if i == "1" then return "equal" end end return "different" end)
local t = {[1] = "int", ["1"] = "str"}
print(t[1], t["1"], t[tonumber "1"])
print(1 == "1", "1" == 1, 1 ~= "1")
try(function() return 1 < "2" end)
try(function() return "10" + "5" .. "" end)
try(rawlen, "x")
print(#"12" + "12", ("5"):rep("2") + 1)
