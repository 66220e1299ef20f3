-- A scanner written as states and jumps.
local function scan(s)
  local pos, out, start = 1, {}, 1
  local c
  ::start::
  c = s:sub(pos, pos)
  if c == "" then goto done end
  if c:find "%s" then pos = pos + 1 goto start end
  start = pos
  if c:find "%d" then goto number end
  if c:find "%a" then goto word end
  if c == '"' then pos = pos + 1 goto str end
  out[#out + 1] = "op:" .. c
  pos = pos + 1
  goto start
  ::number::
  c = s:sub(pos, pos)
  if c:find "%d" then pos = pos + 1 goto number end
  if c == "." then pos = pos + 1 goto fraction end
  out[#out + 1] = "int:" .. s:sub(start, pos - 1)
  goto start
  ::fraction::
  if s:find("^%d", pos) then pos = pos + 1 goto fraction end
  out[#out + 1] = "float:" .. s:sub(start, pos - 1)
  goto start
  ::word::
  if s:find("^%w", pos) then pos = pos + 1 goto word end
  out[#out + 1] = "word:" .. s:sub(start, pos - 1)
  goto start
  ::str::
  c = s:sub(pos, pos)
  if c == "" then goto bad end
  pos = pos + 1
  if c ~= '"' then goto str end
  out[#out + 1] = "str:" .. s:sub(start + 1, pos - 2)
  goto start
  ::bad::
  out[#out + 1] = "unfinished:" .. s:sub(start)
  ::done::
  return table.concat(out, " ")
end
print(scan "x1 = 3.14 + 42") print(scan 'say "hello world" 7') print(scan "") print(scan 'a"b') print(scan "(1.)(2)") print(scan "   ")
