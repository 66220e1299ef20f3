-- Lists. The builtins do tables without a metatable; here are the others, whose
-- elements and length are asked by events.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local where = @"core.where"
local setslow = @"lua.setslow"

table = {
  concat = @"list.concat",
  insert = @"list.insert",
  move = @"list.move",
  pack = @"table.pack",
  remove = @"list.remove",
  sort = @"list.sort",
  unpack = @"list.unpack",
}

local function fail(text)
  @throw(where(1) .. text)
end

-- A table, or something whose metatable has the events.
local function check(t, i, ...)
  if @type(t) == 5 then return end
  local m = @getmeta(t)
  if m == nil then typeerror(i, "table", t) end
  for k = 1, @varargn() do
    if @rawget(m, @varargi(k)) == nil then typeerror(i, "table", t) end
  end
end

local function length(t)
  local n = #t
  if @numtype(n) ~= 0 then
    local i = @numtype(n) == 1 and @toint(n)
    if not i then fail("object length is not an integer") end
    n = i
  end
  return n
end

-- Argument i as an integer.
local function int(i, v, default)
  if v == nil and default then return default end
  local n = @toint(v)
  if n then return n end
  if @tonum(v) then
    argerror(i, "number has no integer representation")
  end
  typeerror(i, "number", v)
end

setslow("table.insert", function(t, ...)
  check(t, 1, "__index", "__newindex", "__len")
  local e = length(t) + 1
  local n = @varargn()
  if n == 1 then
    t[e] = @varargi(1)
  elseif n == 2 then
    local pos, v = int(2, (...)), @varargi(2)
    if pos < 1 or pos > e then argerror(2, "position out of bounds") end
    for i = e, pos + 1, -1 do t[i] = t[i - 1] end
    t[pos] = v
  else
    fail("wrong number of arguments to 'insert'")
  end
end)

setslow("table.remove", function(t, ...)
  check(t, 1, "__index", "__newindex", "__len")
  local size = length(t)
  local pos = size
  if @varargn() > 0 then
    pos = int(2, (...))
    if size + 1 ~= pos and (pos < 1 or pos > size + 1) then
      argerror(2, "position out of bounds")
    end
  end
  local v = t[pos]
  while pos < size do
    t[pos] = t[pos + 1]
    pos = pos + 1
  end
  t[pos] = nil
  return v
end)

setslow("table.move", function(a, f, e, t, b)
  f, e, t = int(2, f), int(3, e), int(4, t)
  local at = b == nil and 1 or 5
  if b == nil then b = a end
  check(a, 1, "__index")
  check(b, at, "__newindex")
  if e >= f then
    if f <= 0 and e >= math.maxinteger + f then
      argerror(3, "too many elements to move")
    end
    local n = e - f
    if t > math.maxinteger - n then argerror(4, "destination wrap around") end
    if t > e or t <= f or a ~= b then
      for i = 0, n do b[t + i] = a[f + i] end
    else
      for i = n, 0, -1 do b[t + i] = a[f + i] end
    end
  end
  return b
end)

local concat, type = @"table.concat", @"core.type"

setslow("table.concat", function(t, sep, i, j)
  check(t, 1, "__index", "__len")
  local last = j == nil and length(t)
  if sep == nil then
    sep = ""
  else
    sep = @tostr(sep) or typeerror(2, "string", sep)
  end
  i = int(3, i, 1)
  j = last or int(4, j)
  local pieces, n = {}, 0
  while i <= j do
    local v = t[i]
    if @tostr(v) == nil then
      fail("invalid value (at index " .. i .. ") in table for 'concat'")
    end
    n = n + 1
    pieces[n] = v
    if i == j then break end
    i = i + 1
  end
  return concat(pieces, sep)
end)

local unpack = @"table.unpack"

setslow("table.unpack", function(t, i, j)
  i = int(2, i, 1)
  j = j == nil and length(t) or int(3, j)
  local list, n = {}, 0
  if i > j then return end
  if j - i < 0 or j - i >= 1000000 then fail("too many results to unpack") end
  for k = i, j do
    n = n + 1
    list[n] = t[k]
  end
  return unpack(list, 1, n)
end)

local sort = @"table.sort"

setslow("table.sort", function(t, before)
  check(t, 1, "__index", "__newindex", "__len")
  local n = length(t)
  if n < 2 then return end
  if n >= 0x7fffffff then argerror(1, "array too big") end
  if before ~= nil and @type(before) ~= 6 then typeerror(2, "function", before) end
  local list = {}
  for i = 1, n do list[i] = t[i] end
  sort(list, before)
  for i = 1, n do t[i] = list[i] end
end)
