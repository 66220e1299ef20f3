-- Loops made of labels and backward jumps.
do
  local i = 1
  ::top::
  io.write(i, " ")
  i = i + 1
  if i <= 5 then goto top end
  print()
end
do
  local i, j = 0, 0
  ::outer::
  i = i + 1
  j = 0
  ::inner::
  j = j + 1
  io.write(i, ".", j, " ")
  if j < i then goto inner end
  if i < 3 then goto outer end
  print()
end
local function gcd(a, b)
  ::again::
  if b == 0 then return a end
  a, b = b, a % b
  goto again
end
print(gcd(48, 36), gcd(17, 5), gcd(1071, 462))
local function collatz(n)
  local steps = 0
  ::step::
  if n == 1 then goto done end
  if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
  steps = steps + 1
  goto step
  ::done::
  return steps
end
print(collatz(1), collatz(6), collatz(27))
local function down(n) ::l:: if n > 0 then n = n - 1 goto l end return n end
print(down(1000), down(0), down(-5))
