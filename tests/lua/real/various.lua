-- Small libraries, several in one program.
local times = tonumber(arg[1])

local function dump(v)
  if type(v) ~= "table" then
    return type(v) == "string" and ("%q"):format(v) or tostring(v)
  end
  local keys, out = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b)
    if type(a) == type(b) then return a < b end
    return type(a) == "number"
  end)
  for _, k in ipairs(keys) do out[#out + 1] = dump(k) .. "=" .. dump(v[k]) end
  return "{" .. table.concat(out, ",") .. "}"
end

-- MessagePack
local mp = require "MessagePack"
local function hex(s)
  return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end
for _, v in ipairs {
  0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296,
  math.maxinteger, -1, -32, -33, -128, -129, -32769, math.mininteger, 1.5,
  -0.0, 1e300, math.huge, true, false, "", "text", ("x"):rep(40), {}, {1, 2, 3},
  {{1}, {{2}}}, {a = 1}, {[3] = "x"},
} do
  local s = mp.pack(v)
  print(hex(s), dump(mp.unpack(s)))
end
mp.set_number "float"
mp.set_array "with_hole"
print(hex(mp.pack(1.25)), hex(mp.pack {1, nil, 3}))
mp.set_number "double"
print(pcall(mp.unpack, "\xc1"), pcall(mp.unpack, "\x92\1"), pcall(mp.pack, print))
local total = 0
for i = 1, times do
  local s = mp.pack {i, -i, i / 3, tostring(i), {x = {i}, y = {i, i}}}
  local v = mp.unpack(s)
  total = total + #s + v[1] + v[5].y[2]
end
print(total)
local cursor = {}
for _, v in mp.unpacker(mp.pack(1) .. mp.pack "two" .. mp.pack {3}) do
  cursor[#cursor + 1] = dump(v)
end
print(table.concat(cursor, " "))

-- inifile
local inifile = require "inifile"
local name = "various.ini"
local f = io.open(name, "w")
f:write "; note\n[one]\na = 1\nb = text # not a note\nc = true\n[two]\nd=\n"
f:close()
local ini = inifile.parse(name)
print(dump(ini))
ini.one.a = 2
inifile.save(name, ini)
print(dump(inifile.parse(name)))
os.remove(name)
print(dump(inifile.parse("[m]\nx = 1.5\ny = 'q'\n", "memory")))

-- ansicolors
local colors = require "ansicolors"
print((colors "%{red bright}hot%{reset} %{bluebg}cold" :gsub("\27", "ESC")))
print(pcall(colors, "%{nocolor}x"))

-- binaryheap
local heaps = require "binaryheap"
local heap, out = heaps.minUnique(), {}
local x = 7
for i = 1, 20 + times do
  x = (x * 1103515245 + 12345) % 2147483648
  heap:insert(x % 1000 + i / 10000, "v" .. i)
end
heap:update("v3", -1)
heap:remove "v4"
for i = 1, 10 do out[i] = heap:pop() end
print(table.concat(out, " "), heap:size(), heap:peek())
local max = heaps.maxHeap()
for _, v in ipairs {3, 1, 4, 1, 5} do max:insert(v) end
print(max:pop(), max:pop(), max:peek())

-- mediator
local mediator = require "mediator" ()
local seen = {}
local subscriber = mediator:subscribe({"a", "b"}, function(...)
  seen[#seen + 1] = "b" .. select("#", ...)
end)
mediator:subscribe({"a"}, function(v) seen[#seen + 1] = "a" .. tostring(v)
  return v, true end)
mediator:subscribe({"a", "b"}, function() seen[#seen + 1] = "first"
  return nil, true end, {priority = 1, predicate = function(v) return v > 1 end})
print(dump(mediator:publish({"a", "b"}, 1, 2)), dump(mediator:publish({"a"}, 3)))
mediator:publish({"a", "b"}, 2)
mediator:removeSubscriber(subscriber.id, {"a", "b"})
mediator:publish({"a", "b"}, 0)
print(table.concat(seen, " "))

-- moses
local M = require "moses"
print(dump(M.map({1, 2, 3}, function(v) return v * v end)),
      M.reduce({1, 2, 3, 4}, function(a, b) return a + b end),
      dump(M.flatten {1, {2, {3, {4}}}}), dump(M.unique {1, 1, 2, 3, 3}),
      dump(M.groupBy({1, 2, 3, 4}, function(v)
        return v % 2 == 0 and "even" or "odd" end)))
print(dump(M.zip({1, 2}, {"a", "b"})), dump(M.chunk({1, 1, 2, 3, 3},
      function(v) return v % 2 == 0 end)), dump(M.range(1, 9, 2)),
      dump(M.intersection({1, 2, 3}, {2, 3, 4})), M.include({1, 2}, 2))
print(dump(M.chain({1, 2, 3, 4, 5}):filter(function(v) return v > 2 end)
      :map(function(v) return v * 10 end):value()))
print(M.compose(string.upper, string.reverse) "abc", dump(M.permutation {1, 2, 3}
      ()), dump(M.invert {a = "x"}), M.isEqual({1, {2}}, {1, {2}}))
for p in M.permutation {"a", "b", "c"} do io.write(table.concat(p), " ") end
print()

-- say and luassert
local say = require "say"
say:set_namespace "test"
say:set("hello", "Hello %s, %s")
print(say("hello", {"you", nil, n = 2}), say "absent")
local assert = require "luassert"
assert:set_parameter("TableFormatLevel", 3)
local function try(what, f, ...)
  local ok, problem = pcall(f, ...)
  print(what, ok, ok or (tostring(problem):gsub("0x%x+", "ADDRESS")))
end
try("same", assert.are.same, {1, {2, x = 3}}, {1, {2, x = 3}})
try("not same", assert.are.same, {1, {2, x = 3}}, {1, {2, x = 4}})
try("equals", assert.equals, 1, "1")
try("truthy", assert.is_truthy, nil)
try("no error", assert.has_no.errors, function() error "oops" end)
try("error", assert.has.error, function() error("oops", 0) end, "other")
try("matches", assert.matches, "%d+", "abc")
try("near", assert.is.near, 1, 1.5, 0.1)
try("is not", assert.is_not.equal, 1, 1)
try("type", assert.is_string, 1)
try("unique", assert.unique, {1, {2}, {2}}, true)
local spy = require "luassert.spy"
local s = spy.new(function(a) return a end)
s(1)
s {2}
try("called", assert.spy(s).was.called, 2)
try("called 3", assert.spy(s).was.called, 3)
try("with", assert.spy(s).was.called_with, {2})
try("with 5", assert.spy(s).was.called_with, 5)
local stub = require "luassert.stub"
local t = {f = function() return "real" end}
stub(t, "f").returns "fake"
print(t.f())
t.f:revert()
print(t.f())
local match = require "luassert.match"
try("matcher", assert.spy(s).was.called_with, match.is_table())
assert:register("assertion", "even", function(state, arguments)
  return arguments[1] % 2 == 0
end, "test.even", "test.odd")
say:set("test.even", "Expected an even number, got %s")
try("own", assert.is_even, 3)
try("own", assert.is_not_even, 3)

-- cliargs
local cli = require "cliargs"
cli:set_name "tool"
cli:set_description "Does things to files."
cli:argument("INPUT", "what to read")
cli:splat("REST", "more", "none", 3)
cli:option("-o, --output=FILE", "where to write", "a.out")
cli:option("-n, --number=N", "how many, a description that is long enough to " ..
           "be wrapped at the end of the line")
cli:flag("-v, --[no-]verbose", "talks", false)
local function parse(...)
  local args, problem = cli:parse({...}, true)
  print(args and dump(args) or problem)
end
parse("in")
parse("-o", "x", "--number=3", "-v", "in", "a", "b")
parse("--no-verbose", "in")
parse()
parse("--unknown", "in")
parse("in", "1", "2", "3", "4")
parse("-n")
cli:print_help()
cli:print_usage()
