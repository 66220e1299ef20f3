-- %d %i %u-less %c %x %X %o with flags, width and precision.
local f = string.format
print(f("%d|%5d|%-5d|%05d|%+d|% d|%+5d|%-+5d|", 42, 42, 42, 42, 42, 42, 42, 42))
print(f("%d|%5d|%-5d|%05d|%+d|% d|", -42, -42, -42, -42, -42, -42))
print(f("%.3d|%8.3d|%-8.3d|%.0d|%.10d|", 7, 7, 7, 0, -7))
print(f("%x|%X|%#x|%#X|%08x|%-8x|%.4x|", 255, 255, 255, 255, 255, 255, 255))
print(f("%o|%#o|%5o|", 8, 8, 8), f("%x", -1), f("%o", -1), f("%X", math.mininteger))
print(f("%d %d", math.maxinteger, math.mininteger), f("%i", 3.0), f("%d", "10"), f("%x", 16.0))
print(f("%c%c%c", 72, 105, 0):byte(1, -1), f("%5c|%-5c|", 65, 66))
print(f("%%"), f("100%%"), f("%d%%", 50), f(""), f("no specs", 1, 2, 3))
print(f("%s %d %s", "a", 1, "b"), f("%3d|%3d|", 1, 1000), f("%1d", 12345))
for _, spec in ipairs {"%", "%y", "%10", "%123d", "%.123d", "%d %d", "%0-+ #0d", "%#d", "%ll", "%5%"} do
  print(spec, select(2, pcall(f, spec, 1)))
end
