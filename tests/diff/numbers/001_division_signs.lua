-- // and % round towards minus infinity, for each pair of signs.
for _, p in ipairs {{7, 3}, {-7, 3}, {7, -3}, {-7, -3}, {6, 3}, {-6, 3}, {6, -3}, {0, 5}, {0, -5}} do
  local a, b = p[1], p[2]
  print(a, b, a // b, a % b, (a // b) * b + a % b == a)
  local x, y = a + 0.0, b + 0.0
  print(x, y, x // y, x % y, a // y, x % b)
end
print(5.5 // 2, 5.5 % 2, -5.5 // 2, -5.5 % 2, 5.5 % -2, -5.5 % -2)
print(1e15 % 7, -1e15 % 7, 2^53 % 3, 0.5 % 0.25, -0.5 % 0.3 > 0)
