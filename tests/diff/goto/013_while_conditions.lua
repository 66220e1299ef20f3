-- while and repeat with conditions that fold, call, compare and capture.
while false do print "never" end while nil do print "never" end
local n = 3
while n > 0 do io.write(n, " ") n = n - 1 end print()
while not (n >= 3) and n ~= 2 do n = n + 1 end print(n)
local t = {1, 2, 3}
while #t > 0 do io.write(table.remove(t), " ") end print()
while true do n = n + 1 if n > 5 then break end end print(n)
while 1 do break end while "x" do break end while {} do break end while 0 do break end
repeat n = n - 1 until n < 3 print(n)
repeat n = n + 1 until true print(n)
repeat n = n + 1 until not nil print(n)
local c = 0 repeat c = c + 1 until not (c < 3 or c == 4) print(c)
local f = function() c = c - 1 return c > 0 end
while f() do io.write("f", c, " ") end print(c)
local s = "abc" while s ~= "" do io.write(s, " ") s = s:sub(2) end print()
local a, b = 1, 10 while a < b do a, b = a * 2, b - 1 end print(a, b)
local node = {v = 1, next = {v = 2, next = {v = 3}}} while node do io.write(node.v, " ") node = node.next end print()
local x = 1.0 while x < 1e3 do x = x * 10 end print(x)
local i, out = 0, {} while i < 3 do i = i + 1 local j = 0 while j < i do j = j + 1 out[#out + 1] = i .. j end end print(table.concat(out, " "))
while i ~= 0 do if i == 2 then i = 0 else i = i - 1 end io.write(i, " ") end print()
repeat local k = i repeat k = k + 1 if k == 2 then break end until k > 5 i = i + k until i > 3 print(i)
if n then elseif error("no") then else end if not n then elseif n == 5 then print "five" else print("else", n) end
