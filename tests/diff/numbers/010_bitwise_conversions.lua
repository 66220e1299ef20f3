-- Operands: floats with integral values are converted, strings are not.
print(3.0 & 1, 2^53 | 0, 1e3 ~ 0, ~2.0, 4.0 << 1, 1 << 2.0)
local function try(f, ...) print(select(2, pcall(f, ...))) end
local function band(a, b) return a & b end
local function shl(a, b) return a << b end
local function bnot(a) return ~a end
try(band, 1.5, 1)
try(band, 1, 2^63)
try(band, 1, math.huge)
try(band, "15", 1)
try(band, 1, "15")
try(band, 1.5, "1")
try(bnot, "5")
try(shl, "1", "2")
try(function(x) return x | 4 end, "8")
try(function(x) return 4 ~ x end, "8")
try(function(x) return x >> 1 end, 2.5)
try(function(x) return 1 >> x end, 2^64)
try(band, "abc", 1)
try(band, {}, 1)
try(band, 1, nil)
try(shl, 1, 0.5)
try(shl, true, 1)
try(bnot, 1.25)
try(bnot, "x")
try(bnot, print)
