-- Coroutines suspended inside metamethods continue where they were.
local y = coroutine.yield
local M = {}
for _, e in ipairs {"add", "sub", "mul", "div", "mod", "idiv", "pow", "unm", "concat", "len", "band", "bor", "bxor", "shl", "shr", "bnot", "index", "call"} do
  M["__" .. e] = function(a, b) local r = y(e) return r end
end
M.__eq = function() return y "eq" end
M.__lt = function() return y "lt" end
M.__le = function() return y "le" end
M.__newindex = function(t, k, v) rawset(t, k, y "newindex") end
local function new() return setmetatable({}, M) end
local co = coroutine.wrap(function()
  local a, b = new(), new()
  local r = {a + 1, 1 - a, a * a, a / 2, a % 2, a // 2, a ^ 2, -a, #a, a & 1, a | 1, a ~ 1, a << 1, a >> 1, ~a, a.field, a[1], a()}
  r[#r + 1] = a .. "x" r[#r + 1] = "x" .. "y" .. a
  r[#r + 1] = tostring(a == b) r[#r + 1] = tostring(a < b) r[#r + 1] = tostring(a <= b) r[#r + 1] = tostring(a > b) r[#r + 1] = tostring(a ~= b)
  a.new = "value"
  r[#r + 1] = rawget(a, "new")
  if a == b then r[#r + 1] = "then" else r[#r + 1] = "else" end
  if not (a < b) then r[#r + 1] = "then" else r[#r + 1] = "else" end
  for k in a do r[#r + 1] = k end
  return table.concat(r, " ")
end)
local out, n = {}, 0
local v = co()
while #v < 12 do
  n = n + 1
  out[#out + 1] = v
  if n == 29 then v = co("k1") elseif n == 30 then v = co(nil) elseif v == "eq" or v == "lt" then v = co(n % 2 == 0) else v = co(n) end
  if n > 40 then break end
end
for i = 1, #out, 6 do print(table.concat(out, " ", i, math.min(i + 5, #out))) end
print((v:gsub("then", "\n%0")))
