local buf, ticks, depth = {}, 0, 0

-- A value without addresses; tables by their raw contents, sorted.
function F(v, d)
  d = d or 0
  local t = math.type(v) or type(v)
  if t == "integer" then return string.format("%d", v) end
  if t == "float" then
    return v ~= v and "nan" or (string.format("%.17g", v):gsub("^-?%d+$", "%0.0"))
  end
  if t == "string" then
    local s = v:gsub("[^ -~]", function(c) return "\\" .. c:byte() end)
    return #s > 200 and "'" .. s:sub(1, 200) .. "'#" .. #v or "'" .. s .. "'"
  end
  if t ~= "table" then
    return (t == "nil" or t == "boolean") and tostring(v) or t
  end
  if d > 2 then return "{..}" end
  local out = {}
  for k, x in next, v do out[#out + 1] = F(k, d + 1) .. "=" .. F(x, d + 1) end
  table.sort(out)
  local mt = debug.getmetatable(v)
  return "{" .. table.concat(out, " ") .. (mt and "|mt}" or "}")
end

function P(...)
  local out = {}
  for i = 1, select("#", ...) do out[i] = F((select(i, ...))) end
  if #buf < 400 then buf[#buf + 1] = table.concat(out, " ") end
  return ...
end

-- Ends a program that does too much.
function T()
  ticks = ticks - 1
  if ticks < 0 then error("budget", 0) end
end

function Y(...)
  if coroutine.isyieldable() then return coroutine.yield(...) end
  return ...
end

-- A number made of anything, without events.
function V(x)
  if type(x) == "number" then return x == x and x or 1 end
  if type(x) == "string" then return #x end
  return type(x) == "table" and rawget(x, "v") or 7
end

-- Keeps strings short, whatever NaN is written as.
function L(x)
  if type(x) == "string" and x:find("nan", 1, true) then return "not a number" end
  return type(x) == "string" and #x > 40 and x:sub(1, 40) or x
end

-- A number of rounds.
function R(x)
  return math.type(x) == "integer" and x >= 0 and x <= 4 and x or 3
end

function N(x) if x ~= x then return 0.5 end return x end

function closer(name, fails)
  return setmetatable({}, {__close = function(_, e)
    P("close", name, e)
    if fails then error(fails, 0) end
  end})
end

function chunk(name, f)
  g1, g2, g3, g4 = nil, nil, nil, nil
  buf, ticks = {}, 2000
  local ok, e = pcall(f, 1, "v2", 3.5, nil, "v5")
  P("end", ok, e)
  io.write("== ", name, "\n", table.concat(buf, "\n"), "\n")
end
