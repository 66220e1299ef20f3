-- A tokenizer and a splitter made of patterns.
local function split(s, sep)
  local out = {}
  for piece in (s .. sep):gmatch("(.-)" .. sep:gsub("%p", "%%%0")) do out[#out + 1] = piece end
  return out
end
print(table.concat(split("a,b,,c", ","), "|"), #split("", ","), table.concat(split("1.2.3", "."), "|"), table.concat(split("x--y--z", "--"), "|"))
local function tokens(src)
  local out, pos = {}, 1
  while true do
    pos = src:find("%S", pos)
    if not pos then return out end
    local s, e = src:find("^%d+%.?%d*", pos)
    local kind = "num"
    if not s then s, e = src:find("^[%a_][%w_]*", pos) kind = "id" end
    if not s then s, e = src:find('^"[^"]*"', pos) kind = "str" end
    if not s then s, e = src:find("^[<>=~]=", pos) kind = "op2" end
    if not s then s, e = pos, pos kind = "op" end
    out[#out + 1] = kind .. ":" .. src:sub(s, e)
    pos = e + 1
  end
end
print(table.concat(tokens('x1 = 3.25*(y_2 + 10) <= "a b" ~= z'), " "))
local csv = 'name,"quoted, field",3,"say ""hi"""'
for field in (csv .. ","):gmatch('("?.-"?),%f[^,]') do io.write("[", field, "]") end print()
print(("CamelCaseString"):gsub("(%l)(%u)", "%1_%2"):lower(), ("snake_case_name"):gsub("_(%l)", string.upper))
print(("1234567"):reverse():gsub("(%d%d%d)", "%1,"):reverse(), ("a=1&b=2"):gsub("(%w)=(%w)", "%2=%1"))
print(("%41%42c"):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end), ("Hello"):gsub(".", function(c) return ("%02X"):format(c:byte()) end))
