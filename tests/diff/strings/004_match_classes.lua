-- Each character class and its complement, over ASCII.
local classes = "acdglpsuwx"
for c in classes:gmatch "." do
  local n, m, first, last = 0, 0
  for b = 0, 127 do
    if string.char(b):match("%" .. c) then n = n + 1 first = first or b last = b end
    if string.char(b):match("%" .. c:upper()) then m = m + 1 end
  end
  print(c, n, m, first, last)
end
print(("a1 B2\t_!"):gsub("%a", "L"), ("a1 B2\t_!"):gsub("%W", "."))
print(("\0\1\127"):gsub("%c", "c"), ("tab\tnl\n"):gsub("%s", "_"))
print(("%%%"):gsub("%%", "p"), ("a.b"):gsub("%.", "!"), ("x^y$z"):gsub("[%^%$]", "-"))
print(("Zz09_"):match("^%u%l%d%d%p$"), ("dead BEEF g"):gsub("%x+", "H"))
