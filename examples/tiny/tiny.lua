-- A small Scheme: tiny.lua FILE.scm > FILE.rasm
-- Reads a program, writes assembly for Rove. README.md says what becomes what.
-- SPDX-License-Identifier: MIT

local here = arg[0]:match("^.*/") or ""
local reader, expand, gen = dofile(here .. "reader.lua"), dofile(here .. "expand.lua"),
  dofile(here .. "gen.lua")

local function data_of(path)
  local f, file = assert(io.open(path, "rb")), { path = path, name = path:match("[^/]*$") }
  return reader.read(f:read("a"), file), file
end

local ok, result = pcall(function()
  assert(#arg == 1, "usage: tiny.lua FILE.scm > FILE.rasm")
  local own, file = data_of(arg[1])
  return gen.program(reader, expand.program(reader, file, own, data_of(here .. "prelude.scm")))
end)
if not ok then
  local e = type(result) == "table" and result or { text = tostring(result) }
  local place = e.at and ("%s:%d:%d: "):format(e.at.file.path, e.at.line, e.at.col) or "tiny: "
  io.stderr:write(place, e.text, "\n")
  os.exit(1)
end
io.write(result)
