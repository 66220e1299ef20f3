-- Tree to assembly. Registers are a stack: `top` is the first free one, all below are defined.
-- A value goes to a place d: a register, "ret" (return it) or "drop". A register below `top` is
-- written by the last instruction of an expression only, so that may read it. Registers are
-- numbered without cells; the end of a function moves them. SPDX-License-Identifier: MIT

local fail, funcs, imports -- of the reader; texts of functions; builtins used
local comp, test = {}, {} -- by kind of node: its value at d; a jump on its truth
local Fn = {}
Fn.__index = Fn
local ENV = { name = "globals" } -- the variable that holds the globals
local NIL = { k = "const", t = "nil" }

local function quoted(s)
  local function hex(c) return ("\\x%02x"):format(c:byte()) end
  return '"' .. s:gsub('[%c"\\\128-\255]', hex) .. '"'
end

local function reg(n) return "\1" .. n .. ";" end
local function small(n, bits)
  return n and n.k == "const" and n.t == "int" and n.v >= -(1 << bits) and n.v < 1 << bits
end

-- Whether the value is never (): then the machine's truth is Scheme's.
local function never_nil(n)
  return n.k == "if" and never_nil(n[2]) and never_nil(n[3]) or
    n.k == "asm" and n.kind:find("[nj]") or n.k == "const" and n.t ~= "nil"
end

local function captured(var)
  for L in pairs(var.uses) do if L ~= var.owner then return true end end
end

-- -- Text, registers, variables -----------------------------------------------------------
function Fn:emit(text, ...)
  if self.dead then return end
  self.code[#self.code + 1] = "  " .. text:format(...)
  if text ~= ".line %d" then self.label = nil end
end

function Fn:jump(label, text, ...)
  if self.dead then return end
  self.labels = self.labels + 1
  label.name = label.name or "L" .. self.labels
  self:emit(text .. label.name, ...)
  self.dead = text == "jmp "
end

-- Here is the label, if there is a jump to it; so many registers and cells live. Of several
-- labels at one place the last has the lowest height.
function Fn:place(label, top, cells)
  if not label.name then return end
  local code = self.code
  if self.label then code[self.label] = code[self.label]:gsub(" .*", "") end
  code[#code + 1] = ("%s: [\2%d;, %d, 0]"):format(label.name, top, cells)
  self.label, self.ch, self.dead = #code, cells, false
end

function Fn:line_of(x)
  if x.line == self.line or x.file ~= self.L.at.file then return end
  self.line = x.line
  self:emit(".line %d", x.line)
end

-- The value in the next register.
function Fn:next(n)
  self:comp(n, self.top)
  self.top = self.top + 1
  if self.top > 200 then fail(self.L.at, "too many values at once") end
  return self.top - 1
end

-- The variable is in that register from here on; closures get it in a cell.
function Fn:declare(var, at)
  var.fn, var.reg, var.cell = self, at, captured(var) and self.ch
  var.here = not (var.cell and var.assigned) -- else in the cell alone
  if var.cell then
    self:emit("newcell c%d, %s", var.cell, reg(at))
    self.ch, self.cells = self.ch + 1, math.max(self.cells, self.ch + 1)
  end
end

-- The value in a register: a variable's own if that is never assigned.
function Fn:operand(n)
  local var = n.var
  return n.k == "lref" and var.fn == self and not var.assigned and var.reg or self:next(n)
end

-- The upvalue for a variable of a function around this one.
function Fn:up(var)
  if not self.ups[var] then
    local place = not self.parent and "u0" or var.fn == self.parent and "c" .. var.cell or
      self.parent:up(var)
    self.ups[var] = "u" .. #self.captures
    self.captures[#self.captures + 1] = "  .upvalue " .. quoted(var.name) .. " " .. place .. "\n"
  end
  return self.ups[var]
end

-- -- Values -------------------------------------------------------------------------------
function Fn:comp(n, d)
  local top = self.top
  if not self.dead then comp[n.k](self, n, d) end
  self.top = top
end

function Fn:give(at, d)
  if d == at or d == "drop" then return end
  self:emit(d == "ret" and "ret1 %s" or "move %s, %s", reg(d == "ret" and at or d), reg(at))
  self.dead = self.dead or d == "ret"
end

-- An instruction whose first operand is the register of its result.
function Fn:load(d, text, ...)
  local t = type(d) == "number" and d or self.top
  self:emit(text, reg(t), ...)
  self:give(t, d)
end

function comp.const(fn, n, d)
  if d == "drop" then return end
  if n.t == "nil" then return fn:load(d, "loadnil %s, 1") end
  if n.t == "bool" then return fn:load(d, "load" .. tostring(n.v) .. " %s") end
  local text = n.t == "float" and ("%.17g"):format(n.v) or n.v
  if n.t == "float" and not text:find("[.eni]") then text = text .. ".0" end
  fn:load(d, (small(n, 15) and "loadi" or "loadk") .. " %s, %s", n.t == "str" and quoted(text) or
    text)
end

function comp.lref(fn, n, d)
  local var = n.var
  if var.fn ~= fn then return fn:load(d, "getup %s, %s", fn:up(var)) end
  if var.here then return fn:give(var.reg, d) end
  fn:load(d, "getcell %s, c%d", var.cell)
end

function comp.set(fn, n, d) -- of a variable or global
  local var = n.var
  if var and var.fn == fn and var.here then
    fn:comp(n[1], var.reg)
  else
    local value = reg(fn:next(n[1]))
    fn:emit("set%s, %s%s", n.g and "upf " .. fn:up(ENV) or var.fn ~= fn and "up " .. fn:up(var)
      or "cell c" .. var.cell, value, n.g and ", " .. quoted(n.g.key) or "")
  end
  comp.const(fn, NIL, d)
end

function comp.gref(fn, n, d)
  fn:load(d, "getupf %s, %s, %s", fn:up(ENV), quoted(n.g.key))
end
function comp.seq(fn, n, d)
  for i, e in ipairs(n) do
    local here, cells = {}, fn.ch
    fn:comp(e, i == #n and d or "drop")
    if i < #n and fn.ch > cells then fn:jump(here, "jmp ") end -- the cells are free again
    fn:place(here, fn.top, cells)
  end
end

comp["if"] = function(fn, n, d)
  local no, done, top, cells = {}, {}, fn.top, fn.ch
  if n.k == "or" then
    fn:truth(n[1], fn:next(n[1]), no, false)
    fn:give(top, d)
  else
    fn:cond(n[1], no, false)
    fn:comp(n[2], d)
  end
  fn.top = top
  fn:jump(done, "jmp ")
  fn:place(no, top, cells)
  fn:comp(n[3], d)
  fn:place(done, d == top and top + 1 or top, cells)
end
comp["or"] = comp["if"]

-- let, and letrec* (`rec`): there all variables have their cells before any value is computed.
-- With a label it is a test.
function comp.let(fn, n, d, label, sense)
  for i, e in ipairs(n.inits) do fn:declare(n.vars[i], fn:next(n.rec and NIL or e)) end
  for i, var in ipairs(n.rec and n.vars or {}) do
    fn:comp(n.inits[i], var.reg)
    if var.cell then fn:emit("setcell c%d, %s", var.cell, reg(var.reg)) end
  end
  if label then fn:cond(n.body, label, sense) else fn:comp(n.body, d) end
end

-- -- Tests --------------------------------------------------------------------------------
-- Jumps to the label if the value in a register is true, or if it is #f.
function Fn:truth(n, at, label, sense)
  local skip, cells = {}, self.ch
  if not never_nil(n) then self:jump(sense and label or skip, "jnil %s, ", reg(at)) end
  self:jump(label, sense and "jt %s, " or "jf %s, ", reg(at))
  self:place(skip, self.top, cells)
end

function Fn:cond(n, label, sense)
  local top = self.top
  local fast = test[n.k] and (n.k ~= "asm" or n.kind:find("j"))
  if fast then test[n.k](self, n, label, sense) end
  if not fast then self:truth(n, self:operand(n), label, sense) end
  self.top = top
end

function test.const(fn, n, label, sense)
  if (n.t ~= "bool" or n.v) == sense then fn:jump(label, "jmp ") end
end
function test.let(fn, n, label, sense) comp.let(fn, n, nil, label, sense) end

-- A branch that is a constant decides together with the test.
test["if"] = function(fn, n, label, sense)
  local no, done, top, cells = {}, {}, fn.top, fn.ch
  local first, second = n[2], n[3]
  if first.k == "const" or second.k == "const" then
    local known = first.k == "const" and first or second
    local hits = (known.t ~= "bool" or known.v) == sense
    fn:cond(n[1], hits and label or done, known == first)
    fn:cond(known == first and second or first, label, sense)
  else
    fn:cond(n[1], no, false)
    fn:cond(first, label, sense)
    fn:jump(done, "jmp ")
    fn:place(no, top, cells)
    fn:cond(second, label, sense)
  end
  fn:place(done, top, cells)
end
test["or"] = test["if"]

-- A comparison. Its kind: jumps if it holds and if not, the same for a constant moved to the end.
function test.asm(fn, n, label, sense)
  local a, b, equal = n.args[1], n.args[2], n.kind:find("jeq")
  fn:line_of(n.at)
  local mirror = small(a, 15) or equal and a.t == "nil"
  if mirror then a, b = b, a end
  local op = n.kind:match((mirror and "%a+ %a+ " or "") .. (sense and "(%a+)" or "%a+ (%a+)"))
  local x = reg(fn:operand(a))
  if equal and b.t == "nil" then
    fn:jump(label, sense and "jnil %s, " or "jnnil %s, ", x)
  elseif small(b, 15) then
    fn:jump(label, "%si %s, %d, ", op, x, b.v)
  else
    fn:jump(label, "%s %s, %s, ", op, x, reg(fn:operand(b)))
  end
end

-- -- Instructions and calls ---------------------------------------------------------------
-- (%asm "kind" "text" x ...). In the text D is the result, A to F are operands, T is free, U
-- the globals, N the number of operands; without D the result is T, without T it is A. Kinds:
-- n never (), v no value, w operands in a row, e (last) ends the code; jumps: see test.asm.
function comp.asm(fn, n, d)
  local kind, text, top = n.kind, n.text, fn.top
  local names = { D = reg(type(d) == "number" and d or top), N = #n.args, U = fn:up(ENV) }
  fn:line_of(n.at)
  local op = small(n.args[2], 7) and text:match("^(%a+) D, A, B$")
  if op == "add" or op == "sub" then text = op .. "i D, A, " .. n.args[2].v end
  for i, a in ipairs(n.args) do
    local letter, row = ("ABCEF"):sub(i, i), kind:find("w")
    if row or text:find(letter) then names[letter] = reg(row and fn:next(a) or fn:operand(a)) end
  end
  names.T = reg(fn.top)
  local result = text:match("%f[%w][DT]%f[%W]") or "A"
  for name in text:gmatch("import %S+ ([%w.]+)") do imports[name] = true end
  fn:emit("%s", (text:gsub("%f[%w]%u%f[%W]", names):gsub("'", '"'):gsub("; ", "\n  ")))
  fn.top, fn.dead = top, fn.dead or kind:find("^%ae$") ~= nil
  if kind:find("v") then return comp.const(fn, NIL, d) end
  fn:give(tonumber(names[result]:match("%d+")), d)
end

-- The arguments become the parameters, and the function begins again.
local function again(fn, args)
  local from = {}
  for i, a in ipairs(args) do
    from[i] = a.k == "lref" and a.var == fn.L.params[i] and a.var.here and i - 1 or fn:next(a)
  end
  for i, at in ipairs(from) do fn:give(at, i - 1) end
  fn:emit("loop again")
  fn.again, fn.dead = fn.again or not fn.dead, true
end

function comp.call(fn, n, d)
  local known, args, base = n.f.var or n.f.g or {}, n.args, fn.top
  local L = not known.assigned and (known.defs or 1) == 1 and known.L
  if L and (#args < #L.params or #args > #L.params and not L.rest) then
    fail(n.at, "`%s` takes %s%d, not %d arguments", L.name, L.rest and "at least " or "",
      #L.params, #args)
  end
  if n.selfof and n.selfof == L and not L.rest and d == "ret" then return again(fn, args) end
  fn:next(n.f)
  for _, a in ipairs(args) do fn:next(a) end
  fn:line_of(n.at)
  local tail = d == "ret" and known.key ~= "#error" -- which looks for its caller
  fn:emit(tail and "tailcall %s, %d" or "call %s, %d, %d", reg(base), #args, d == "drop" and 0 or 1)
  if not tail then fn:give(base, d) end
  fn.dead = fn.dead or tail
end

-- The list of further arguments in register %0.
local rest_list = ([[loadnil %0, 1; varargn %1; loadi %2, 1; loadi %3, -1; forprep %1, none
more: varargi %5, %4; newtable %6, 0, 2; setfield %6, %5, "car"; setfield %6, %0, "cdr"
  move %0, %6; forloop %1, more
none:]]):gsub("; ", "\n  ")

function comp.lambda(parent, L, d)
  local n, index = #L.params, #funcs + 1
  local fn = setmetatable({ L = L, parent = parent, code = {}, captures = {}, ups = {},
    cells = 0, ch = 0, labels = 0, top = n }, Fn)
  funcs[index] = ""
  fn:up(ENV)
  fn.code[1] = L.rest and rest_list:gsub("%%(%d)", function(i) return reg(n + i) end)
  if L.rest then fn.top = n + 1 else fn:place({ name = "again" }, n, 0) end
  for i, p in ipairs(L.params) do fn:declare(p, i - 1) end
  if L.rest then fn:declare(L.rest, n) end
  fn:comp(L.body, "ret")
  if not L.rest and not fn.again then table.remove(fn.code, 1) end
  local code = table.concat(fn.code, "\n")
  code = code:gsub("\1(%d+);", function(i) return "r" .. (i + 0 < n and i or i + fn.cells) end)
    :gsub("\2(%d+);", function(i) return i + fn.cells end)
  if fn.cells > 45 then fail(L.at, "too many variables in closures") end
  funcs[index] = (".func f%d %s params=%d cells=%d%s\n  .source %s\n%s%s\n.end\n"):format(index,
    quoted(L.name), n, fn.cells, L.rest and " vararg" or "", quoted("@" .. L.at.file.name),
    table.concat(fn.captures), code)
  if parent then parent:load(d, "closure %s, f%d", index) end
end

-- The text of a program.
local function program(reader, main)
  fail, funcs, imports = reader.fail, {}, {}
  comp.lambda(nil, main)
  local out = {}
  for name in pairs(imports) do out[#out + 1] = ".import builtin " .. quoted(name) .. " 1" end
  table.sort(out)
  return ".image " .. quoted(main.at.file.name) .. "\n" ..
    '.import device "console" "write" (str) as write\n' .. table.concat(out, "\n") ..
    '\n.module "main" f1\n.entry "main"\n\n' .. table.concat(funcs, "\n")
end

return { program = program }
