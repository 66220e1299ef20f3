-- Jumps under conditions a compiler may decide for itself.
if true then goto t end print "skipped" ::t::
if false then goto f end print "not skipped" ::f::
if nil then goto n else goto e end ::n:: print "no" ::e:: print "else"
while true do goto w end ::w::
while false do goto w2 end ::w2::
repeat goto r until false ::r::
for i = 1, 1 do if true then goto c end print "no" ::c:: io.write("c ") end print()
if 0 then io.write("0 ") end if "" then io.write("'' ") end if not 1 then io.write("no ") end if not nil then io.write("not nil ") end print()
if true and false then print "no" elseif true or false then print "or" end
if not true then print "no" elseif not false then print "not false" end
local x = true and 1 or 2 local y = false and 1 or 2 local z = nil and 1 or false or 3 print(x, y, z)
local k <const> = true if k then print "const true" else print "no" end
local q <const> = nil if q then print "no" else print "const nil" end
local five <const>, s <const> = 5, "s" print(five + 1, s .. five, five == 5, s == "s", -five, #s)
if five > 3 then print "folded" end while five < 3 do print "no" end
print(1 and nil, nil and 1, false or nil, 1 or error "no", nil == nil, not not 1, not (1 and nil))
print(2 > 1 and "gt" or "le", 1 == 1.0 and "eq", "a" < "b" and "lt", nil ~= false and "ne", not (1 > 2) and "nle")
local n = 0 while true do n = n + 1 if n > 3 then break end end repeat n = n - 1 until true print(n)
do return print("returned early from the main chunk") end
print "never reached"
