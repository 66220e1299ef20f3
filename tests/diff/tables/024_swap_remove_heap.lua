-- A binary heap and swap removal: writes at the end of the array part.
local heap, n = {}, 0
local function push(v)
  n = n + 1
  local i = n
  while i > 1 and heap[i // 2] > v do heap[i], i = heap[i // 2], i // 2 end
  heap[i] = v
end
local function pop()
  local top, last = heap[1], heap[n]
  heap[n] = nil
  n = n - 1
  local i = 1
  while i * 2 <= n do
    local c = i * 2
    if c < n and heap[c + 1] < heap[c] then c = c + 1 end
    if heap[c] >= last then break end
    heap[i], i = heap[c], c
  end
  if n > 0 then heap[i] = last end
  return top
end
for _, v in ipairs {5, 3.5, 8, 1, 9, 2, 7, 2, 6.25, -1} do push(v) end
print(#heap, n)
for _ = 1, 4 do io.write(pop(), " ") end print(#heap)
push(0) push(10)
while n > 0 do io.write(pop(), " ") end print(#heap, next(heap))
local bag = {"a", "b", "c", "d", "e"}
local function take(i) local v = bag[i] bag[i] = bag[#bag] bag[#bag] = nil return v end
print(take(2), take(1), #bag, table.concat(bag, " "))
print(take(#bag), take(1), take(1), #bag, bag[1])
local ring, size = {}, 4
for i = 1, 11 do ring[(i - 1) % size + 1] = i end
print(#ring, table.concat(ring, " "))
local sieve, primes = {}, {}
for i = 2, 60 do
  if not sieve[i] then primes[#primes + 1] = i for j = i * i, 60, i do sieve[j] = true end end
end
print(#primes, table.concat(primes, " "))
