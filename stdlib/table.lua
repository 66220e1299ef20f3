-- Lists. The builtins do tables without a metatable; here are the others, whose
-- elements and length are asked by events.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local interror = @"lua.interror"
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
  if @numtype(n) == 0 then return n end
  return @toint(n) or fail("object length is not an integer")
end

-- Argument i as an integer.
local function int(i, v, default)
  return v == nil and default or @toint(v) or interror(i, v)
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
      argerror(1, "position out of bounds")
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
      fail("invalid value (" .. type(v) .. ") at index " .. i ..
           " in table for 'concat'")
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

-- -- Sorting with a comparator ----------------------------------------------
-- A merge sort from the bottom up, stable, on a copy: the list is written once,
-- at the end. Runs of four are sorted by insertion first. Two runs that are in
-- order already cost one comparison.

local copy, sort = @"table.move", @"table.sort"

local function sort_runs(a, n, before)
  for lo = 1, n, 4 do
    local hi = lo + 3
    if hi > n then hi = n end
    for i = lo + 1, hi do
      local x = a[i]
      local j = i - 1
      while j >= lo and before(x, a[j]) do
        a[j + 1] = a[j]
        j = j - 1
      end
      a[j + 1] = x
    end
  end
end

-- Runs lo to mid - 1 and mid to hi - 1 of a, in order, to b.
local function merge(a, b, lo, mid, hi, before)
  local i, j = lo, mid
  local x, y = a[i], a[j]
  for k = lo, hi - 1 do
    if before(y, x) then
      b[k] = y
      j = j + 1
      if j == hi then
        copy(a, i, mid - 1, k + 1, b)
        return
      end
      y = a[j]
    else
      b[k] = x
      i = i + 1
      if i == mid then
        copy(a, j, hi - 1, k + 1, b)
        return
      end
      x = a[i]
    end
  end
end

local function merge_runs(a, b, n, width, before)
  for lo = 1, n, 2 * width do
    local mid, hi = lo + width, lo + 2 * width
    if hi > n + 1 then hi = n + 1 end
    if mid >= hi or not before(a[mid], a[mid - 1]) then
      copy(a, lo, hi - 1, lo, b)
    else
      merge(a, b, lo, mid, hi, before)
    end
  end
end

local function sort_by(a, n, before)
  local b = {}
  local width = 4
  sort_runs(a, n, before)
  while width < n do
    merge_runs(a, b, n, width, before)
    a, b = b, a
    width = width * 2
  end
  return a
end

setslow("table.sort", function(t, before)
  check(t, 1, "__index", "__newindex", "__len")
  local n = length(t)
  if n < 2 then return end
  if n >= 0x7fffffff then argerror(1, "array too big") end
  if before ~= nil and @type(before) ~= 6 then
    typeerror(2, "function", before)
  end
  local list
  if @getmeta(t) == nil then
    list = copy(t, 1, n, 1, {})
  else
    list = {}
    for i = 1, n do list[i] = t[i] end
  end
  if before then list = sort_by(list, n, before) else sort(list) end
  if @getmeta(t) == nil then
    copy(list, 1, n, 1, t)
  else
    for i = 1, n do t[i] = list[i] end
  end
end)
