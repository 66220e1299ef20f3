-- Close to 200 locals, over 60 upvalues, and the limits themselves.
local src = {}
for i = 1, 150 do src[#src + 1] = ("local v%d = %d"):format(i, i) end
src[#src + 1] = "local s = 0"
src[#src + 1] = "local function all() return v1"
for i = 2, 100 do src[#src + 1] = (" + v%d"):format(i) end
src[#src + 1] = " end local function bump() v1, v50, v100 = v1 + 1, v50 + 1, v100 + 1 end bump() bump() return all(), v50, v150"
print(load(table.concat(src, "\n"))())
local function locals(n) local names = {} for i = 1, n do names[i] = "a" .. i end return load("local " .. table.concat(names, ",") .. " = 1 return a1, a" .. n) end
print(locals(200)()) print(type(locals(199)), select(2, locals(201)))
local function upvalues(n)
  local t = {}
  local k = 1
  while k <= n do local names = {} for i = k, math.min(k + 99, n) do names[#names + 1] = "u" .. i end t[#t + 1] = "local function f" .. k .. "(...) local " .. table.concat(names, ",") .. " = ... " k = k + 100 end
  local uses = {} for i = 1, n do uses[i] = "u" .. i end
  t[#t + 1] = "return function() return " .. uses[1] .. ", select('#', " .. table.concat(uses, ",", 1, math.min(n, 200)) .. ") end"
  for j = #t - 1, 1, -1 do t[#t + 1] = " end " end
  return load(table.concat(t), "=up")
end
print(type(upvalues(60)), type(upvalues(150)), type(upvalues(200)))
local params = {} for i = 1, 100 do params[i] = "p" .. i end
local f = load("return function(" .. table.concat(params, ",") .. ") return p1, p50, p100, (function() return p99 end)() end")()
print(f(table.unpack(params))) print(f())
local args = {} for i = 1, 220 do args[i] = tostring(i) end
print(load("return select('#', " .. table.concat(args, ",") .. ")")(), load("return " .. table.concat(args, "+"))(), #load("return " .. table.concat(args, " .. ", 1, 150))())
local deep = "x" for _ = 1, 50 do deep = "(function() local y = x return " .. deep .. " end)()" end
x = "bottom" print(load("return " .. deep)()) x = nil
local blocks = ("do local b = 1 "):rep(100) .. "r = b " .. ("end "):rep(100) print(pcall(load(blocks)), r) r = nil
