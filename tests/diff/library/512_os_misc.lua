-- SPDX-License-Identifier: MIT
-- the rest of os, and io.tmpfile
local f = io.tmpfile()
print(io.type(f), f:write("temporary") == f, f:seek("set"), f:read("a"))
print(f:close())
local a, b = os.tmpname(), os.tmpname()
print(a ~= b, io.open(a):read("a"), io.open(b):close())
print(os.remove(a), os.remove(b))
print(select("#", os.remove(a)), select(3, os.remove(a)))
print(os.rename(a, b))
print(os.remove("/"))
print(os.remove("/nowhere/at/all"))
print(pcall(os.remove), pcall(os.remove, {}))
print(pcall(os.rename, "a"), pcall(os.rename))
print(pcall(os.getenv, {}), os.getenv("NO_SUCH_VARIABLE"), os.getenv(""))
print(os.getenv("HOME") == os.getenv("HOME"), type(os.getenv("PATH")))
print(os.setlocale(), os.setlocale("C"), os.setlocale("POSIX"),
      os.setlocale(nil, "all"), os.setlocale("C", "numeric"))
print(os.setlocale("xx_YY"), pcall(os.setlocale, {}), pcall(os.setlocale, "C", "x"))
local c = os.clock()
for i = 1, 1e5 do c = c + 0 end
print(os.clock() >= c, math.type(os.clock()))
print(math.type(os.time()), os.time() > 1600000000)
print(pcall(os.exit, "x"))
print(pcall(os.exit, {}))
for _, k in ipairs {"clock", "date", "difftime", "execute", "exit", "getenv",
                    "remove", "rename", "setlocale", "time", "tmpname"} do
  io.write(k, "=", type(os[k]), " ")
end
print()
for _, k in ipairs {"close", "flush", "input", "lines", "open", "output", "popen", "read",
                    "stderr", "stdin", "stdout", "tmpfile", "type", "write"} do
  io.write(k, "=", type(io[k]), " ")
end
print()
