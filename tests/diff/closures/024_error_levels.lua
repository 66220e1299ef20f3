-- error with levels, error values of each type, rethrown errors, assert.
local function thrower(level) error("msg", level) end
local function caller(level)
  thrower(level)
end
for level = 0, 3 do print(level, select(2, pcall(caller, level))) end
for _, v in ipairs {1, 1.5, true, "s"} do print(pcall(error, v)) print(pcall(function() error(v) end)) end
print(pcall(error)) print(pcall(error, nil)) print(select("#", pcall(error, nil)))
local tbl = {code = 1}
local ok, e = pcall(error, tbl) print(ok, e == tbl, e.code)
print(pcall(function() local ok, e = pcall(error, "inner", 0) error("outer(" .. e .. ")", 0) end))
print(pcall(function() assert(false) end)) print(pcall(function() assert(nil, "assert msg") end)) print(pcall(assert, false, 5)) print(pcall(assert))
print(assert(1, "unused", 3), select("#", assert(1, nil, nil)), (assert("v")))
print(select(2, pcall(assert, false, tbl)) == tbl)
print(xpcall(function(a, b) return a + b end, print, 3, 4))
print(xpcall(function() error("x", 0) end, function(m) return m .. " handled", "dropped" end))
print(xpcall(function() local n = nil n() end, function(m) return (m:gsub("^.-:%d+: ", "")) end))
print(xpcall(function() error("first", 0) end, function(m) return pcall(error, m .. " nested", 0) end))
print(pcall(pcall)) print(pcall(pcall, error, "e")) print(pcall(xpcall)) print(select("#", pcall(function() end)))
local depth = 0 local function deep() depth = depth + 1 if depth < 50 then return (select(2, pcall(deep))) .. "." end error("bottom", 0) end
print(#select(2, pcall(deep)), depth)
print(pcall(string.rep)) print(pcall(function() string.rep() end)) print(pcall(function() ("x"):rep({}) end)) print(pcall(function() return #1 end))
