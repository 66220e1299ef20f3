-- Jumps out of the scope of to-be-closed variables close them.
local log = {}
local function C(n) return setmetatable({}, {__close = function() log[#log + 1] = n end}) end
local function flush() print(table.concat(log, " ")) log = {} end
do local a <close> = C "a" do local b <close> = C "b" goto out end log[#log + 1] = "never" end
::out:: flush()
for i = 1, 3 do local x <close> = C("x" .. i) if i == 2 then goto continue end log[#log + 1] = "body" .. i ::continue:: end flush()
do
  local n = 0
  ::top::
  do local t <close> = C("t" .. n) n = n + 1 if n < 3 then goto top end end
  flush()
end
do
  local n = 0
  ::back::
  local v <close> = C("v" .. n)
  log[#log + 1] = "use" .. n
  n = n + 1
  if n < 3 then goto back end
end
flush()
for i = 1, 2 do local o <close> = C("o" .. i) for j = 1, 2 do local p <close> = C("p" .. i .. j) if j == 2 then goto next end end ::next:: end flush()
while true do local w <close> = C "w" do local z <close> = C "z" break end end flush()
local function f() do local x <close> = C "fx" goto l end ::l:: log[#log + 1] = "label" return "r" end print(f()) flush()
local fn do local c <close> = C "c" local d = "d" fn = function() return d end goto e end ::e:: print(fn()) flush()
print(pcall(function() do local x <close> = setmetatable({}, {__close = function() error("in close", 0) end}) goto l end ::l:: return "not here" end))
repeat local u <close> = C "u" local stop = true if not stop then goto again end ::again:: until true flush()
