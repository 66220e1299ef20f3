-- Errors thrown inside handlers reach the caller's pcall with their value.
local function e(v) return function() error(v, 0) end end
local val = {}
local T = setmetatable({}, {__add = e "add", __index = e "index", __newindex = e "newindex", __call = e "call", __len = e "len", __eq = e "eq", __lt = e "lt", __le = e "le", __concat = e "concat", __unm = e "unm", __tostring = e "tostring", __pairs = e "pairs", __close = e "close", __shl = e(val), __idiv = e(nil)})
local U = setmetatable({}, getmetatable(T))
for _, f in ipairs {function() return T + 1 end, function() return T.x end, function() T.x = 1 end, function() return T() end, function() return #T end,
  function() return T == U end, function() return T < U end, function() return T >= U end, function() return T .. "" end, function() return -T end,
  function() return tostring(T) end, function() for _ in pairs(T) do end end, function() local x <close> = T end, function() print(T) end,
  function() return T // 1 end, function() return T:method() end, function() return T[1][2] end, function() return table.concat({}, T) end} do
  local ok, m = pcall(f)
  print(ok, (tostring(m)))
end
print(select(2, pcall(function() return T << 1 end)) == val)
local where = setmetatable({}, {__add = function() error("positioned") end, __sub = function() error("level 2", 2) end, __mul = function() local x = nil return x.y end})
print(pcall(function() return where + 1 end))
print(pcall(function() return where - 1 end))
print(pcall(function() return where * 1 end))
print(xpcall(function() return where + 1 end, function(m) return "handled: " .. m end))
local n = 0
local retry = setmetatable({}, {__index = function(_, k) n = n + 1 if n < 3 then error("try " .. n, 0) end return k .. " at last" end})
repeat local ok, r = pcall(function() return retry.value end) print(ok, r) until ok
