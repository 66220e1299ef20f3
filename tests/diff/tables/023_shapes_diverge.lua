-- Objects built alike and then apart; same fields in another order.
local function new(x, y) return {x = x, y = y} end
local objs = {}
for i = 1, 10 do objs[i] = new(i, -i) end
objs[2].z = "z2" objs[3].w = "w3" objs[4].x = nil objs[5].y = nil objs[6].x = "str" objs[7][1] = "arr"
objs[8] = {y = -8, x = 8} objs[9] = setmetatable({}, {__index = new(9, -9)}) objs[10] = {x = 10}
for i, o in ipairs(objs) do io.write(i, ":", tostring(o.x), ",", tostring(o.y), ",", tostring(o.z), ",", tostring(o.w), ",", tostring(o[1]), " ") end
print()
objs[4].x = "back" objs[5].y = "back2"
print(objs[4].x, objs[4].y, objs[5].x, objs[5].y)
local function get(o) return o.value end
local kinds = {{value = 1}, {other = 0, value = 2}, {a = 1, b = 2, value = 3}, setmetatable({}, {__index = {value = 4}}),
  setmetatable({}, {__index = function(_, k) return k .. "5" end}), {value = false}, {}}
for round = 1, 3 do for _, o in ipairs(kinds) do io.write(tostring(get(o)), " ") end end print()
local function set(o, v) o.value = v end
for i, o in ipairs(kinds) do set(o, i * 10) end
for _, o in ipairs(kinds) do io.write(tostring(rawget(o, "value")), " ") end print()
local wide = {}
for i = 1, 80 do wide["field" .. i] = i end
local sum = 0 for i = 1, 80 do sum = sum + wide["field" .. i] end
print(sum, wide.field1, wide.field80, wide.field81)
for i = 1, 80 do wide["field" .. i] = nil end
print(next(wide)) wide.field40 = "again" print(next(wide))
local proto = {greet = function(self) return "hi " .. self.name end}
local a, b = setmetatable({name = "a"}, {__index = proto}), setmetatable({name = "b"}, {__index = proto})
print(a:greet(), b:greet()) a.greet = function() return "own" end print(a:greet(), b:greet())
proto.greet = function(self) return "bye " .. self.name end print(a:greet(), b:greet()) a.greet = nil print(a:greet())
