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
  max = @"math.max",
  min = @"math.min",
  modf = @"math.modf",
  sin = @"math.sin",
  sqrt = @"math.sqrt",
  tan = @"math.tan",
  tointeger = @"math.tointeger",
  ult = @"math.ult",
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
