-- SPDX-License-Identifier: MIT
-- Design I2: a coroutine may yield from anywhere. Each case runs in a coroutine
-- that yields the numbers 1, 2, 3 from inside what it is about, and must end
-- with the value given. Speaks TAP; yield.sh runs it.
local n, failed = 0, 0

local function check(name, good, why)
  n = n + 1
  if not good then failed = failed + 1 end
  print((good and "ok " or "not ok ") .. n .. " - " .. name)
  if not good then print("# " .. tostring(why)) end
end

local yield = coroutine.yield

-- `f` yields by calling `pause`, three times at least in all.
local function case(name, want, f)
  local count = 0
  local function pause(v)
    if count < 3 then
      count = count + 1
      local back = yield(count)
      assert(back == -count, "resumed with something else")
    end
    return v
  end
  local co = coroutine.create(f)
  local ok, v = coroutine.resume(co, pause)
  local seen = 0
  while ok and coroutine.status(co) == "suspended" do
    seen = seen + 1
    if v ~= seen then return check(name, false, "yielded " .. tostring(v)) end
    ok, v = coroutine.resume(co, -seen)
  end
  check(name, ok and v == want and seen == 3,
        "got " .. tostring(v) .. " after " .. seen .. " yields")
end

-- -- Callbacks of the library ------------------------------------------------

case("sort comparator", "1 2 3 4 5", function(pause)
  local t = {3, 1, 5, 2, 4}
  table.sort(t, function(a, b) return pause(a < b) end)
  return table.concat(t, " ")
end)
case("sort by __lt", "1 2 3", function(pause)
  local mt = {__lt = function(a, b) return pause(a.v < b.v) end}
  local t = {}
  for i, v in ipairs {3, 1, 2} do t[i] = setmetatable({v = v}, mt) end
  table.sort(t)
  return t[1].v .. " " .. t[2].v .. " " .. t[3].v
end)
case("gsub callback", "<a><b><c>", function(pause)
  return (("abc"):gsub(".", function(c) return pause("<" .. c .. ">") end))
end)
case("gsub with a table's __index", "AAA", function(pause)
  local t = setmetatable({}, {__index = function(_, k) return pause(k:upper()) end})
  return (("aaa"):gsub("a", t))
end)
case("iterator of a generic for", 6, function(pause)
  local sum = 0
  for v in function(_, c)
    c = (c or 0) + 1
    if c <= 3 then return pause(c) end
  end do sum = sum + v end
  return sum
end)
case("pcall", "done", function(pause)
  local ok, v = pcall(function()
    pause() pause() pause()
    return "done"
  end)
  return ok and v
end)
case("pcall that fails", "no", function(pause)
  local ok, v = pcall(function()
    pause() pause() pause()
    error("no", 0)
  end)
  return not ok and v
end)
case("xpcall and its handler", "handled x", function(pause)
  local ok, v = xpcall(function() pause() error("x", 0) end, function(e)
    pause() pause()
    return "handled " .. e
  end)
  return not ok and v
end)
case("load reader", 42, function(pause)
  local pieces, i = {"return ", "4", "2"}, 0
  local f = assert(load(function()
    i = i + 1
    return pause(pieces[i])
  end))
  return f()
end)
case("required chunk", "module", function(pause)
  package.preload["yield.test"] = function()
    pause() pause() pause()
    return "module"
  end
  local v = require("yield.test")
  package.loaded["yield.test"] = nil
  return v
end)
case("searcher of require", "found", function(pause)
  table.insert(package.searchers, 1, function(name)
    if name ~= "yield.search" then return nil end
    pause() pause() pause()
    return function() return "found" end
  end)
  local v = require("yield.search")
  table.remove(package.searchers, 1)
  package.loaded["yield.search"] = nil
  return v
end)
case("__tostring under tostring", "text", function(pause)
  return tostring(setmetatable({}, {__tostring = function()
    pause() pause() pause()
    return "text"
  end}))
end)
case("__tostring under string.format", "<a> <b>", function(pause)
  local function object(s)
    return setmetatable({}, {__tostring = function()
      pause() pause()
      return s
    end})
  end
  return string.format("<%s> <%s>", object("a"), object("b"))
end)
case("__tostring under print", "printed", function(pause)
  print(setmetatable({}, {__tostring = function()
    pause() pause() pause()
    return "# printed after three yields"
  end}))
  return "printed"
end)
case("table.concat with __index", "a,b,c", function(pause)
  local t = setmetatable({}, {__len = function() return 3 end,
                              __index = function(_, i)
                                return pause(("abc"):sub(i, i))
                              end})
  return table.concat(t, ",")
end)
case("table.unpack with __index", 6, function(pause)
  local t = setmetatable({}, {__index = function(_, i) return pause(i) end})
  local a, b, c = table.unpack(t, 1, 3)
  return a + b + c
end)
case("table.insert and remove by events", "x", function(pause)
  local store = {"x"}
  local t = setmetatable({}, {
    __len = function() return pause(#store) end,
    __index = function(_, i) return pause(store[i]) end,
    __newindex = function(_, i, v) store[i] = pause(v) end})
  table.insert(t, 1, "y")
  table.remove(t, 1)
  return store[1]
end)
case("__pairs", "k", function(pause)
  local t = setmetatable({}, {__pairs = function()
    pause() pause() pause()
    return next, {k = 1}
  end})
  for k in pairs(t) do return k end
end)
case("ipairs with __index", 6, function(pause)
  local t = setmetatable({}, {__index = function(_, i)
    if i <= 3 then return pause(i) end
  end})
  local sum = 0
  for _, v in ipairs(t) do sum = sum + v end
  return sum
end)
case("dofile", "file", function(pause)
  local name = os.tmpname()
  local f = assert(io.open(name, "w"))
  f:write("yield_pause() yield_pause() yield_pause() return 'file'")
  f:close()
  yield_pause = pause
  local v = dofile(name)
  os.remove(name)
  yield_pause = nil
  return v
end)

-- -- Events ---------------------------------------------------------------------

local binary = {
  __add = "return a + b", __sub = "return a - b", __mul = "return a * b",
  __div = "return a / b", __mod = "return a % b", __pow = "return a ^ b",
  __idiv = "return a // b", __band = "return a & b", __bor = "return a | b",
  __bxor = "return a ~ b", __shl = "return a << b", __shr = "return a >> b",
  __concat = "return a .. b", __eq = "return a == b and 7",
  __lt = "return a < b and 7", __le = "return a <= b and 7",
  __unm = "return -a", __bnot = "return ~a", __len = "return #a",
  __index = "return a.x", __call = "return a(b)",
}
local names = {}
for name in pairs(binary) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  local operation = load("local a, b = ... " .. binary[name])
  case(name, 7, function(pause)
    local mt = {[name] = function()
      pause() pause() pause()
      return 7
    end}
    return operation(setmetatable({}, mt), setmetatable({}, mt))
  end)
  -- The same, where its value decides a branch.
  case(name .. " in a condition", "yes", function(pause)
    local mt = {[name] = function()
      pause() pause() pause()
      return true
    end}
    local test = load("local a, b = ... if " ..
                      binary[name]:gsub("return ", "") ..
                      " then return 'yes' end return 'no'")
    return test(setmetatable({}, mt), setmetatable({}, mt))
  end)
end
case("__newindex", 7, function(pause)
  local got
  local t = setmetatable({}, {__newindex = function(_, _, v)
    pause() pause() pause()
    got = v
  end})
  t.x = 7
  return got
end)
case("__concat of many", "[a][b][c][d]", function(pause)
  local mt = {}
  local function text(v)
    return type(v) == "table" and v.s or v
  end
  mt.__concat = function(a, b)
    return setmetatable({s = pause(text(a) .. text(b))}, mt)
  end
  local function o(s) return setmetatable({s = "[" .. s .. "]"}, mt) end
  return (o"a" .. o"b" .. o"c" .. o"d").s
end)
case("arithmetic on strings by an event", 7, function(pause)
  local o = setmetatable({}, {__add = function()
    pause() pause() pause()
    return 7
  end})
  return "1" + o
end)

-- -- Closing ---------------------------------------------------------------------

local function closing(f) return setmetatable({}, {__close = f}) end

case("__close at the end of a block", "closed", function(pause)
  local v = "open"
  do
    local x <close> = closing(function()
      pause() pause() pause()
      v = "closed"
    end)
  end
  return v
end)
case("__close on return", "value", function(pause)
  local function f()
    local x <close> = closing(function() pause() pause() pause() end)
    return "value"
  end
  return f()
end)
case("__close on an error", "error e", function(pause)
  local got
  local ok, v = pcall(function()
    local x <close> = closing(function(_, e)
      pause() pause() pause()
      got = e
    end)
    error("e", 0)
  end)
  return not ok and "error " .. got
end)
case("__close on break and goto", 2, function(pause)
  local closed = 0
  for _ = 1, 1 do
    local x <close> = closing(function() pause() pause() closed = closed + 1 end)
    break
  end
  do
    local y <close> = closing(function() pause() closed = closed + 1 end)
    goto out
  end
  ::out::
  return closed
end)
case("__close of a generic for", "closed", function(pause)
  local v
  for _ in next, {1}, nil, closing(function()
    pause() pause() pause()
    v = "closed"
  end) do end
  return v
end)
case("__close under coroutine.close", true, function(pause)
  local co = coroutine.create(function()
    local x <close> = closing(function() pause() pause() pause() end)
    yield()
  end)
  coroutine.resume(co)
  return (coroutine.close(co))
end)

-- -- Between coroutines --------------------------------------------------------------

case("wrap in wrap", 6, function(pause)
  local inner = coroutine.wrap(function()
    for i = 1, 3 do yield(i) end
  end)
  local outer = coroutine.wrap(function()
    for _ = 1, 3 do yield(inner()) end
  end)
  local sum = 0
  for _ = 1, 3 do sum = sum + pause(outer()) end
  return sum
end)
case("method and varargs", "1 2 3", function(pause)
  local o = {}
  function o:m(...) return pause(select("#", ...)), pause(...), pause(3) end
  local a, b, c = o:m(2)
  return a .. " " .. b .. " " .. c
end)

print("1.." .. n)
os.exit(failed == 0)
