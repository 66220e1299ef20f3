-- SPDX-License-Identifier: MIT
-- os.time of tables: normalising, defaults, errors, fields given back
local function show(t)
  local ok, r = pcall(os.time, t)
  print(ok, r, t.year, t.month, t.day, type(t.hour) == "table" or t.hour, t.min, t.sec, t.wday, t.yday,
        t.isdst)
end
show {year = 2000, month = 1, day = 1}
show {year = 2024, month = 2, day = 30}
show {year = 2023, month = 13, day = 1, hour = 24, min = 60, sec = 60}
show {year = 2023, month = 0, day = 0, hour = -1, min = -1, sec = -1}
show {year = 1970, month = 1, day = 1, hour = 0}
show {year = 1969, month = 12, day = 31, hour = 23, min = 59, sec = 58}
show {year = 1900, month = 1, day = 1, hour = 0}
show {year = 1, month = 1, day = 1}
show {year = 9999, month = 12, day = 31}
show {year = "2020", month = "0x5", day = " 7 ", hour = "3.0"}
show {year = 2020.0, month = 5.0, day = 7.0}
show {year = 2020, month = 5}
show {year = 2020, day = 5}
show {month = 1, day = 5}
show {year = 2020, month = 5, day = 1.5}
show {year = 2020, month = "x", day = 1}
show {year = 2020, month = 1, day = 1, hour = {}}
show {year = 2020, month = 1, day = 1, min = "1.5"}
show {year = math.maxinteger, month = 1, day = 1}
show {year = math.mininteger, month = 1, day = 1}
show {year = 1 << 31, month = 1, day = 1}
show {year = (1 << 31) + 1899, month = 1, day = 1, hour = 0}
show {year = (1 << 31) + 1900, month = 1, day = 1}
show {year = -(1 << 31), month = 1, day = 1}
show {year = 2020, month = 1 << 31, day = 1}
show {year = 2020, month = (1 << 31) + 1, day = 1}
show {year = 2020, month = 1, day = (1 << 31) - 1}
show {year = 2020, month = 1, day = 1 << 31}
show {year = 2020, month = 1, day = 1, sec = -(1 << 31)}
show {year = 2020, month = 1, day = 1, sec = -(1 << 31) - 1}
show {year = 2020, month = 6, day = 1, isdst = true}
show {year = 2020, month = 6, day = 1, isdst = false}
show(setmetatable({}, {__index = function(_, k)
  return ({year = 2001, month = 2, day = 3})[k]
end}))
print(pcall(os.time, 1))
print(pcall(os.time, "now"))
for i = 1, 200 do
  local t = {year = 1800 + i * 3, month = i % 30 - 9, day = i * 7 % 90 - 30,
             hour = i % 50, min = i * 11 % 200 - 50, sec = i * 13 % 300}
  local at = os.time(t)
  local back = os.date("*t", at)
  for _, k in ipairs {"year", "month", "day", "hour", "min", "sec", "wday", "yday"} do
    if back[k] ~= t[k] then print("differs", i, k, back[k], t[k]) end
  end
  io.write(at, " ")
end
print()
print(os.time() - os.time(os.date("*t")) <= 1)
print(pcall(os.difftime), pcall(os.difftime, 1), os.difftime(5, 3))
print(pcall(os.difftime, 1.5, 1), pcall(os.difftime, "x", 1))
