-- Backtracking with jumps: all boards of four and six queens.
local function queens(n)
  local cols, found = {}, {}
  local row, col = 1, 1
  ::try::
  if col > n then goto backtrack end
  for r = 1, row - 1 do
    if cols[r] == col or cols[r] - col == r - row or cols[r] - col == row - r then goto next_col end
  end
  cols[row] = col
  if row == n then
    found[#found + 1] = table.concat(cols, "", 1, n)
    goto next_col
  end
  row, col = row + 1, 1
  goto try
  ::next_col::
  col = col + 1
  goto try
  ::backtrack::
  row = row - 1
  if row == 0 then goto done end
  col = cols[row] + 1
  goto try
  ::done::
  return #found, table.concat(found, " ")
end
for n = 1, 6 do print(n, queens(n)) end
