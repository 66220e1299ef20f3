-- Numerals given to functions of numbers: floats, as no integer was given.
local function show(...)
  local out = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    out[i] = (math.type(v) or type(v)) .. " " .. tostring(v)
  end
  print(table.concat(out, ", "))
end
show(math.fmod(7, 3), math.fmod("7", 3), math.fmod(7, "3"), math.fmod("7", "3"))
show(math.fmod(-7, 3), math.fmod(-7.5, 2), math.fmod("0x10", 3))
show(math.abs("-2"), math.abs("-2.5"), math.abs(-2), math.abs("9223372036854775807"))
show(math.floor("2"), math.floor("2.5"), math.floor("9223372036854775807"))
show(math.ceil("2"), math.ceil("-2.5"), math.ceil("-9223372036854775808"))
show(math.modf(3.7))
show(math.modf(-3.7))
show(math.modf(-0.5))
show(math.modf(5))
show(math.modf("5"))
show(math.modf("5.25"))
show(math.modf(2^62))
show(math.modf(2^63))
show(math.modf(math.huge))
show(math.modf(-math.huge))
print(pcall(math.fmod, 1, 0), pcall(math.modf, "x"))
