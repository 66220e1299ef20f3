-- Division by zero: an error for integers, infinities for floats.
print(pcall(function() return 1 // 0 end))
print(pcall(function() return 1 % 0 end))
print(pcall(function() return 0 // 0 end))
local z = 0
print(pcall(function() return 5 // z end))
print(pcall(function() return 5 % z end))
print(1 / 0, -1 / 0, 1 / 0.0, 1 / -0.0, 1 // 0.0, -1 // 0.0, 1.0 // 0)
local function nan(x) return x ~= x end
print(nan(0 / 0), nan(0.0 // 0), nan(1 % 0.0), nan(0.0 % 0), nan(math.huge % 2), nan(math.huge // 1))
print(5 % math.huge, -5 % math.huge, 5 % -math.huge, -5 % -math.huge)
print(5 // math.huge, -5 // math.huge, 5 // -math.huge, 5.0 / math.huge)
print(math.mininteger // -1, math.mininteger % -1, math.mininteger // 1)
