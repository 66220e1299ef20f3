-- A chunk may come in pieces that cut tokens in two.
local function from(pieces)
  local i = 0
  return load(function() i = i + 1 return pieces[i] end, "=pieces")
end
print(from {"return ", "1", "2", "3"}())
print(from {"ret", "urn 'a", "b", "c'"}())
print(from {"return 1 ", "-", "-", " comment\n", "+ 2"}())
print(from {"return [", "=", "[x]", "]y]", "=]"}())
print(from {"return '\\", "x4", "1\\", "6", "6'"}())
print(from {"return 1.", "5e", "1"}())
print(from {"return 2 <", "< 3, 2 <", "= 3"}())
print(from {"return 1 .", ".", " 2"}())
print(from {"return 5", "", "6"}())
print(type(from {}), pcall(from {}))
print(from {"return '", "\\z ", "\n  ", "z'"}())
print(pcall(load, function() return 1 end and function() error("in reader", 0) end))
print(pcall(load, function() return {} end))
local s, n = "return 'one by one', #[[four]]", 0
print(load(function() n = n + 1 return s:sub(n, n) end)())
