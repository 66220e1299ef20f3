-- Generated code: many labels, long jumps, deep blocks.
local function build(n)
  local src = {"local out = {} local step = ... goto l1"}
  for i = 1, n do
    local target = (i * 7) % n + 1
    src[#src + 1] = ("::l%d:: out[#out + 1] = %d step = step - 1 if step == 0 then goto finish end goto l%d"):format(i, i, target)
  end
  src[#src + 1] = "::finish:: return table.concat(out, ' ')"
  return load(table.concat(src, "\n"))
end
print(build(10)(8)) print(build(50)(12)) print(build(200)(10))
local function deep(n)
  return load("local x = 0 " .. ("do local a = x "):rep(n) .. "x = 'deepest' goto out " .. ("end "):rep(n) .. " x = 'fell' ::out:: return x")
end
print(deep(1)(), deep(50)(), deep(150)())
local function long(n)
  return load("local x = ... if x then goto far end " .. ("x = (x or 0) + 1 "):rep(n) .. " ::far:: return x")
end
print(long(10)(), long(500)(), long(500)("jump"), long(2000)())
local function back(n)
  return load("local n, s = ..., 0 ::top:: " .. ("s = s + 1 "):rep(n) .. " n = n - 1 if n > 0 then goto top end return s")
end
print(back(10)(5), back(500)(3), back(1500)(2))
local function chain(n) local src = {"local x = ... "} for i = 1, n do src[#src + 1] = (i == 1 and "if" or "elseif") .. " x == " .. i .. " then goto d" .. i .. " " end src[#src + 1] = "end do return 'default' end " for i = 1, n do src[#src + 1] = "::d" .. i .. ":: do return " .. i * i .. " end " end return load(table.concat(src)) end
local f = chain(100) print(f(1), f(50), f(100), f(101), f("x"))
local loops = {} for i = 1, 40 do loops[i] = ("for i%d = 1, 1 do "):format(i) end
print(load("local n = 0 " .. table.concat(loops) .. " n = n + 1 if n then goto out end " .. ("end "):rep(40) .. " ::out:: return n")())
print(#{load(("::a%d:: "):rep(1):format(1) .. "return 1")()}, load(("do ::l:: end "):rep(300) .. "return 'many l'")())
