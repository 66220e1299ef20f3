local methods = {}
function methods.step(o, dt)
  o.x = o.x + o.vx * dt
  o.n = o.n + 1
end
local o = setmetatable({ x = 0.0, vx = 0.5, n = 0 }, { __index = methods })
for i = 1, 20000000 do o:step(1.0) end
print(string.format("%.0f", o.x + o.n))
