-- Iterators of lines keep the file, which nothing else holds, open.
local function all(next_line)
  local n = 0
  for line in next_line do
    collectgarbage()
    n = n + 1
    print(n, line)
  end
  return n
end

local p = io.popen("printf 'a\\nb\\nc\\n'")
local next_line = p:lines()
p = nil
print(all(next_line))

local name = os.tmpname()
local f <close> = assert(io.open(name, "w"))
f:write("one 1\ntwo 2\nthree 3\n")
f:close()

print(all(io.open(name):lines()))
print(all(io.open(name):lines("L")))
print(all((io.lines(name))))
local pairs_of = io.lines(name, 3, "n", "l")
for i = 1, 3 do
  collectgarbage()
  print(pairs_of())
end
io.input(name)
next_line = io.lines()
io.input(io.stdin)
print(all(next_line))
os.remove(name)
