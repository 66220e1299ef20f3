-- SPDX-License-Identifier: MIT
-- numeric for with bad limits
local function try(f, ...) print(pcall(f, ...)) end
try(function() for i = "a", 2 do end end)
try(function() for i = 1, "b" do end end)
try(function() for i = 1, 2, "c" do end end)
try(function() for i = nil, 2 do end end)
try(function() for i = 1, nil do end end)
try(function() for i = 1, 2, {} do end end)
try(function() for i = 1, 2, 0 do end end)
try(function() for i = 1.0, 2, 0 do end end)
try(function() for i = 1, 2, 0.0 do end end)
try(function() for i = 1, 2, -0.0 do end end)
try(function() for i = "1", 2 do end end)
try(function() for i = 1, "2" do end end)
try(function() for i = true, nosuch do end end)
try(function() for i = 1, print do end end)
