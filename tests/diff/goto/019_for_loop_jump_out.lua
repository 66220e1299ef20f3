-- Leaving numeric and generic for loops by goto, with values kept.
local last
for i = 1, 100 do last = i if i * i > 50 then goto out1 end end
::out1:: print(last)
local found
for k, v in pairs {only = 42} do found = k .. v goto out2 end
::out2:: print(found)
local fs = {}
for i = 1, 5 do
  local sq = i * i
  fs[i] = function() i = i + 1 return i, sq end
  if sq > 8 then goto out3 end
end
::out3:: print(#fs, fs[3]()) print(fs[3]()) print(fs[1]())
for i = 10, 1, -3 do for _, w in ipairs {"a", "b"} do if i == 4 and w == "b" then goto out4 end io.write(i, w, " ") end end
::out4:: print()
for x = 0.5, 3, 0.5 do if x == 2 then goto out5 end io.write(x, " ") end
::out5:: print()
local n = 0
do
  ::restart::
  for i = 1, 3 do n = n + 1 if n == 2 then goto restart end io.write(i, ":", n, " ") end
  print(n)
end
do
  local round = 0
  ::again::
  round = round + 1
  for c in ("abc"):gmatch "." do
    local f = function() return c .. round end
    if c == "b" and round < 3 then goto again end
    io.write(f(), " ")
  end
  print(round)
end
local function search(t) for i = 1, #t do for j = i + 1, #t do if t[i] + t[j] == 10 then return t[i], t[j] end end end end
print(search {1, 3, 7, 9}) print(search {1, 2})
local co = coroutine.wrap(function() for i = 1, 5 do coroutine.yield(i) if i == 2 then goto done end end ::done:: return "done" end) print(co(), co(), co())
