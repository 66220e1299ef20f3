-- SPDX-License-Identifier: MIT
-- type and math.type of everything
print(type(1), type("s"), type(nil), type(true), type({}), type(print), type(coroutine.create(print)), type(io.stdout))
print(math.type(1), math.type(1.0), math.type("1"), math.type(nil), math.type({}))
print(pcall(type))
print(type(type), type(type(nil)), type(nil) == "nil")
print(math.type(2^31), math.type(1 // 1), math.type(1 / 1), math.type(3 % 2.0))
print(_VERSION, type(_G), _G._G == _G)
local names = {}
for k in pairs(string) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
names = {}
for k in pairs(table) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
names = {}
for k in pairs(coroutine) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
names = {}
for k in pairs(utf8) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
