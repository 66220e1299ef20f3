-- lua-unit: a file of tests, some of which fail, run in each output format.
os.clock = function() return 0 end
local date = os.date
os.date = function(format) return date("!" .. (format or "%c"), 0) end

local lu = require "luaunit"

TestNumbers = {}
function TestNumbers:setUp() self.x = 7 end
function TestNumbers:tearDown() self.x = nil end
function TestNumbers:testEqual() lu.assertEquals(self.x, 7) end
function TestNumbers:testNotEqual() lu.assertEquals(self.x, 8) end
function TestNumbers:testAlmost()
  lu.assertAlmostEquals(1, 1 + 1e-9, 1e-6)
  lu.assertAlmostEquals(1, 1.1, 0.01)
end
function TestNumbers:testKinds()
  lu.assertIsNumber(1.5)
  lu.assertIsNaN(0 / 0)
  lu.assertIsInf(math.huge)
  lu.assertIsMinusZero(-0.0)
  lu.assertIsPlusZero(0.0)
  lu.assertIsBoolean("no")
end

TestTables = {}
function TestTables:testSame()
  lu.assertEquals({1, 2, {a = {b = 3}}}, {1, 2, {a = {b = 3}}})
  lu.assertItemsEquals({3, 1, 2}, {1, 2, 3})
  lu.assertTableContains({"x", "y"}, "y")
end
function TestTables:testDifferent()
  lu.assertEquals({1, 2, {a = {b = 3}}}, {1, 2, {a = {b = 4}}})
end
function TestTables:testLong()
  local a, b = {}, {}
  for i = 1, 40 do a[i], b[i] = i, i end
  b[20] = "twenty"
  lu.assertEquals(a, b)
end
function TestTables:testIdentity()
  local t = {}
  lu.assertIs(t, t)
  lu.assertNotIs(t, {})
end

TestErrors = {}
function TestErrors:testRaises()
  lu.assertError(function() error("x") end)
  lu.assertErrorMsgContains("went", function() error("it went wrong") end)
  lu.assertErrorMsgMatches(".*arithmetic.*",
    function() return 1 + {} end)
  lu.assertErrorMsgEquals({1}, error, {1})
end
function TestErrors:testRaisesNot() lu.assertError(function() end) end
function TestErrors:testBug()
  local t = nil
  return t.x
end
function TestErrors:testThrowsTable() error({code = 5}) end

TestStrings = {}
function TestStrings:testContains()
  lu.assertStrContains("some text", "text")
  lu.assertStrIContains("SOME Text", "some")
  lu.assertStrMatches("abc123", "%a+%d+")
  lu.assertNotStrContains("some text", "tax")
end
function TestStrings:testLines()
  lu.assertEquals("one\ntwo\nthree", "one\n2\nthree")
end
function TestStrings:testSkipped() lu.skip("not today") end
function TestStrings:testSkippedIf() lu.skipIf(1 < 2, "1 < 2") end
function TestStrings:testFail() lu.fail("on purpose") end
function TestStrings:testFailIf() lu.failIf(false, "never") end
function TestStrings:testSuccess() lu.success() end

function testAlone() lu.assertTrue(true) end
function testPretty()
  lu.assertEquals(lu.prettystr {1, "two", {3, x = "y"}},
                  '{1, "two", {3, x="y"}}')
  lu.assertEquals(lu.prettystr("a\nb"), '"a\nb"')
end
function testMany()
  for i = 1, tonumber(arg[1]) do
    lu.assertEquals({i, {i + 1}, x = {tostring(i)}},
                    {i, {i + 1}, x = {tostring(i)}})
  end
end

for _, options in ipairs {
  {"-o", "text"}, {"-o", "text", "-v"}, {"-o", "tap"}, {"-o", "tap", "-v"},
  {"-o", "nil"}, {"-o", "text", "-p", "Str", "-x", "Fail"},
  {"-o", "tap", "TestTables", "testAlone"},
  {"-o", "text", "-r", "2", "TestNumbers.testEqual"},
} do
  print("== " .. table.concat(options, " "))
  print(lu.LuaUnit.run(table.unpack(options)))
end

local name = arg[2]
print(lu.LuaUnit.run("-o", "junit", "-n", name))
for line in io.lines(name .. ".xml") do
  print((line:gsub('hostname="[^"]*"', ""):gsub("Lua 5%.%d.-\"", "\"")))
end
os.remove(name .. ".xml")
