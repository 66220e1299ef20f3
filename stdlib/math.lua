-- Numbers.

math = {
  abs = @"math.abs",
  acos = @"math.acos",
  asin = @"math.asin",
  atan = @"math.atan",
  ceil = @"math.ceil",
  cos = @"math.cos",
  exp = @"math.exp",
  floor = @"math.floor",
  fmod = @"math.fmod",
  log = @"math.log",
  max = @"lua.max",
  min = @"lua.min",
  modf = @"math.modf",
  sin = @"math.sin",
  sqrt = @"math.sqrt",
  tan = @"math.tan",
  tointeger = @"math.tointeger",
  ult = @"math.ult",
  random = @"math.random",
  pi = 0x1.921fb54442d18p+1,
  huge = 1e308 * 10,
  maxinteger = 0x7fffffffffffffff,
  mininteger = ~0x7fffffffffffffff,
}

function math.type(...)
  if @varargn() == 0 then @"lua.argerror"(1, "value expected") end
  local t = @numtype(@varargi(1))
  if t == nil then return nil end
  return t == 0 and "integer" or "float"
end

local typeerror, math_pi = @"lua.typeerror", math.pi

-- The first argument as a number.
local function number(...)
  return @tonum((...)) or typeerror(1, "number", ..., @varargn() == 0)
end

function math.deg(...)
  return number(...) * (180 / math_pi)
end

function math.rad(...)
  return number(...) * (math_pi / 180)
end

-- Without a seed the entropy device is asked for one.
local seed = @"math.randomseed"

function math.randomseed(...)
  if @varargn() > 0 then return seed(...) end
  local a, why = @host("entropy", "u64", "() (int?, str?, int?)")
  local b = a and @host("entropy", "u64", "() int?")
  if b == nil then @throw(@"core.where"(1) .. "no entropy: " .. why) end
  return seed(a, b)
end

-- Of values that are not all numbers.
local setslow = @"lua.setslow"

setslow("math.max", function(most, ...)
  for i = 1, @varargn() do
    local v = @varargi(i)
    if most < v then most = v end
  end
  return most
end)

setslow("math.min", function(least, ...)
  for i = 1, @varargn() do
    local v = @varargi(i)
    if v < least then least = v end
  end
  return least
end)
