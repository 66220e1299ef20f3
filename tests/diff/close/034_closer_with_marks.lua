-- SPDX-License-Identifier: MIT
-- a __close function that has variables to close itself, run by an error
local function quiet(name)
  return setmetatable({}, {__close = function(_, e) print(name, e) end})
end
local function closer(name, ...)
  local throws = select("#", ...) > 0 and table.pack(...)
  return setmetatable({}, {__close = function(_, e)
    local own <close> = quiet("own of " .. name)
    print(name, e)
    if throws then error(throws[1], 0) end
    return 1
  end})
end
print(pcall(function()
  local function inner()
    local a <close> = quiet "a"
    local b <close> = closer "b"
    local c <close> = quiet "c"
    error("x", 0)
  end
  inner()
end))
print(pcall(function()
  local function inner()
    local a <close> = closer("a", "from a")
    local b <close> = closer("b", "from b")
    error("x", 0)
  end
  local function middle() local m <close> = closer "m" inner() end
  middle()
end))
print(xpcall(function()
  local function inner()
    local a <close> = closer("a", "from a")
    local b <close> = closer "b"
    error("x", 0)
  end
  inner()
end, function(m) return "<" .. m .. ">" end))
print(coroutine.resume(coroutine.create(function()
  local function inner()
    local a <close> = quiet "a"
    local b <close> = closer "b"
    pcall(error)
    return pcall(function()
      local function deep() local c <close> = quiet "c" local d <close> = closer "d" error("y", 0) end
      deep()
    end)
  end
  return inner()
end)))
