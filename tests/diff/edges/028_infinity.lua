-- SPDX-License-Identifier: MIT
-- arithmetic with infinity
local inf = math.huge
print(inf, -inf, inf + 1, inf - 1, inf * 2, inf * -1, inf / 2)
print(inf == inf, inf == -inf, inf > math.maxinteger, -inf < math.mininteger)
print(1 / inf, -1 / inf, 0 / inf, inf ^ 2, inf ^ -2)
print(inf // 2, inf // -2, 5 // inf, -5 // inf)
print(math.floor(2.5) + inf, math.max(inf, 1), math.min(-inf, 1))
print(inf .. "", tostring(-inf), ("%f %g %e"):format(inf, -inf, inf))
print(("%.3f %5.1f|%-6.0f|"):format(inf, inf, inf))
print(pcall(string.format, "%d", inf))
print(math.tointeger(inf), pcall(function() return inf | 0 end))
print((inf - inf) ~= (inf - inf), (inf * 0) ~= (inf * 0), (inf / inf) ~= (inf / inf))
print(math.sqrt(inf), math.exp(-inf), math.log(inf), math.abs(-inf))
print(1e308 * 10 == inf, -1e308 * 10 == -inf, 2^1024 == inf)
