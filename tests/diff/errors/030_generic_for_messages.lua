-- SPDX-License-Identifier: MIT
-- generic for over what is no iterator
local function try(f, ...) print(pcall(f, ...)) end
try(function() for x in 5 do end end)
try(function() for x in nosuch do end end)
try(function() for x in {} do end end)
try(function() for x in "abc" do end end)
try(function() local t = {}; for x in t do end end)
try(function() for x in pairs(nil) do end end)
try(function() for x in ipairs(nil) do end end)
try(function() for x in ipairs() do end end)
try(function() for x in pairs() do end end)
try(function() for x in next, nil do end end)
try(function() for x in next, {}, "no key" do end end)
try(function() for x in function() error("in iterator", 0) end do end end)
try(function() for x in function() error("in iterator", 1) end do end end)
