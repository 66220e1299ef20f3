-- Variables declared before the label are shared across jumps.
local fs = {}
do
  local shared = 0
  local i = 0
  ::top::
  local own = i
  fs[#fs + 1] = function(d) shared = shared + d own = own + d return shared, own end
  i = i + 1
  if i < 3 then goto top end
  shared = 100
end
print(fs[1](1)) print(fs[2](10)) print(fs[3](100)) print(fs[1](1))
local get, set
do
  local x = "first"
  local count = 0
  ::loop::
  if not get then get = function() return x end end
  set = function(v) x = v end
  count = count + 1
  if count < 3 then x = x .. count goto loop end
end
print(get()) set("changed") print(get())
for i = 1, 2 do
  local v = i
  local f = function() return v end
  if i == 1 then goto skip end
  v = v * 100
  ::skip::
  print(f(), v)
  f = nil
end
local hooks = {}
for i = 1, 4 do
  local a = i
  if i % 2 == 0 then goto continue end
  do local b = a * 2 hooks[#hooks + 1] = function() b = b + a a = a + 1 return a, b end end
  ::continue::
end
print(#hooks) print(hooks[1]()) print(hooks[1]()) print(hooks[2]())
