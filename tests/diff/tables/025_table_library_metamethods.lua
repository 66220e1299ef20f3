-- table functions obey __index, __newindex and __len.
local log = {}
local function proxy(t)
  return setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "r" .. tostring(k) return t[k] end,
    __newindex = function(_, k, v) log[#log + 1] = "w" .. tostring(k) t[k] = v end,
    __len = function() log[#log + 1] = "#" return #t end,
  })
end
local function flush(...) print(table.concat(log, " "), ...) log = {} end
local t = {1, 2, 3}
local p = proxy(t)
table.insert(p, 4) flush(table.concat(t, ","))
table.insert(p, 1, 0) flush(table.concat(t, ","))
flush(table.remove(p), table.concat(t, ","))
flush(table.remove(p, 1), table.concat(t, ","))
flush(table.concat(p, "-"))
flush(table.unpack(p))
flush(table.unpack(p, 2, 3))
table.move(p, 1, 2, 3) flush(table.concat(t, ","))
print(#p, rawlen(p), next(p), select("#", table.unpack(p, 1, 0)))
log = {}
t = {3, 1, 2} p = proxy(t)
table.sort(p) log = {} flush(table.concat(t, ","))
for i, v in ipairs(p) do log[#log + 1] = i .. "=" .. v end flush()
print(pcall(table.insert, setmetatable({}, {__len = function() return "9" end}), "x"))
print(pcall(table.concat, setmetatable({}, {__len = function() return 1.5 end})))
print(pcall(table.unpack, setmetatable({}, {__len = function() return {} end})))
print(select(2, pcall(table.insert, setmetatable({}, {__newindex = function() error("read only", 0) end}), 1)))
print(pcall(table.concat, setmetatable({}, {__index = table, __metatable = false, __len = function() return 0 end})))
