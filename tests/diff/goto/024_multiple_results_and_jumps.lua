-- Open results, varargs and method calls on both sides of jumps.
local function pick(mode, ...)
  if mode == "all" then goto all elseif mode == "first" then goto first elseif mode == "count" then goto count end
  do return end
  ::all:: do return ... end
  ::first:: do return (...) end
  ::count:: return select("#", ...)
end
print(pick("all", 1, nil, 3)) print(pick("first", 1, 2)) print(pick("count", nil, nil)) print(select("#", pick("none", 1)))
local t = {pick("all", 1, 2), pick("all", 3, 4)}
print(#t, table.concat(t, " "))
local function collect(...)
  local out, i = {}, 0
  ::next::
  i = i + 1
  if i > select("#", ...) then return table.unpack(out) end
  local v = select(i, ...)
  if type(v) == "table" then
    for _, w in ipairs {collect(table.unpack(v))} do out[#out + 1] = w end
    goto next
  end
  out[#out + 1] = v
  goto next
end
print(collect(1, {2, {3, 4}, {}}, "five", {{{6}}}))
local Reader = {}
Reader.__index = Reader
function Reader:read() self.i = self.i + 1 return self.s:sub(self.i, self.i), self.i end
function Reader:skip(c) local x, n ::again:: x, n = self:read() if x == c then goto again end return x, n end
local rd = setmetatable({s = "aaabbb", i = 0}, Reader)
print(rd:skip "a") print(rd:skip "b") print(rd:skip "z")
local a, b = 1, 1
local seq = {}
::fib:: seq[#seq + 1] = a a, b = b, a + b if #seq < 15 then goto fib end
print(table.concat(seq, " "))
local s = "x" ::grow:: s = s .. #s if #s < 20 then goto grow end print(s, #s)
