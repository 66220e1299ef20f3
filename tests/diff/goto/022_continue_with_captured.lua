-- continue past captured locals, in loops that make closures either way.
local kept = {}
for i = 1, 8 do
  local a = i
  local even = function() return a % 2 == 0 end
  if even() then goto continue end
  do
    local b = a * 10
    if b == 50 then goto continue end
    kept[#kept + 1] = function(d) a, b = a + d, b - d return a, b end
  end
  ::continue::
end
for _, f in ipairs(kept) do io.write(table.concat({f(1)}, ","), " ") end print()
for _, f in ipairs(kept) do io.write(table.concat({f(2)}, ","), " ") end print()
local i, list = 0, {}
while i < 6 do
  i = i + 1
  local v = i
  list[#list + 1] = function() v = v + 1 return v end
  if v % 3 ~= 0 then goto continue end
  v = v * 100
  ::continue::
end
for _, f in ipairs(list) do io.write(f(), " ") end print()
local acc = {}
repeat
  local k = i
  i = i - 1
  if k == 4 then goto continue end
  acc[#acc + 1] = function() return k, i end
  ::continue::
until i == 0
for _, f in ipairs(acc) do io.write(table.concat({f()}, ":"), " ") end print()
for _, w in ipairs {"x", "", "y"} do
  if w == "" then goto continue end
  do local f = function() w = w .. w return w end f() io.write(f(), " ") end
  ::continue::
end
print()
local total = 0
for a = 1, 5 do
  for b = 1, 5 do
    local p = a * b
    local add = function() total = total + p end
    if p % 2 == 0 then goto next_b end
    if p > 9 then goto next_a end
    add()
    ::next_b::
  end
  ::next_a::
end
print(total)
