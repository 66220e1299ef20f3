-- <const> and <close> locals: order of closing, errors, captured values.
local log = {}
local function C(n) return setmetatable({n = n}, {__close = function(s, e) log[#log + 1] = s.n .. (e and "!" .. tostring(e) or "") end}) end
local function flush() print(table.concat(log, " ")) log = {} end
do local a <close> = C "a" local b <close> = C "b" log[#log + 1] = "body" end flush()
local function f() local a <close> = C "f" return "ret", #log end print(f()) flush()
local function g() local a <close> = C "g1" do local b <close> = C "g2" return (function() log[#log + 1] = "expr" return 1 end)() end end print(g()) flush()
print(pcall(function() local a <close> = C "e" error("err", 0) end)) flush()
for i = 1, 3 do local x <close> = C("l" .. i) if i == 2 then goto cont end log[#log + 1] = "b" .. i ::cont:: end flush()
while true do local x <close> = C "w" break end flush()
do local n <close> = nil local fl <close> = false log[#log + 1] = "nil and false" end flush()
print(pcall(function() local x <close> = {} end)) print(pcall(function() local x <close> = 42 end))
local k <const> = 10 local function up() return k + 1 end print(k, up())
print(load("local x <const> = 1; x = 2")) print(load("local x <close> = nil; x = 2")) print(load("local x <const> = 1; local function f() x = 2 end"))
print(load("local x <other> = 1")) print(load("local a <close>, b <close> = nil, nil"))
local a <const>, b, c <const> = 1, 2, 3 b = b + a + c print(b)
print(pcall(function() local x <close> = setmetatable({}, {__close = function(_, e) error("second:" .. tostring(e), 0) end}) error("first", 0) end))
local function multi() local x <close> = C "m1" local y <close> = setmetatable({}, {__close = function() log[#log + 1] = "y" error("in y", 0) end}) local z <close> = C "m3" return "lost" end
print(pcall(multi)) flush()
local fn do local x <close> = C "cap" fn = function() return x.n end end print(fn()) flush()
local co = coroutine.wrap(function() local x <close> = C "co" coroutine.yield(1) return 2 end) print(co(), #log, co()) flush()
co = coroutine.create(function() local x <close> = C "closed" coroutine.yield() end) coroutine.resume(co) print(coroutine.close(co), coroutine.status(co)) flush()
local function tailish() local x <close> = C "t" return f() end print(tailish()) flush()
