-- Sums of floats, and integer sums that turn into floats.
local s = 0
for i = 1, 10 do s = s + 0.1 end
print(s, s == 1, string.format("%.17g", s))
local n = 0
for i = 1, 100 do n = n + i end
print(n, n / 1, n // 1, n + 0.0)
local x = 1
for i = 1, 60 do x = x / 2 end
print(x, string.format("%a", x), x * 2^60)
local h = 0
for i = 1, 20 do h = h + 1 / i end
print(h, string.format("%.10f", h))
print(0.1 + 0.2, 0.1 + 0.2 == 0.3, 1 - 0.9, 1e16 + 1, 2^53 + 1, 3 * 1.1)
print(100 * 1.1, 4.35 * 100, 1.005 * 1000, 1e23, 1e22, 123456.789e3)
local hash = 5381
for c in ("integer hash"):gmatch "." do hash = (hash << 5) + hash + c:byte() end
print(hash, hash & 0xffffffff, hash % 1000003)
local lcg = 42
for _ = 1, 5 do
  lcg = lcg * 6364136223846793005 + 1442695040888963407
  print(lcg, lcg >> 33, lcg % 100)
end
