-- floor and ceil give integers where those fit, floats where they do not.
for _, x in ipairs {0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.0, 1e15 + 0.5, 2^53, 2^62, 2^63, -2^63, 1e100, -1e100,
  math.huge, -math.huge, math.maxinteger, math.mininteger} do
  local f, c = math.floor(x), math.ceil(x)
  print(x, f, math.type(f), c, math.type(c))
end
print(math.floor("3.7"), math.ceil("3.2"), pcall(math.floor, "x"))
print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(-7, -3), math.fmod(7.5, 2), math.fmod(-7.5, 2))
print(pcall(math.fmod, 1, 0))
print(math.fmod(math.mininteger, -1), math.fmod(5, math.mininteger), math.fmod(1, math.huge))
