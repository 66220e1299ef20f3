-- Every reserved word is refused as a name; near misses are not.
local words = "and break do else elseif end false for function goto if in " ..
  "local nil not or repeat return then true until while"
local refused, taken = {}, {}
for w in words:gmatch("%a+") do
  local f, message = load("local " .. w .. " = 1", "=w")
  refused[#refused + 1] = f == nil and message:match("near '(%a+)'")
  taken[#taken + 1] = load("local " .. w:upper() .. " = 1 return 1")()
  assert(load("local _" .. w .. ", " .. w .. "_ = 1"))
end
print(#refused, table.concat(refused, ","))
print(#taken, table.concat(taken, ","))
for _, w in ipairs {"continue", "class", "self", "integer", "const", "close",
  "_ENV", "goto2", "xor"} do
  print(w, load("local " .. w .. " = '" .. w .. "' return " .. w)())
end
