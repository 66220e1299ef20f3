-- SPDX-License-Identifier: MIT
-- Recursive descent over bytes: an arithmetic expression, parsed and computed.
local n = tonumber((...)) or 14000
local byte, sub = string.byte, string.sub
local text, at

local expression
local function number()
  local from = at
  local c = byte(text, at)
  while c and c >= 48 and c <= 57 do
    at = at + 1
    c = byte(text, at)
  end
  return tonumber(sub(text, from, at - 1))
end
local function factor()
  local c = byte(text, at)
  if c == 40 then
    at = at + 1
    local v = expression()
    at = at + 1
    return v
  elseif c == 45 then
    at = at + 1
    return -factor()
  end
  return number()
end
local function term()
  local v = factor()
  while true do
    local c = byte(text, at)
    if c == 42 then
      at = at + 1
      v = v * factor() % 1000003
    elseif c == 37 then
      at = at + 1
      v = v % (factor() % 97 + 101)
    else
      return v
    end
  end
end
function expression()
  local v = term()
  while true do
    local c = byte(text, at)
    if c == 43 then
      at = at + 1
      v = v + term()
    elseif c == 45 then
      at = at + 1
      v = v - term()
    else
      return v
    end
  end
end

local piece = "(12+7*3-(4%3))*5-((8+9)*2-31)*-2+"
local total = 0
for i = 1, n do
  text, at = piece:rep(8) .. i, 1
  total = (total + expression()) % 1000000007
end
print("parser", total)
