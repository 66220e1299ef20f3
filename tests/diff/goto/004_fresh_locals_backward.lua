-- A backward jump over a local makes a new variable each time.
local fs = {}
do
  local i = 1
  ::top::
  local x = i * 10
  fs[#fs + 1] = function() x = x + 1 return x end
  i = i + 1
  if i <= 4 then goto top end
end
for k = 1, 4 do io.write(fs[k](), " ", fs[k](), " ") end print()
local gs = {}
do
  local n = 0
  ::again::
  do
    local a, b = n, n * n
    gs[#gs + 1] = function() a = a + 1 return a, b, n end
  end
  n = n + 1
  if n < 3 then goto again end
end
for k = 1, 3 do print(gs[k]()) end
do
  local seen = {}
  local i = 0
  ::redo::
  local v
  seen[#seen + 1] = tostring(v)
  v = i
  i = i + 1
  if i < 4 then goto redo end
  print(table.concat(seen, " "), v)
end
do
  local out = {}
  local k = 0
  ::l1::
  local t = {}
  t[#t + 1] = k
  out[#out + 1] = t
  k = k + 1
  if k < 3 then goto l1 end
  print(#out, #out[1], out[1] ~= out[2], out[3][1])
end
