-- SPDX-License-Identifier: MIT
-- %f, %e, %g with flags, widths and precisions
local f = string.format
print(f("%f %f %f", 1, 1.5, -2.25))
print(f("%.0f %.1f %.2f %.10f", 2.5, 0.25, 1.005, 0.1))
print(f("%10.2f|%-10.2f|%010.2f|%+.2f|% .2f", 3.14159, 3.14159, -3.14159, 3.14159, 3.14159))
print(f("%e %E %.0e %.3e", 12345.678, 12345.678, 12345.678, 0))
print(f("%g %G %.3g %.10g", 1e20, 1e-10, 1234567, 1234567))
print(f("%g %g %g %g", 100000, 1000000, 0.0001, 0.00001))
print(f("%#g %#.3g %#.0f %#.0e", 1, 1, 1, 1))
print(f("%.14g %.17g %.99f", 0.1, 0.1, 0.5):sub(1, 60))
print(f("%f", 1e15), f("%.3f", 2^53), f("%.0f", 1e22))
print(f("%5.1f|%-8.3e|%+g", -0.0, -0.0, 0.0))
print(f("%f %e %g", 1 / 0, -1 / 0, 1 / 0))
print(f("%10f|%-10f|%+f", 1 / 0, 1 / 0, 1 / 0))
print(f("%f", "1.5"), f("%g", "0x10"), f("%.1f", 7))
print(pcall(f, "%f", "x"))
print(pcall(f, "%.100f", 1))
print(pcall(f, "%100f", 1))
