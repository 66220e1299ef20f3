-- lua-penlight: the modules that need no C module.
require("pl.compat")
local List = require "pl.List"
local OrderedMap = require "pl.OrderedMap"
local Map, Set = require "pl.Map", require "pl.Set"
local MultiMap = require "pl.MultiMap"
local class = require "pl.class"
local pretty, lexer = require "pl.pretty", require "pl.lexer"
local template, data = require "pl.template", require "pl.data"
local stringx, tablex = require "pl.stringx", require "pl.tablex"
local utils, types = require "pl.utils", require "pl.types"
local seq, func = require "pl.seq", require "pl.func"
local array2d, permute = require "pl.array2d", require "pl.permute"
local stringio, text = require "pl.stringio", require "pl.text"
local sip, lapp = require "pl.sip", require "pl.lapp"
local config, input = require "pl.config", require "pl.input"
local url, xml = require "pl.url", require "pl.xml"
local operator = require "pl.operator"
local Date = require "pl.Date"
local comprehension = require("pl.comprehension").new()
local times = tonumber(arg[1])

local function section(name) print("-- " .. name) end

section "List"
local l = List {10, 20, 30, 5}
print(l, l:append(7), l:slice(2, 3), l:slice(-2), l:sorted(), l:reverse())
print(l:map("_*2"), l:filter("|x| x > 9"), l:reduce "+", l:minmax())
print(List.range(1, 10, 3), List.split("a b  c"), List "xyz", l:index(5),
      l:contains(99), l:count(7), l .. {1}, l == List {7, 5, 30, 20, 10})
print(l:clone():chop(1, 2), l:clone():splice(2, {"x", "y"}),
      l:partition(function(x) return x > 9 and "big" or "small" end))
print(l:pop(), l:put(0), l:insert(2, "ins"), l:remove_value "ins", l:len(),
      l:join "+")

section "maps"
local om = OrderedMap {{z = 1}, {y = 2}}
om:set("x", 3)
om.w = 4
print(om, om:keys(), om:values(), #om:keys())
om:sort()
print(om)
for k, v in om:iter() do io.write(k, "=", v, " ") end
print()
local m = Map {a = 1, b = 2}
print(m:get "a", m:set("c", 3), m:getvalues {"a", "c"}, m == Map {a = 1, b = 2,
                                                                  c = 3})
print(#Set {1, 2, 2, 3}, Set {1, 2} + Set {3} == Set {1, 2, 3},
      Set {1, 2, 3} * Set {2, 9} == Set {2}, Set {1, 2} < Set {1, 2, 3},
      Set {1, 2} ^ Set {2, 3} == Set {1, 3}, Set.isdisjoint(Set {1}, Set {2}))
local mm = MultiMap()
mm:set("k", 1)
mm:set("k", 2)
print(List(mm.k))

section "class"
class.Animal()
function Animal:_init(name) self.name = name end
function Animal:__tostring() return self.name .. ": " .. self:speak() end
class.Dog(Animal)
function Dog:speak() return "bark" end
class.Cat {_base = Animal, _init = function(self, name, breed)
  Animal._init(self, name)
  self.breed = breed
end, speak = function() return "meow" end}
local fido, felix = Dog "Fido", Cat("Felix", "Tabby")
print(fido, felix, felix.breed, fido:is_a(Animal), Animal:class_of(felix),
      Dog:class_of(felix), fido:is_a() == Dog)
local P = class(class.properties)
function P:_init() self._x = 1 end
function P:get_x() return self._x * 10 end
function P:set_x(v) self._x = v end
local p = P()
p.x = 5
print(p.x)
print(pcall(function() return fido:nothing() end))

section "pretty"
print(pretty.write {1, 2, "three", {4, x = 5}, [true] = 1, ["a b"] = "q\"'\n"})
print(pretty.write({a = {b = {c = {}}}}, ""))
print(pretty.number(123456789), pretty.number(123456789, "M", 2),
      pretty.number(123456789, "T"))
print(pretty.read "{1, 2, x = {3}}".x[1], pretty.read "{f()}",
      pretty.read "{while true do end}")
print(pcall(pretty.load, "x = 1 y = = 2"))
local loop = {}
loop.me = loop
print(pretty.write(loop))
print(pretty.write({1, 2, 3, a = 1}, "\t", true))

section "lexer"
for t, v in lexer.lua [==[
local x = 0x1F + 1e-3 -- note
--[[ long
note ]] return "a\"b" .. 'c' .. [[d]] ~= x // 2 >> 1 ... ::l::]==] do
  v = tostring(v)
  io.write(t, "(", (v:gsub("\n", "\\n")), ") ")
end
print()
for t, v in lexer.cpp('#include <x>\nint a = 3; /* c */ char *s = "x\\"y";') do
  v = tostring(v)
  io.write(t, "(", (v:gsub("\n", "\\n")), ") ")
end
print()
local tok = lexer.scan "alpha = sin(30, 'x') * 2.5e1"
print(tok(), tok(), tok())
print(lexer.getrest(tok))
local list = lexer.get_separated_list(lexer.scan "f(1, g(2, 3)), 4) rest")
print(#list, list[1][1][2])
local source = io.open(arg[2]):read "a"
local n, sum = 0, 0
for i = 1, times do
  for t, v in lexer.lua(source) do n, sum = n + 1, (sum * 31 + #tostring(v)) % 65537 end
end
print(n, sum)

section "template"
print(template.substitute([[
# for i, v in ipairs(list) do
  $(i): $(v:upper()) $(pcall and "" or "no pcall")
# end
<$(name)>]], {list = {"a", "b"}, name = "x", ipairs = ipairs}))
print(template.substitute("bad $(nil + 1)", {}))
print(template.substitute("# for\n", {}))
local ct = template.compile("@ for i = 1, n do\n#{i} \n@ end\n",
                            {inline_escape = "#", escape = "@",
                             inline_brackets = "{}", chunk_name = "T"})
print(ct:render {n = 3})
print(ct:render {n = "x"})

section "data"
local csv = "Name,Age,Town\nAnn,31,Rome\nBob,25,Oslo\nCid,40,Bern\n"
local d = data.read(stringio.open(csv))
print(List(d.fieldnames), d:column_by_name "Age", #d)
for name, age in d:select "Name,Age where Age > 30 sort by Age" do
  print(name, age)
end
d:write_row(io.stdout, {"Dot", 1, "Nice"})
for row in d:select_row "* where Town ~= 'Oslo'" do print(row.Name, row.Age) end
print(d:select "Nothing where Age > 1")
print(d:copy_select("Town where Age < 35").fieldnames[1])
local out = stringio.create()
d:write(out)
print(out:value())
print(#data.read(stringio.open "1 2 3\n4 5 6\n", {no_convert = false}))

section "stringx"
stringx.import()
print(("  x y "):strip(), ("a,b,,c"):split(","), ("abc"):startswith "ab",
      ("one two"):title(), ("x"):center(9, "."), ("a\nb"):splitlines(),
      ("hello"):count "l", ("a.b.c"):rpartition ".")
print(("abc"):at(2), ("a b c"):replace(" ", "-", 1), ("x=1"):partition "=",
      ("hello world"):lfind("o", 6), ("abc"):isalpha(), ("12"):isdigit(),
      ("long text here"):shorten(9), ("\ttab"):expandtabs(4),
      ("q"):join {1, 2}, stringx.quote_string "it's \"x\" ]]")
print(text.indent("a\nb", 2), text.dedent "  a\n   b", text.fill(
  ("words and words "):rep(10), 40), text.format_operator and "")
print(text.Template("${a} and $b"):substitute {a = 1, b = 2})
print(pcall(function() return text.Template "${x}":substitute {} end))

section "tablex"
print(pretty.write(tablex.deepcopy {1, {2, {3}}, x = {y = 1}}, ""))
print(tablex.deepcompare({1, {2}}, {1, {2}}), tablex.size {1, 2, x = 3},
      tablex.find({5, 6}, 6), tablex.compare_no_order({1, 2, 3}, {3, 1, 2}))
print(pretty.write(tablex.map("+", {1, 2}, 10), ""),
      pretty.write(tablex.zip({1, 2}, {"a", "b"}), ""),
      pretty.write(tablex.sub({1, 2, 3, 4}, 2, -2), ""),
      pretty.write(tablex.range(1, 9, 4), ""),
      tablex.reduce("..", {"a", "b", "c"}))
for k, v in tablex.sort {c = 1, a = 3, b = 2} do io.write(k, v, " ") end
for k, v in tablex.sortv {c = 1, a = 3, b = 2} do io.write(k, v, " ") end
print(pretty.write(tablex.merge({a = 1, b = 2}, {b = 3}), ""),
      pretty.write(tablex.difference({a = 1, b = 2}, {b = 3}), ""))
print(pcall(tablex.readonly {1}.x), pcall(function()
  tablex.readonly({1}).x = 2
end))

section "utils, seq, func"
print(utils.split("a b c", " ", true, 2)[2], utils.escape "a.b*c",
      utils.string_lambda "|x, y| x + y" (1, 2), utils.is_type({}, "table"))
print(pcall(utils.assert_arg, 1, 2, "string"), utils.choose(false, 1, 2))
print(utils.quote_arg "a b'c", types.is_callable(print), types.to_bool "yes",
      types.is_iterable {}, types.type(io.stdout), types.is_empty "")
print(utils.unpack(utils.pack(1, nil, 3)) == 1)
print(seq.sum {1, 2, 3}, seq.copy(seq.range(1, 5)), seq.minmax(seq.list {3, 1}))
print(seq {1, 2, 3, 4}:map "_*_":filter(operator.gt, 4):copy(),
      seq.copy_tuples(seq.zip({1, 2}, {3, 4}))[2][1],
      pretty.write(seq.count_map {"a", "b", "a"}, ""), seq.last {1, 2} ())
utils.import "pl.func"
print(func.I(func._1 + func._2 * 3)(1, 2), tostring(func._1:upper() .. "x"),
      func.bind(math.max, func._1, 5)(3), tostring(-func._1 ^ 2 == func._2))
print(func.compose(string.upper, string.rep)("ab", 2))

section "array2d, permute, comprehension"
local A = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
print(List(array2d.column(A, 2)), array2d.reduce2("+", "+", A),
      pretty.write(array2d.flatten(array2d.slice(A, 2, 2, 3, 3)), ""),
      array2d.size(A))
array2d.write(array2d.map("_*2", A), io.stdout, "%3d")
array2d.forall(A, function(row, j) io.write(row[j], ",") end, print)
for x in permute.order_iter {1, 2, 3} do io.write(table.concat(x), " ") end
for a, b in permute.list_iter({1, 2}, {"x", "y"}) do io.write(a, b, " ") end
print(List(comprehension "x^2 for x = 1, 5 if x % 2 == 1" ()),
      comprehension "sum(x * y for x for y)" ({1, 2}, {3, 4}),
      List(comprehension "x + 1 for x" {1, 2}))

section "sip, lapp, config, input"
local res = {}
print(sip.match("$v{key} = $q{value}", "name = 'dolly'", res), res.key,
      res.value, sip.match("($i{a},$f{b})", "(3, 4.5)", res), res.b)
print(sip.compile "$d{day}/$d{month}" ("12/3", res), res.day + res.month)
local args = lapp.process_options_string([[
Scales numbers.
  -o,--offset (default 0.5)  Offset
  -s,--scale  (number)  Factor
  -v,--verbose  Talks
  -m,--mode (a|b|c default b) One of
  <number> (number) Number
  <files...> (string)
]], {"-s", "3", "-v", "4", "x", "y"})
print(args.offset, args.scale, args.verbose, args.mode, args.number,
      List(args.files))
lapp.show_usage_error = "throw"
print(pcall(lapp, "-s,--scale (number) Factor", {"--scale", "none"}))
local c = config.read(stringio.open [[
# note
top = 1
[section.one]
list = 1,2,3
name = some text
[two]
flag = true
]])
print(pretty.write(c))
print(pretty.write(config.read(stringio.open "a:1\nb:x y\n",
                               {keysep = ":", convert_numbers = false}), ""))
local total = 0
for a in input.numbers "1 2.5 x 3" do total = total + a end
print(total, List(seq.copy(input.words "two words")))
for a, b in input.fields({1, 3}, ",", "1,2,3\n4,5,6\n") do io.write(a, b, ";") end
print()

section "xml, url, Date"
local doc = xml.parse "<a x='1'><b>t &amp; u</b><c/><!-- n --><b y='2'>w</b></a>"
print(xml.tostring(doc, "", "  "), doc:child_with_name("b"):get_text())
print(doc:get_elements_with_name("b")[2]:get_text(),
      pretty.write(xml.parse("<p><q>5</q></p>"):match "<p><q>$v</q></p>" or {}, ""))
local children, tag = xml.tags "children, tag"
print(children {tag {"one", name = "x"}, tag "two"})
print(xml.walk(doc, false, function(t) io.write(t, " ") end))
print(pcall(xml.parse, "<a><b></a>"))
print(url.quote "a b&c=/ü", url.quote("a b", true), url.unquote "a%20b+c")
local date = Date {year = 2024, month = 2, day = 28, hour = 12}
print(date:add {day = 2}, date:month(), date:day(), date:weekday_name(true),
      date:last_day():day(), date:is_weekend())
print(Date.Format "yyyy-mm-dd HH:MM:SS":tostring(Date(2001, 9, 9, 1, 46, 40)))
print(Date.Format():parse "2010-05-12":year(), Date.Format():parse "nonsense")
print(Date {year = 2024, month = 1, day = 2} > Date {year = 2024, month = 1,
                                                     day = 1})

section "strict"
require "pl.strict"
print(pcall(function() return undefined_name end))
print(pcall(function() undefined_name = 1 end))
