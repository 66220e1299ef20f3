-- Sorting and searching with jumps instead of flags.
local function bubble(t)
  local passes = 0
  ::again::
  passes = passes + 1
  for i = 1, #t - 1 do
    if t[i] > t[i + 1] then t[i], t[i + 1] = t[i + 1], t[i] goto again end
  end
  return table.concat(t, " "), passes
end
print(bubble {3, 1, 2}) print(bubble {}) print(bubble {5, 4, 3, 2, 1}) print(bubble {"b", "a", "c"}) print(bubble {1.5, 1, -0.5})
local function bsearch(t, x)
  local lo, hi = 1, #t
  ::probe::
  if lo > hi then return nil, lo end
  local mid = (lo + hi) // 2
  if t[mid] == x then return mid end
  if t[mid] < x then lo = mid + 1 else hi = mid - 1 end
  goto probe
end
local t = {1, 3, 5, 7, 9, 11}
for _, x in ipairs {1, 11, 6, 0, 12, 7.0} do local at, gap = bsearch(t, x) io.write(x, ":", tostring(at), ",", tostring(gap), " ") end print()
local function partition(t, lo, hi)
  local p, i, j = t[(lo + hi) // 2], lo - 1, hi + 1
  ::scan::
  repeat i = i + 1 until t[i] >= p
  repeat j = j - 1 until t[j] <= p
  if i >= j then return j end
  t[i], t[j] = t[j], t[i]
  goto scan
end
local function quick(t, lo, hi) ::top:: if lo < hi then local p = partition(t, lo, hi) quick(t, lo, p) lo = p + 1 goto top end return t end
print(table.concat(quick({9, 4, 7, 1, 8, 2, 2, 5, 0, -3}, 1, 10), " "), #quick({}, 1, 0))
local function words(s) local out, i = {}, 1 ::w:: local a, b = s:find("%a+", i) if a then out[#out + 1] = s:sub(a, b) i = b + 1 goto w end return #out, table.concat(out, "/") end
print(words "the quick  brown, fox") print(words "") print(words "123")
local function dedup(t) local seen, out = {}, {} for _, v in ipairs(t) do if seen[v] then goto dup end seen[v] = true out[#out + 1] = v ::dup:: end return table.concat(out, " ") end
print(dedup {1, 2, 1.0, "1", 3, 2, "1"})
