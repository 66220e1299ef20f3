-- SPDX-License-Identifier: MIT
-- character classes
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
all = table.concat(all)
for c in ("acdglpsuwx"):gmatch(".") do
  local n, m = select(2, all:gsub("%" .. c, "")), select(2, all:gsub("%" .. c:upper(), ""))
  print(c, n, m, n + m)
end
print(select(2, all:gsub(".", "")), select(2, all:gsub("%z", "")), select(2, all:gsub("[%w_]", "")))
print(("hello World 42"):gsub("%a", "x"), ("hello World 42"):gsub("%A", "."))
print(("a,b;c d"):gsub("%p", "-"), ("tab\there"):gsub("%c", "?"), ("aBc"):gsub("%u", "<%0>"))
print(("f%o%"):gsub("%%", "/"), ("a.b"):gsub("%.", "!"), ("é"):gsub("%a", "x"))
