-- SPDX-License-Identifier: MIT
-- values to close in each kind of block
local function C(n) return setmetatable({}, {__close = function() print("close " .. n) end}) end
if true then local a <close> = C "if" end
if false then else local a <close> = C "else" end
if false then elseif true then local a <close> = C "elseif" end
local n = 0
while n < 2 do n = n + 1; local a <close> = C("while" .. n) end
repeat n = n - 1; local a <close> = C("repeat" .. n) until a == nil or n == 0
for i = 1, 2 do local a <close> = C("for" .. i) end
for k in pairs {only = 1} do local a <close> = C(k) end
local function f() local a <close> = C "function" end
f()
print((function() local a <close> = C "expression"; return "r" end)())
