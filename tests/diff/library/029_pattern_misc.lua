-- SPDX-License-Identifier: MIT
-- parsing small languages with patterns
local function csv(line)
  local t = {}
  for f in (line .. ","):gmatch("([^,]*),") do t[#t + 1] = f end
  return t
end
print(#csv("a,b,,d"), table.concat(csv("a,b,,d"), "|"))
local function split(s, sep)
  local t, i = {}, 1
  while true do
    local a, b = s:find(sep, i, true)
    t[#t + 1] = s:sub(i, a and a - 1)
    if not a then return t end
    i = b + 1
  end
end
print(table.concat(split("a::b::::c", "::"), "|"))
print((("some_snake_case"):gsub("_(%l)", string.upper)))
print((("CamelCaseText"):gsub("%u", function(c) return "_" .. c:lower() end):gsub("^_", "")))
print(("%d items"):gsub("%%d", "5"))
print((("a%20b+c"):gsub("+", " "):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end)))
print((("<b>&</b>"):gsub("[<>&]", {["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;"})))
local function commas(n)
  local s, k = tostring(n), nil
  repeat s, k = s:gsub("^(-?%d+)(%d%d%d)", "%1,%2") until k == 0
  return s
end
print(commas(1234567), commas(-123), commas(1000))
print(("https://host:80/path?q=1"):match("^(%a+)://([^:/]+):?(%d*)(/[^?]*)%??(.*)$"))
print((("  many   spaces  "):gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " ")) .. "|")
print(("x = 10 -- comment"):match("^(.-)%s*%-%-.*$"))
print(("level[3].name"):gsub("[%[%]]", {["["] = ".", ["]"] = ""}))
