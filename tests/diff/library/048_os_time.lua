-- SPDX-License-Identifier: MIT
-- times from tables
local function utc(t) return os.time(t) - os.time {year = 1970, month = 1, day = 2, hour = 0} + 86400 end
print(utc {year = 2000, month = 1, day = 1, hour = 0})
print(utc {year = 2000, month = 1, day = 1} - utc {year = 2000, month = 1, day = 1, hour = 0})
print(utc {year = 2001, month = 1, day = 1} - utc {year = 2000, month = 1, day = 1})
local t = {year = 2021, month = 14, day = -3, hour = 25, min = 61, sec = 61}
os.time(t)
print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday)
t = {year = "2020", month = "2", day = "30"}
os.time(t)
print(t.year, t.month, t.day, t.hour)
print(pcall(os.time, {year = 2000}))
print(pcall(os.time, {year = 2000, month = 1}))
print(pcall(os.time, {year = 2000, month = "x", day = 1}))
print(pcall(os.time, {year = 2000, month = 1.5, day = 1}))
print(pcall(os.time, {year = 1e10, month = 1, day = 1}))
print(pcall(os.time, {year = 2^33 | 0, month = 1, day = 1}))
print(pcall(os.time, 5))
print(math.type(os.time()), os.time() > 1e9)
print(os.difftime(10, 4), os.difftime(4, 10), math.type(os.difftime(2, 1)))
print(math.type(os.clock()), os.clock() >= 0)
