-- SPDX-License-Identifier: MIT
-- numbers through text and back
local function trip(x) return tonumber(tostring(x)) == x and math.type(tonumber(tostring(x))) == math.type(x) end
print(trip(0), trip(-1), trip(math.maxinteger), trip(math.mininteger))
print(trip(0.0), trip(-0.0), trip(1.5), trip(1e100), trip(0.1))
print(trip(1 / 3), trip(2^53), trip(2^63), trip(-2^63))
print(trip(1e15), trip(123456789012345.0))
local function full(x) return tonumber(("%.17g"):format(x)) == x end
print(full(0.1), full(1 / 3), full(math.pi), full(1e-310), full(5e-324), full(2^1023))
local function hex(x) return tonumber(("%a"):format(x)) == x end
print(hex(0.1), hex(1 / 3), hex(-1e300), hex(2^-1074), hex(0.0))
print(tonumber(tostring(math.huge)), tonumber("inf"), tonumber("nan"))
print(math.tointeger(tonumber("0x7fffffffffffffff")))
print(tonumber(("%d"):format(math.mininteger)) == math.mininteger)
print(load("return " .. tostring(math.mininteger))())
print(math.type(load("return " .. tostring(math.mininteger))()))
