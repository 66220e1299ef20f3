-- and, or, not give operands; short circuits skip calls and assignments.
local function t(x) io.write("T") return x end
print(nil and 1, false and 1, 0 and 1, "" and "e", nil or 1, false or nil, nil or false, 1 or t(2), 1 and t(2))
print(nil == false, not nil, not 0, not "", not not nil, not {} == false)
print(1 and 2 or 3, nil and 2 or 3, false or false or 3, 1 and nil or 3, 1 and 2 and 3, 1 and nil and 3)
print((nil or "a") .. (false or "b"), (1 and 2) + (nil or 3), -(nil or 5), #(nil or "xyz"))
local a, b, c = nil, false, 0
print(a or b, b or a, a and b, b and a, c or a, c and a, a or b or c, a == nil and b == false and c == 0)
local x = a or b or "default" print(x)
local y = a and a.b or "safe" print(y)
local z = (a or {}).field print(z)
if not (a or b) then io.write("neither ") end if c and x then io.write("both ") end print()
print(1 < 2 and 2 < 3, 1 < 2 and 3 < 2, not (1 < 2) or 5, (1 > 2) or (2 > 1), 1 == 1 or error("not reached"))
print(a and error("no"), c or error("no"), not a and "na", not c and "nc", not a == not b, not a ~= c)
local function bool(v) return v and true or false end print(bool(nil), bool(0), bool(""), bool(false))
local function tern(v) return v and "t" or "f", (v or "else") end print(tern(1)) print(tern(false))
local n = 0 local function inc(v) n = n + 1 return v end
local r = inc(nil) and inc(1) or inc(false) or inc(3) and inc(nil) or inc("last") print(r, n)
n = 0 r = (inc(1) and inc(nil) or inc(false)) == nil print(r, n)
while n < 6 and (n % 2 == 1 or n < 5) do n = n + 1 end print(n)
repeat n = n - 1 until n <= 0 or n == 3 and true print(n)
local v = {x = a and 1 or 2, [b and "p" or "q"] = not b, (c and "c")} print(v.x, v.p, v.q, v[1])
print((function(...) return ... and "some" or "none" end)(), (function(...) return ... and "some" or "none" end)(1), select("#", a and t(1)), select("#", (a or t(1)), b and 1))
print(a ~= b and a ~= nil, (a == b) == false, 1 and 2 == 2, not 1 == 2, not (1 == 2), "x" and not nil, 5 > 3 == true)
