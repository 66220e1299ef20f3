-- tostring and .. agree; integers never gain a dot, floats always show one.
for _, v in ipairs {0, -0, 1, -1, 10, 1000000, 2^31, 2^31 | 0, 1e3, 1e3 // 1, 1e3 | 0, 7 // 2, 7 / 2,
  7 // 2.0, 3 % 2, 3 % 2.0, 1e15, 1e14 + 0.5, math.maxinteger, math.maxinteger + 0.0, -1e15, 100 * 1.0, 5 - 0.0} do
  assert(tostring(v) == v .. "")
  io.write(tostring(v), " ", math.type(v), "\n")
end
print(1e15 == 10^15, tostring(1e15) == tostring(10^15), 1e15 | 0)
print(#tostring(12345.0), tostring(3) == "3", tostring(3.0) == "3")
