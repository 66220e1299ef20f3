-- Tail calls run without using up the stack, in every form.
local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
print(loop(3000, 0))
local function va(n, ...) if n == 0 then return select("#", ...), ... end return va(n - 1, ...) end
print(va(500, "a", nil, "c"))
local obj = {}
function obj:walk(n) if n == 0 then return "end", self == obj end return self:walk(n - 1) end
print(obj:walk(500))
local function ping(n) if n == 0 then return "ping" end return pong(n - 1) end
function pong(n) if n == 0 then return "pong" end return ping(n - 1) end
print(ping(1000), ping(1001))
local function many() return 1, 2, 3 end
local function t1() return many() end
local function t2() return (many()) end
local function t3() return many(), many() end
local function t4() return many() or 0 end
print(t1()) print(t2()) print(t3()) print(t4())
local callable = setmetatable({}, {__call = function(self, n) if n == 0 then return "called" end return self(n - 1) end})
print(callable(300))
local function none() end
local function t5() return none() end
print(select("#", t5()), (t5()))
print(pcall(function() return error("tail error", 0) end))
local function escape(n) local x = n local f = function() x = x + 1 return x end if n == 0 then return f() end return escape(n - 1) end
print(escape(100))
local function tostr(v) return tostring(v) end print(tostr(5), tostr(nil), #{tostr(1), tostr(2)})
local function cond(b) return b and many() or none() end print(cond(true)) print(cond(false))
