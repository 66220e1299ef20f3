-- Mutual jumps between labels in one block; a jump table made of ifs.
local function parity(s)
  local i = 0
  ::even::
  i = i + 1
  if i > #s then return "even" end
  if s:sub(i, i) == "1" then goto odd end
  goto even
  ::odd::
  i = i + 1
  if i > #s then return "odd" end
  if s:sub(i, i) == "1" then goto even end
  goto odd
end
for _, s in ipairs {"", "1", "11", "10101", "0000", "1111111"} do io.write(s, ":", parity(s), " ") end print()
local function run(program)
  local acc, pc, out, fuel = 0, 1, {}, 100
  ::fetch::
  fuel = fuel - 1
  local op = program[pc]
  if not op or fuel == 0 then goto halt end
  pc = pc + 1
  if op[1] == "add" then goto add elseif op[1] == "jnz" then goto jnz elseif op[1] == "out" then goto out elseif op[1] == "mul" then goto mul else goto halt end
  ::add:: acc = acc + op[2] goto fetch
  ::mul:: acc = acc * op[2] goto fetch
  ::jnz:: if acc ~= 0 then pc = op[2] end goto fetch
  ::out:: out[#out + 1] = acc goto fetch
  ::halt:: do return table.concat(out, ","), acc, fuel end
end
print(pcall(load, "goto f local op ::f:: return op"))
print(run {{"add", 5}, {"out"}, {"add", -1}, {"jnz", 2}, {"add", 7}, {"mul", 6}, {"out"}})
print(run {{"add", 1}, {"jnz", 1}}) print(run {}) print(run {{"bad"}}) print(run {{"out"}, {"out"}})
