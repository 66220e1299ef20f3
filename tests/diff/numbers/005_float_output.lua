-- Floats print with %.14g and a ".0" when they look like integers.
for _, x in ipairs {1.0, -1.0, 0.0, 100.0, 1e14, 1e15, 1e16, 123456789012345.0,
  1e100, -1e100, 2^53, 2^63, 2^64, -2^63, 0.1, 1/3, 2/3, 1e-5, 1e-4, 123e-7,
  3.14159265358979, 99999999999999.9, 999999999999999.9, 1e21, 12345.678e10,
  5e-324, 1.7976931348623157e308, math.pi, -math.pi * 1e10} do
  io.write(tostring(x), " ", x .. "", " ", string.format("%.17g", x), "\n")
end
