-- SPDX-License-Identifier: MIT
-- names of methods and upvalues through several levels
local function try(f, ...) print(pcall(f, ...)) end
local obj = {}
function obj:call() return self.missing() end
function obj:method() return self:missing() end
function obj:index() return self.missing.x end
function obj.static() return obj.nothing.x end
function obj:arith() return self.count + 1 end
function obj:concat() return "n=" .. self.count end
function obj:cmp() return self.count < 1 end
function obj:len() return #self.list end
function obj:set() self.list[1] = 2 end
for _, k in ipairs {"call", "method", "index", "static", "arith", "concat", "cmp", "len", "set"} do
  io.write(k, ": ")
  try(obj[k], obj)
end
