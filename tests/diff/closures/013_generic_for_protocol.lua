-- Iterator triples: state, control, fourth value, changed controls.
local log = {}
local function iter(s, c) log[#log + 1] = tostring(s) .. ":" .. tostring(c) c = c + 1 if c <= 3 then return c, c * 10, c * 100 end end
for a, b, c, d in iter, "S", 0 do io.write(a, ",", b, ",", c, ",", tostring(d), " ") a = 99 end print()
print(table.concat(log, " "))
for a in function(_, c) if not c then return 1 elseif c < 3 then return c + 1 end end do io.write(a, " ") end print()
for k in next, {x = 1} do io.write(k, " ") end print()
for a, b in function(s, c) return s(c) end, function(c) if c == "" then return nil end return c:sub(2), c end, "abc" do io.write("[", a, "|", b, "]") end print()
for a in function() return false end do print(a) break end
for a in function() return nil, 1 end do print("never") end
print(pcall(function() for a in nil do end end))
print(pcall(function() for a in 5 do end end))
print(pcall(function() for a in {} do end end))
print(pcall(function() for a, b in pairs(nil) do end end) == false)
local closed = {}
local function closer(n) return setmetatable({}, {__close = function(_, e) closed[#closed + 1] = n .. tostring(e) end}) end
for i in function(_, c) if c < 3 then return c + 1 end end, nil, 0, closer "end:" do end
for i in function(_, c) return c + 1 end, nil, 0, closer "break:" do if i == 2 then break end end
print(pcall(function() for i in function(_, c) return c + 1 end, nil, 0, closer "error:" do if i == 2 then error("oops", 0) end end end))
print((function() for i in function(_, c) return c + 1 end, nil, 0, closer "return:" do if i == 2 then return "ret" end end end)())
for i in function(_, c) return c + 1 end, nil, 0, closer "goto:" do if i == 2 then goto out end end
::out:: print(table.concat(closed, " "))
for w, n in (function() local t = {"x", "y"} local i = 0 return function() i = i + 1 return t[i], i end end)() do io.write(w, n, " ") end print()
local fs = {} for k, v in iter, "S", 0 do fs[#fs + 1] = function() k = k + 1 return k, v end end print(fs[1](), fs[1](), fs[3]())
print(pcall(function() for a in setmetatable({}, {__call = function(_, s, c) error("called with " .. tostring(c), 0) end}), 1, 2 do end end))
