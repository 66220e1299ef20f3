-- lua-inspect: tables of all kinds written out.
local inspect = require "inspect"

local function id(n) return setmetatable({n = n}, {__tostring = function(self)
  return "id " .. self.n
end}) end

local shared = {"shared"}
local loop = {1, 2}
loop[3] = loop
loop.self = {back = loop, shared, shared}

for _, v in ipairs {
  1, 1.5, -0.0, math.huge, "plain", 'with "double"', "with 'both' \"kinds\"",
  "\0\1\10\t\127 1", "a\\b", true, {}, {1, 2, 3}, {a = 1, b = 2},
  {1, 2, a = {b = {c = {d = "deep"}}}}, {["a b"] = 1, [true] = 2, [1.5] = 3},
  {{}, {{}}, {{{}}}}, {[id(1)] = 2}, id(3), {shared, shared, {shared}}, loop,
  setmetatable({1}, {__index = {x = 1}, __metatable = false}),
  setmetatable({}, {__tostring = function() error "no" end}),
  {["end"] = 1, _under = 2, ["1x"] = 3}, {print, print, type},
  {f = function() end, co = coroutine.create(print)}, {nil, 2, nil, 4},
} do
  print(inspect(v))
end

local deep = {a = {b = {c = {d = {e = 1}}}}}
for depth = 0, 4 do print(inspect(deep, {depth = depth})) end
print(inspect({1, {2, x = {3}}}, {newline = "@", indent = "+"}))
print(inspect({a = 1, secret = 2, list = {3, secret = 4}}, {
  process = function(item, path)
    if path[#path] == "secret" then return "*" end
    if path[#path] == inspect.METATABLE then return nil end
    return item
  end,
}))
print(inspect({1, 2, 3, x = 4}, {
  process = function(item) if item ~= 2 and item ~= "x" then return item end end,
}))
print(inspect(setmetatable({x = 1}, {y = 2, __index = {z = 3}})))

local big = {}
for i = 1, tonumber(arg[1]) do
  big[i] = {id = i, name = "item " .. i, tags = {"a", "b", i % 7},
            price = i / 4, shared}
end
local text = inspect(big)
print(#text, text:sub(1, 200))
print(text:sub(-120))
