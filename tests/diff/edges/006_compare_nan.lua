-- SPDX-License-Identifier: MIT
-- nothing compares with NaN
local nan = 0 / 0
local max, min = math.maxinteger, math.mininteger
print(nan == nan, nan ~= nan, nan < nan, nan <= nan, nan > nan, nan >= nan)
print(nan == 1, nan < 1, nan > 1, nan <= 1, nan >= 1, nan ~= 1)
print(1 == nan, 1 < nan, 1 > nan, 1 <= nan, 1 >= nan)
print(max < nan, max > nan, min <= nan, min >= nan)
print(nan < math.huge, nan > -math.huge)
print(not (nan < 1), not (nan >= 1))
local t = {}
print(pcall(function() t[nan] = 1 end))
print(t[nan], rawequal(nan, nan))
print(math.tointeger(nan), pcall(math.floor, nan) ~= nil)
print(nan // 1 ~= nan // 1, nan % 2 ~= nan % 2, nan ^ 0, 1 ^ nan)
print(math.max(1, 2) == 2, math.huge - math.huge ~= 0)
if nan then print("NaN is true") end
local n = 0
for i = 1, nan do n = n + 1 end
for i = nan, 1 do n = n + 1 end
print(n)
print(pcall(string.format, "%d", nan))
print(pcall(function() return nan | 0 end))
