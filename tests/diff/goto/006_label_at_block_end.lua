-- A label at the end of a block is outside the scope of its locals.
do
  goto done
  local x = 5
  print("skipped", x)
  ::done::
end
print("a")
for i = 1, 3 do
  if i == 2 then goto cont end
  local captured = i
  local f = function() return captured end
  io.write(f(), " ")
  ::cont::
end
print()
do
  goto l
  local a
  ::l:: ::m:: ;;
end
local function f(x)
  if x then goto out end
  local y = "local"
  do return y end
  ::out::
end
print(f(false), f(true))
while true do
  local a = 1
  if a then goto brk end
  do local b = 2 end
  ::brk::
  break
end
print(load("while true do goto b local x ::b:: break end"))
print(pcall(load, "do goto l local a ::l:: print(a) end"))
print(load("do goto l; local a; ::l:: ; end return 'ok'")())
print(load("goto l; local a; ::l:: return a"))
print(load("repeat goto c; local z; ::c:: until z"))
print(load("repeat goto c; local z; ::c:: until true return 'until true'"))
print(load("goto l; do local a end ::l:: return 'fine'")())
print(load("local a; goto l; ::l:: local b = 1; return b")())
