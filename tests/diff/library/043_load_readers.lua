-- SPDX-License-Identifier: MIT
-- load with a function that gives pieces
local function reader(...)
  local parts, i = {...}, 0
  return function() i = i + 1; return parts[i] end
end
print(load(reader("return ", "1", " + ", "2"))())
print(load(reader("ret", "urn 'sp", "lit'"))())
print(load(reader())())
print(load(reader("return 1", "", "syntax error"))())
print(load(reader("x =", " ="), "=pieces"))
print(pcall(load, function() return {} end))
print(pcall(load, function() error("in reader", 0) end))
print(load(reader("return _ENV.v"), "=e", "t", {v = "env"})())
local n = 0
print(load(function() n = n + 1; if n <= 20 then return "n" .. n .. " = " .. n .. ";" end end, "=many", "t", {}) ~= nil, n)
local src, i = "return 'one byte at a time'", 0
print(load(function() i = i + 1; if i <= #src then return src:sub(i, i) end end)())
print(load(reader("-- comment", "\nreturn ", "2"))())
print(load(reader("return [[lo", "ng\n", "x]]"))())
print(load(function() return nil end) ~= nil)
