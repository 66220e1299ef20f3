-- Function expression first, then arguments; and assignments around calls.
local log = {}
local function note(x, v) log[#log + 1] = x return v end
local function flush(...) print(table.concat(log, " "), ...) log = {} end
note("fn", function(...) log[#log + 1] = "body" return ... end)(note("a", 1), note("b", 2)) flush()
local t = {}
note("obj", {m = function(self, ...) log[#log + 1] = "m" .. select("#", ...) end}):m(note("x"), note("y")) flush()
t[note("k", "key")] = note("v", 1) flush(t.key)
local a, b = note("1", 1), note("2", 2) flush(a, b)
a, b = b, a flush(a, b)
local x = note("and1", false) and note("and2", 1) or note("or", 2) flush(x)
x = note("nil", nil) == note("false", false) flush(x)
x = {note("i1", 1), k = note("kv", 2), [note("ck", "z")] = note("cv", 3), note("i2", 4)} flush(#x, x.z)
local i = 1
local function nxt() i = i + 1 return i end
local r = {i, nxt(), i, nxt(), i} print(table.concat(r, " "))
i = 1 local s = nxt() .. i .. nxt() .. i print(s)
i = 10 local u, v, w = nxt(), nxt(), nxt() print(u, v, w)
i = 1 print(nxt() - nxt() * nxt(), nxt() ^ (nxt() - nxt() + 2), nxt() < nxt())
local f = function(p) return p end
local function redefine() f = function(p) return "new " .. p end return "arg" end
print(f(redefine()), f("x"))
local obj = {m = function() return "old" end}
print(obj.m((function() obj.m = function() return "replaced" end end)()), obj.m())
local n = 0 local function side() n = n + 1 return n end
local arr = {} arr[side()], arr[side()], arr[side()] = "a", "b", "c" print(arr[1], arr[2], arr[3])
local cond = note("c", true) if cond and note("d", nil) then note "no" elseif note("e", true) then note "yes" end flush()
while note("w", n < 5) do n = n + 1 end flush()
for _ = note("from", 1), note("to", 2), note("step", 1) do note "it" end flush()
