-- luacheck's checker over the files that the arguments name.
local luacheck = require "luacheck"
local format = require "luacheck.format"
local stages = require "luacheck.stages"

local files, sources = {}, {}
for _, name in ipairs(arg) do
  local f <close> = assert(io.open(name, "rb"))
  files[#files + 1] = name
  sources[#sources + 1] = f:read "a"
end

local function report(names, r)
  print(r.warnings, r.errors, r.fatals)
  for i, name in ipairs(names) do
    for _, w in ipairs(r[i]) do
      print(("%s:%d:%d-%d: (%s) %s"):format(name, w.line, w.column,
                                            w.end_column or -1, w.code,
                                            luacheck.get_message(w)))
    end
  end
end

report(files, luacheck.check_strings(sources, {
  std = "max", max_line_length = 80, max_cyclomatic_complexity = 8,
}))

-- Programs that have something of everything.
local bad = {
  "local a = 1\nb = a\nreturn undefined.x",
  "local x; local x = x; x = 2; x = 3",
  "for i = 10, 1 do end for i = 1, #t, -1 do end",
  "if true then end\n  \nlocal function f() return 1; end;;",
  "local t = {a = 1, a = 2, 3, [1] = 4}\nt.x = 1",
  "goto done; local y; ::done:: ::unused:: do return end print(y)",
  "local a, b = 1; a, b = 1, 2, 3; local c, d = f(), nil",
  "function m.f(self, x, ...) local self = x end",
  "local z <const> = 1; z = 2", "local w <close> = nil", "x = = 1", "return '",
  "print(1 // 2, 1 << 3, ~5, a & b | c ~ d)", "break", "goto nowhere",
  "-- luacheck: ignore 113\nprint(nothing)\n-- luacheck: push\n",
  "-- luacheck: globals g, std none\nprint(g)", "x = a == not b; return -x^2",
  "local s = 'a\\\n  b\\z  \n c\\x41\\u{20AC}\\065' -- trailing  \nreturn s",
  "return [==[ ]] ]==], 0x1p4, 1e-3, 3., .5, 0xA.8, 1LL",
  "repeat local q = 1 until q > 2\nwhile false do local r end",
  "a.b.c = 1; a['x y'].z:w{1}; ('s'):rep(2); f''", "return ...; ",
  "local function rec() return rec() end local function un() end",
  "x = 1 + + 2", "local = 3", "f(", "x = }", "for k v in t do end", "\1",
}
local names = {}
for i = 1, #bad do names[i] = "bad" .. i end
report(names, luacheck.check_strings(bad, {std = "min"}))
report(names, luacheck.check_strings(bad, {
  ignore = {"1../x", "2"}, globals = {"b", "t"}, unused_args = false,
  allow_defined_top = true, {std = "none"}, {only = {"4"}},
}))
print(select(2, pcall(luacheck.check_strings, bad, {
  max_line_length = "long",
})))

local all = luacheck.check_strings(bad, {std = "lua54+busted"})
for _, how in ipairs {"plain", "default", "TAP", "JUnit", "visual_studio"} do
  print(format.format(all, names, {formatter = how, color = how == "default",
                                   codes = true, ranges = true,
                                   quiet = 0}))
end
local codes = {}
for code in pairs(stages.warnings) do codes[#codes + 1] = code end
table.sort(codes)
print(table.concat(codes, " "))
