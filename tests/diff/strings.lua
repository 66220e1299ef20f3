-- SPDX-License-Identifier: MIT
-- The reference for strings.rasm, which says what the input looks like.
local data, pos = io.read("a"), 1

local functions
functions = {
  [0] = function(a) return a end,
  function() end,
  function() return false end,
  function(...) return select("#", ...) end,
  function() return {} end,
  function() error("bad function", 0) end,
  function(...) return select(-1, ...), 1, 2 end,
  function(_, k) return k .. k end,
  function(s) return "<" .. string.gsub(s, ".", functions[0]) .. ">" end,
}

local function take(format)
  local v
  v, pos = string.unpack(format, data, pos)
  return v
end

local function argument()
  local letter = take("c1")
  if letter == "i" then return take("<j") end
  if letter == "d" then return take("<d") end
  if letter == "s" then return take("<s4") end
  if letter == "T" then return true end
  if letter == "F" then return false end
  if letter == "f" then return functions[take("B")] end
  if letter == "x" then
    return setmetatable({}, {__index = functions[take("B")]})
  end
  if letter == "t" then
    local t = {}
    for _ = 1, take("B") do
      local k = argument()
      t[k] = argument()
    end
    return t
  end
end

local subjects = {
  find = string.find, match = string.match, gsub = string.gsub,
  pack = string.pack, packsize = string.packsize, unpack = string.unpack,
  char = utf8.char, codepoint = utf8.codepoint, len = utf8.len,
  offset = utf8.offset,
}

function subjects.gmatch(s, p, init)
  local all = {}
  local next_match = string.gmatch(s, p, init)
  while true do
    local r = table.pack(next_match())
    if r[1] == nil then break end
    all[#all + 1] = table.concat(r, ",", 1, r.n)
  end
  return table.concat(all, ";")
end

-- Written out from the manual of 5.4.8: 5.4.4 lets some strings pass.
function subjects.codes(s, lax)
  local function goes_on(i)
    local b = s:byte(i)
    return b and b & 0xc0 == 0x80
  end
  local all, i = {}, 1
  while goes_on(i) do i = i + 1 end -- string "codes" itself refuses these
  while i <= #s do
    local good, code = pcall(utf8.codepoint, s, i, i, lax)
    if not good then error("invalid UTF-8 code") end
    local behind = i + #utf8.char(code)
    if goes_on(behind) then error("invalid UTF-8 code") end
    all[#all + 1] = i
    all[#all + 1] = code
    i = behind
  end
  return table.concat(all, ",")
end

local function text(v)
  local kind = type(v)
  if kind == "table" or kind == "function" then return kind end
  return string.format("%q", v)
end

while pos <= #data do
  local f, n, args = subjects[take("s1")], take("B"), {}
  for i = 1, n do args[i] = argument() end
  local r = table.pack(pcall(f, table.unpack(args, 1, n)))
  for i = 1, r.n do io.write(text(r[i]), "\t") end
  io.write("\n")
end
