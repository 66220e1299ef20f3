-- Strings. Their metatable makes them objects, and numbers in arithmetic.

string = {
  byte = @"string.byte",
  char = @"string.char",
  dump = @"lua.dump",
  find = @"string.find:2",
  format = @"string.format",
  gmatch = @"string.gmatch",
  gsub = @"string.gsub",
  len = @"string.len",
  lower = @"string.lower",
  match = @"string.match",
  pack = @"string.pack",
  packsize = @"string.packsize",
  rep = @"string.rep",
  reverse = @"string.reverse",
  sub = @"string.sub",
  unpack = @"string.unpack",
  upper = @"string.upper",
}

local meta = {__index = string}
@"core.settypemeta"(4, meta)

-- -- Arithmetic ------------------------------------------------------------
-- A string that spells a number is that number; otherwise the other operand's
-- event decides.

local where, type = @"core.where", @"core.type"

local function other(event, verb, a, b)
  local m = @type(b) ~= 4 and @getmeta(b)
  local f = m and @rawget(m, event)
  if not f then
    @throw(where(1) .. "attempt to " .. verb .. " a '" .. type(a) ..
           "' with a '" .. type(b) .. "'")
  end
  return f(a, b)
end

function meta.__add(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x + y end
  return other("__add", "add", a, b)
end

function meta.__sub(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x - y end
  return other("__sub", "sub", a, b)
end

function meta.__mul(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x * y end
  return other("__mul", "mul", a, b)
end

function meta.__div(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x / y end
  return other("__div", "div", a, b)
end

function meta.__mod(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x % y end
  return other("__mod", "mod", a, b)
end

function meta.__pow(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x ^ y end
  return other("__pow", "pow", a, b)
end

function meta.__idiv(a, b)
  local x, y = @tonum(a), @tonum(b)
  if x and y then return x // y end
  return other("__idiv", "idiv", a, b)
end

function meta.__unm(a)
  local x = @tonum(a)
  if x then return -x end
  return other("__unm", "unm", a, a)
end
