-- SPDX-License-Identifier: MIT
-- the message and its line
local function try(f, ...) print(pcall(f, ...)) end
try(function() local x <close> = 1 end)
try(function() local name <close> = {} end)
try(function()
  local a = 1
  local deep <close> =
    "text"
end)
local log = {}
local ok <const> = setmetatable({}, {__close = function() log[#log + 1] = "closed" end})
try(function()
  local first <close> = ok
  local second <close> = {}
  log[#log + 1] = "never"
end)
print(#log, log[1])
try(function() for _ in next, {}, nil, 5 do end end)
try(function() for _ in next, {}, nil, {} do end end)
