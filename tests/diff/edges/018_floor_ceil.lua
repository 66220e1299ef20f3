-- SPDX-License-Identifier: MIT
-- math.floor and math.ceil
for _, x in ipairs {3.7, -3.7, 3.0, -3.0, 0.5, -0.5, 5, -5, 2^52 + 0.5, 1e15, 1e19, -1e19} do
  print(x, math.floor(x), math.ceil(x), math.type(math.floor(x)), math.type(math.ceil(x)))
end
print(math.floor(math.huge), math.ceil(-math.huge))
print(math.floor(2^62), math.floor(2^63), math.floor(-2^63), math.ceil(2^63))
print(math.floor("3.7"), math.ceil("3"), math.floor("0x10"))
print(math.floor(-0.0), 1 / math.ceil(-0.5))
print(math.floor(math.maxinteger), math.ceil(math.mininteger))
print(math.floor(1e308) == 1e308)
