-- SPDX-License-Identifier: MIT
-- calls and constructors written with hundreds of values
local list, names = {}, {}
for i = 1, 240 do list[i] = tostring(i) end
for i = 1, 120 do names[i] = "v" .. i end
local text = table.concat(list, ",")
print(load("return select('#', " .. text .. ")")())
print(#load("return {" .. text .. "}")())
print(#load("return {" .. text .. "," .. text .. "," .. text .. "}")())
print(load("local function f(...) return ... end return select(-1, f(" .. text .. "))")())
local params = table.concat(names, ",")
local f = load("return function(" .. params .. ", ...) return v1, v60, v120, ... end")()
print(f(table.unpack(list)) == "1")
print(select("#", f(table.unpack(list))))
print(select(2, f(table.unpack(list, 1, 60))))
local g = load("local " .. params .. " = ... return v1, v119, v120")
print(g(table.unpack(list)))
print(g(1))
print(load("local t = {} " .. "t.a, t.b, t.c = " .. text .. " return t.a, t.b, t.c")())
