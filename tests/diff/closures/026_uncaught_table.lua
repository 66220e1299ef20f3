-- An error object with __tostring, uncaught, from the main chunk. exit: 1
local E = {__tostring = function(e) return "E<" .. e.what .. ">" end}
local function raise(what) error(setmetatable({what = what}, E)) end
for i = 1, 5 do
  local ok, e = pcall(raise, "caught " .. i)
  print(ok, tostring(e), getmetatable(e) == E)
end
raise "not caught"
