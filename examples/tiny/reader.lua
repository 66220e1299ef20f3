-- Text to data. A datum is a table with a kind `k` and its place (file, line, col): list
-- (items at 1..n, `tail` when dotted), vec, sym, int, float, str, bool, char; atoms have
-- their value in `v`. SPDX-License-Identifier: MIT

local char_names = { space = 32, newline = 10, tab = 9, null = 0, ["return"] = 13 }
local escapes = { n = "\n", t = "\t", r = "\r", ["\\"] = "\\", ['"'] = '"' }

-- Stops with an error at the place of a datum.
local function fail(at, ...) error({ at = at, text = string.format(...) }, 0) end

-- All data of a text.
local function read(text, file)
  local pos, line, bol = 1, 1, 0 -- bol: where the line before ends
  local datum
  local function here(kind, value)
    return { k = kind, v = value, file = file, line = line, col = pos - bol }
  end
  local function advance(n)
    for i = pos, pos + n - 1 do
      if text:byte(i) == 10 then line, bol = line + 1, i end
    end
    pos = pos + n
  end
  local function skip()
    local blank = text:match("^%s+", pos) or text:match("^;[^\n]*", pos) or
      text:match("^#|.-|#", pos)
    if not blank then return end
    advance(#blank)
    return skip()
  end
  local function string_datum()
    local at, last = here("str"), text:find('["\\]', pos + 1)
    while last and text:byte(last) == 92 do last = text:find('["\\]', last + 2) end
    if not last then fail(at, "string without end") end
    at.v = text:sub(pos + 1, last - 1):gsub("\\(.)", function(c)
      return escapes[c] or fail(at, "unknown escape \\%s in a string", c)
    end)
    advance(last + 1 - pos)
    return at
  end
  local function character()
    local at, name = here("char"), text:match("^%a%w+", pos + 2) or text:sub(pos + 2, pos + 2)
    at.v = #name == 1 and name:byte() or char_names[name] or
      fail(at, "unknown character #\\%s", name)
    advance(#name + 2)
    return at
  end
  local function atom()
    local word = text:match("^[^%s()\"';]+", pos)
    local at = here("sym", word or fail(here(), "unexpected %s", text:sub(pos, pos)))
    local number = word:gsub("^%+", "")
    if word:find("^#[tf]") then
      at.k, at.v = "bool", word:sub(2, 2) == "t"
    elseif number:find("^-?%.?%d[%d.eE+-]*$") then
      at.v = tonumber(number) or fail(at, "%s is no number", word)
      at.k = math.type(at.v) == "integer" and "int" or number:find("[.eE]") and "float" or
        fail(at, "%s does not fit 64 bits", word)
    elseif word:find("^[#`,]") then
      fail(at, "%s is not part of this language", word)
    end
    advance(#word)
    return at
  end
  local function list(at)
    while true do
      skip()
      local dot = here()
      if pos > #text then
        fail(at, "this parenthesis is never closed")
      elseif text:byte(pos) == 41 then
        advance(1)
        return at
      elseif text:find("^%.[%s()]", pos) then
        advance(1)
        at.tail = datum()
        skip()
        local good = #at > 0 and at.k == "list" and text:byte(pos) == 41
        if not good then fail(dot, "misplaced dot") end
      else
        at[#at + 1] = datum()
      end
    end
  end
  function datum()
    skip()
    local at, c = here("list"), text:match("^#?[(\\]", pos) or text:sub(pos, pos)
    if c == "(" or c == "#(" then
      at.k = c == "(" and "list" or "vec"
      advance(#c)
      return list(at)
    elseif c == "'" then
      at[1] = here("sym", "quote")
      advance(1)
      at[2] = datum()
      return at
    elseif c == "" then
      fail(at, "the text ends too early")
    end
    return c == '"' and string_datum() or c == "#\\" and character() or atom()
  end
  local all = {}
  skip()
  while pos <= #text do
    all[#all + 1] = datum()
    skip()
  end
  return all
end

return { read = read, fail = fail }
