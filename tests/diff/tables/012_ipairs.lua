-- ipairs stops at the first nil, honours __index, may see changes.
for i, v in ipairs {1, 2, nil, 4} do io.write(i, "=", v, " ") end print()
for i, v in ipairs {} do io.write(i, v) end print("empty")
for i, v in ipairs {n = 1, [0] = 0, [-1] = -1, "one"} do io.write(i, "=", v, " ") end print()
local t = {1, 2, 3}
for i, v in ipairs(t) do if i < 6 then t[#t + 1] = v * 10 end io.write(v, " ") end print(#t)
for i in ipairs {"a", "b"} do io.write(i, " ") end print()
local proxy = setmetatable({}, {__index = function(_, i) if i <= 4 then return i * i end end})
for i, v in ipairs(proxy) do io.write(i, "=", v, " ") end print()
local f, s, c = ipairs({"x"})
print(type(f), type(s), c, f(s, 0), f(s, 1))
print(f({"p", "q"}, 1), f({}, 0), pcall(f, {}, "x"))
print(pcall(ipairs))
print(pcall(ipairs({}), nil, 0))
for i, v in ipairs("str") do print(i, v) end
print(pcall(function() for _ in ipairs(5) do end end))
for i, v in ipairs {false, 0, ""} do io.write(i, ":", tostring(v), " ") end print()
t = {1, 2, 3, 4, 5}
for i in ipairs(t) do t[i + 1] = nil io.write(i, " ") end print(t[2], t[3])
for i, row in ipairs {{1, 2}, {3}, {}} do for j, v in ipairs(row) do io.write(i, j, v, " ") end end print()
print(ipairs({}) == ipairs({}), select("#", ipairs {}))
