-- Numerals the grammar allows, each as integer or float.
local function show(...)
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    print(i, v, math.type(v))
  end
end
show(0, 00, 007, 3, 345, 3., 3.0, .5, 0., 3.1416)
show(314.16e-2, 0.31416E1, 34e1, 1e2, 1E+2, 1e-2, .5e1, 5.e1)
show(0xff, 0XFF, 0xBEBADA, 0x0.1E, 0xA23p-4, 0X1.921FB54442D18P+1)
show(0x.8, 0x8., 0xA.8p0, 0x1p4, 0x1P-4, 0x.1p4, 0xep1, 0xe1)
