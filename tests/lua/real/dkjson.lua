-- lua-dkjson: texts of JSON, arg[1] bytes of them, decoded and encoded.
local json = require "dkjson"
local size = tonumber(arg[1])

-- A sequence that is the same everywhere.
local seed = 12345
local function chance(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return (seed >> 8) % n
end

-- A sum over the bytes.
local function sum(s)
  local h = 5381
  for i = 1, #s, 8 do
    local a, b, c, d, e, f, g, x = s:byte(i, i + 7)
    h = (h * 33 + a + 3 * (b or 0) + 5 * (c or 0) + 7 * (d or 0) +
         11 * (e or 0) + 13 * (f or 0) + 17 * (g or 0) + 19 * (x or 0)) %
        4294967296
  end
  return h
end

local KEYS = {"id", "name", "price", "tags", "nested", "on", "note", "list"}
local WORDS = {
  "plain", "two words", "tab\\there", "line\\nend", "quote \\\"x\\\"",
  "\\u00e9t\\u00e9", "slash\\/", "\\ud83d\\ude00", "caf\xc3\xa9", "", "\\\\",
}

local function number()
  local kind = chance(4)
  if kind == 0 then return tostring(chance(1000)) end
  if kind == 1 then return "-" .. chance(100000) .. "." .. chance(1000) end
  if kind == 2 then return chance(9) + 1 .. "e" .. chance(20) end
  return tostring(chance(10) * 100000000000 + chance(1000000))
end

local function text()
  return '"' .. WORDS[chance(#WORDS) + 1] .. " " .. chance(100) .. '"'
end

local value

local function array(depth)
  local t = {}
  for i = 1, chance(6) do t[i] = value(depth + 1) end
  return "[" .. table.concat(t, ", ") .. "]"
end

local function object(depth)
  local t = {}
  for _, key in ipairs(KEYS) do
    if chance(3) > 0 then
      t[#t + 1] = ('"%s" : %s'):format(key, value(depth + 1))
    end
  end
  return "{" .. table.concat(t, ",\n") .. "}"
end

function value(depth)
  local kind = chance(depth > 4 and 5 or 9)
  if kind <= 1 then return number() end
  if kind <= 3 then return text() end
  if kind == 4 then return ({"true", "false", "null"})[chance(3) + 1] end
  if kind <= 6 then return array(depth) end
  return object(depth)
end

local records, total = {}, 0
while total < size do
  local record = object(0)
  records[#records + 1] = record
  total = total + #record + 2
end
local source = "[" .. table.concat(records, ",\n") .. "]"
print("source", #records, #source, sum(source))

local function count(v)
  if type(v) ~= "table" then return 1 end
  local n = 1
  for _, x in pairs(v) do n = n + count(x) end
  return n
end

local data, position, problem = json.decode(source, 1, json.null)
print("decoded", #data, position, problem, count(data))
local order = {keyorder = KEYS}
local flat = json.encode(data, order)
print("flat", #flat, sum(flat))
order.indent = true
local deep = json.encode(data, order)
print("deep", #deep, sum(deep))
print("again", json.encode(json.decode(flat, 1, json.null),
                           {keyorder = KEYS}) == flat)
for i = 1, 3 do print(json.encode(data[i], order)) end

-- Errors, corners, hooks.
for _, bad in ipairs {
  "", "[1, 2", "{\"a\" 1}", "[1 2]", "\"open", "nul", "{1:2}", "[1,]", "/* x",
  "[\"\\x\"]", "// only\n", "[1] [2]",
} do
  local v, at, why = json.decode(bad)
  print(("%q"):format(bad), type(v) == "table" and #v or v, at, why)
end
print(json.encode {1, 2.5, -0.0, 1e300, math.huge, -math.huge, 0 / 0,
                   math.maxinteger, 1 / 3})
print(json.encode(setmetatable({}, {__jsontype = "object"})))
print(json.encode(setmetatable({}, {__jsontype = "array"})))
print(json.encode(setmetatable({x = 1, y = 2, z = 3},
                               {__jsonorder = {"z", "y", "x"}})))
print(json.encode {point = setmetatable({}, {
  __tojson = function(self, state) return "<point>" end})})
print(pcall(json.encode, {print}))
print(json.encode({print}, {exception = function(reason, v, state, message)
  return "\"" .. reason .. "\""
end}))
local loop = {}
loop[1] = loop
print(pcall(json.encode, loop))
print(json.encode {[1] = 1, [2] = 2, [4] = 4})
print(json.encode {n = 3, "a"} ~= nil, json.encode("\0\1\127\u{2028}</x>"))
print(json.quotestring("a\u{200b}b"), json.version)
