-- gmatch: empty matches, captures, anchors, init.
local function show(...) local t = {} for a, b in string.gmatch(...) do t[#t + 1] = "<" .. tostring(a) .. (b and "," .. tostring(b) or "") .. ">" end print(table.concat(t)) end
show("one two  three", "%a+")
show("k1=v1, k2=v2", "(%w+)=(%w+)")
show("abc", "")
show("abc", "()")
show("aXbXc", "[^X]*")
show("a,,b,", "([^,]*)")
show("aaa", "a-")
show("aab", "a*")
show("hello", "^h")
show("hello hello", "^hello")
show("abc", ".", 2)
show("abc", ".", -1)
show("abc", ".", 10)
show("abc", "", 4)
show("abc", "()", -2)
show("", ".*")
show("x=1 y=2", "(%w)=()")
local it = ("ab"):gmatch(".")
print(it(), it(), it(), it())
for w in ("stop at two words"):gmatch("%a+") do if w == "two" then break end io.write(w, " ") end
print()
for a in ("abc"):gmatch("b") do for b in a:gmatch(".") do print(a, b) end end
