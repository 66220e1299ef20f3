-- SPDX-License-Identifier: MIT
-- Design I2: depth is a limit that one sets, never the C stack. The argument is
-- the depth; deep.sh runs this with little C stack. Speaks TAP.
local depth = tonumber(...)

local function plain(n)
  if n == 0 then return 0 end
  return 1 + plain(n - 1)
end

local indexed = setmetatable({}, {__index = function(t, n)
  if n == 0 then return 0 end
  return 1 + t[n - 1]
end})

local adding = {}
adding.__add = function(a, b)
  local n = type(a) == "table" and a.n or b.n
  if n == 0 then return 0 end
  return 1 + (setmetatable({n = n - 1}, adding) + 0)
end

local function protected(n)
  if n == 0 then return 0 end
  local ok, v = pcall(protected, n - 1)
  return ok and v + 1 or error(v, 0)
end

local function replaced(n)
  if n == 0 then return "x" end
  return (("a"):gsub(".", function() return replaced(n - 1) end))
end

local function compared(n)
  if n == 0 then return 0 end
  local v
  table.sort({2, 1}, function(a, b)
    v = v or compared(n - 1)
    return a < b
  end)
  return v + 1
end

local function shown(n)
  return setmetatable({}, {__tostring = function()
    if n == 0 then return "end" end
    return tostring(shown(n - 1))
  end})
end

local cases = {
  {"calls", function() return plain(depth) == depth end},
  {"__index", function() return indexed[depth] == depth end},
  {"__add", function()
    return setmetatable({n = depth}, adding) + 0 == depth
  end},
  {"pcall", function() return protected(depth) == depth end},
  {"gsub callbacks", function() return replaced(depth) == "x" end},
  {"sort comparators", function() return compared(depth) == depth end},
  {"__tostring", function() return tostring(shown(depth)) == "end" end},
}
for i, c in ipairs(cases) do
  local ok, v = pcall(c[2])
  print((ok and v and "ok " or "not ok ") .. i .. " - " .. depth .. " deep: " ..
        c[1])
  if not ok then print("# " .. tostring(v)) end
end
print("1.." .. #cases)
