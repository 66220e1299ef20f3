-- SPDX-License-Identifier: MIT
-- files closed by scope, by the collector, by hand
local name = os.tmpname()
local kept
do
  local f <close> = io.open(name, "w")
  kept = f
  f:write("scope")
end
print(io.type(kept), kept)
print(pcall(function()
  local f <close> = assert(io.open(name))
  kept = f
  error("out", 0)
end))
print(io.type(kept))
do
  local f = io.open(name, "w")
  f:write("collected")
end
collectgarbage() collectgarbage()
print(io.open(name):read("a"))
for i = 1, 1500 do io.open(name):read(1) end
print(io.type(io.open(name)))
local mt = getmetatable(kept)
print(mt.__gc(kept), pcall(mt.__gc, 5))
print(pcall(mt.__tostring, 5))
local f = io.open(name)
mt.__close(f)
print(io.type(f))
do
  local closed <close> = kept
end
for l in io.lines(name) do
  kept = l
  break
end
local t = setmetatable({}, {__mode = "k"})
t[io.open(name)] = true
t[io.stdout] = "out"
collectgarbage()
local n = 0
for k, v in pairs(t) do n = n + 1 end
print(n, t[io.stdout])
print(os.remove(name))
