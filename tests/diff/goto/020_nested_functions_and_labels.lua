-- Closures that loop with labels inside loops that jump.
local out = {}
for i = 1, 3 do
  local f = function(n)
    local acc = 0
    ::more::
    acc = acc + n * i
    n = n - 1
    if n > 0 then goto more end
    return acc
  end
  if i == 2 then goto skip end
  out[#out + 1] = f(i)
  ::skip::
  out[#out + 1] = f
end
for _, v in ipairs(out) do io.write(type(v) == "function" and v(4) or "v" .. v, " ") end print()
local function walk(t, depth)
  local s = ""
  local i = 1
  ::next::
  local v = t[i]
  if v == nil then return s end
  if type(v) == "table" then s = s .. "(" .. walk(v, depth + 1) .. ")" else s = s .. v .. depth end
  i = i + 1
  goto next
end
print(walk({"a", {"b", {"c"}, "d"}, {}, "e"}, 0))
local function counter()
  local n = 0
  return function()
    ::inc::
    n = n + 1
    if n % 3 == 0 then goto inc end
    return n
  end
end
local c1, c2 = counter(), counter()
print(c1(), c1(), c1(), c1(), c2(), c1())
local function retry(times, f) local n = 0 ::attempt:: n = n + 1 local ok, e = pcall(f, n) if ok then return e, n end if n < times then goto attempt end return nil, e end
print(retry(5, function(n) if n < 3 then error("no", 0) end return "yes" end)) print(retry(2, function(n) error("fail " .. n, 0) end))
local function gen(n) return coroutine.wrap(function() local i = 0 ::y:: i = i + 1 coroutine.yield(i) if i < n then goto y end end) end
for v in gen(4) do if v == 2 then goto c end io.write(v, " ") ::c:: end print()
local memo = setmetatable({}, {__index = function(t, k) local a, b, i = 0, 1, 0 ::s:: if i == k then rawset(t, k, a) return a end a, b, i = b, a + b, i + 1 goto s end})
print(memo[10], memo[50], memo[90], rawget(memo, 10))
