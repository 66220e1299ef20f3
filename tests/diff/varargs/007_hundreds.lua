-- SPDX-License-Identifier: MIT
-- more than two hundred values
local t = {}
for i = 1, 250 do t[i] = i end
local function count(...) return select("#", ...) end
local function last(...) return (select(-1, ...)) end
local function pass(...) return ... end
print(count(table.unpack(t)))
print(last(table.unpack(t)))
print(count(pass(table.unpack(t))))
print(#{table.unpack(t)})
print(#{0, table.unpack(t)})
print(count(1, 2, 3, pass(table.unpack(t))))
print(math.max(table.unpack(t)))
print(#string.char(table.unpack(t)))
local p = table.pack(pass(pass(table.unpack(t))))
print(p.n, p[1], p[125], p[250])
local a, b, c = table.unpack(t, 248)
print(a, b, c)
local function many(a, b, c, ...) return c, ... end
print(count(many(table.unpack(t))), (many(table.unpack(t))))
print(count(table.unpack(t, 1, 100), table.unpack(t, 1, 100)))
print(select("#", pcall(pass, table.unpack(t))))
