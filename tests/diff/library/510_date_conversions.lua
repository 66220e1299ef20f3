-- SPDX-License-Identifier: MIT
-- every conversion of os.date, over many days and years, in UTC
local all = {"%a %A %b %B %c", "%C %d %D %e %F", "%g %G %h %H %I", "%j %m %M",
             "%p %r %R %S", "%T %u %U %V", "%w %W %x %X", "%y %Y %z %Z %%|%n|%t|",
             "%Ec %EC %Ex %EX %Ey %EY", "%Od %Oe %OH %OI %Om %OM %OS",
             "%Ou %OU %OV %Ow %OW %Oy"}
for _, t in ipairs {0, -1, 1, 59, 3600, 86399, 86400, 951782399, 951782400, 1e9,
                    2^31, 4102444800, -2208988800, -5000000000, 253402300799} do
  for _, f in ipairs(all) do io.write(os.date("!" .. f, t | 0), " | ") end
  print()
end
for y = 0, 40 do
  for d = -4, 4 do
    io.write(os.date("!%G-%V-%u %U %W %j %g; ", 946684800 + y * 31557600 + d * 86400))
  end
  print()
end
for h = 0, 23 do io.write(os.date("!%I%p ", h * 3600)) end
print()
for y = 1000, 9000, 500 do
  local d = os.date("!*t", (y - 1970) * 31556952)
  print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
end
print(os.date("!plain text"), os.date("!", 5), os.date("!%%%%", 0))
print(pcall(os.date, "%"))
print(pcall(os.date, "!%E"))
print(pcall(os.date, "!%E%"))
print(pcall(os.date, "!%Ea"))
print(pcall(os.date, "!%Oc"))
print(pcall(os.date, "!abc %k def"))
print(pcall(os.date, "!%s"))
print(pcall(os.date, "!%Y%"))
print(pcall(os.date, {}))
print(pcall(os.date, "!%Y", {}))
print(pcall(os.date, "!%Y", math.maxinteger))
print(pcall(os.date, "!%Y", math.mininteger))
print(pcall(os.date, "*t", 1 << 60))
print(pcall(os.date, "!%Y", 67768036191676800))
print(os.date("!%c", 12345.0), os.date("!%c", "12345"))
print(#os.date(), #os.date("%c"), type(os.date("*t").isdst), os.date("!*tx", 0))
print(os.date("*t", 0).year, os.date("!%H:%M", nil) ~= nil)
