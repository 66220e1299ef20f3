-- Data to a tree of nodes with resolved names. A node has a kind `k` and, where it is needed,
-- the datum `at` it comes from. Kinds: const, lref, gref, set, if, or, seq, lambda, let (rec:
-- letrec*), call, asm; other forms are macros of the prelude. Variables and globals are shared
-- objects: what is known of them is complete at the end. SPDX-License-Identifier: MIT

local fail, base, user, prelude -- of the reader; file of the prelude; globals by name
local wanted, constants -- globals of the prelude that are used; globals for quoted data
local macros -- by file, then name: {literals, rules}
local depth, order, marks -- of lambdas around; top-level form under way; macro uses so far
local forms = {} -- special forms by name: form(x, env, tail) -> node
local expand

local function check(cond, ...) if not cond then fail(...) end end

-- A datum made at the place of another one, and a symbol made there: one of the prelude, or
-- with that mark and home (see Scopes).
local function make(at, x)
  x.file, x.line, x.col = at.file, at.line, at.col
  return x
end

local function own(at, name, mark, where)
  return make(at, { k = "sym", v = name, mark = mark or 0, home = where or base })
end

-- -- Scopes -------------------------------------------------------------------------------
-- env: {names, up, L}; L is the lambda in whose body it is. A symbol that a macro put in has
-- a mark, and looks for globals in its home.

local function scope(env, L) return { names = {}, up = env, L = L or env.L } end
local function key(x) return x.mark and x.mark .. " " .. x.v or x.v end
local function home(x) return x.home or x.file end
local function find(env, x) return env and (env.names[key(x)] or find(env.up, x)) end

local function bind(env, x)
  check(x.k == "sym", x, "a name is expected here")
  check(not env.names[key(x)], x, "`%s` is bound twice", x.v)
  env.names[key(x)] = { name = x.v, owner = env.L, uses = {} }
  return env.names[key(x)]
end

local function global(x)
  local g = home(x) ~= base and user[x.v]
  check(not g or depth > 0 or g.order < order, x, "`%s` is used before it is defined", x.v)
  if g then return g end
  g = prelude[x.v] or fail(x, "unbound variable `%s`", x.v)
  if not g.wanted then g.wanted, wanted[#wanted + 1] = true, g end
  return g
end

-- What a list begins with in a table of forms or macros: nil when the program has given the
-- name another meaning.
local function keyword(x, env, list)
  local h = x.k == "list" and x[1]
  if not h or h.k ~= "sym" or find(env, h) then return nil end
  return (home(h) == base or not user[h.v] and not h.v:find("^%%")) and list[h.v] or nil
end

-- -- Macros -------------------------------------------------------------------------------
local function dots(x) return x and x.k == "sym" and x.v == "..." end

-- Matches x; m gets the parts by name. What stands before dots is matched for each element;
-- all its names mean the list of these matches.
local function match(p, x, m, literals)
  if p.k == "sym" and not literals[p.v] then
    m[p.v] = x
    return true
  end
  if p.k ~= "list" then return p.k == x.k and p.v == x.v end
  local fixed, rows = dots(p[#p]) and #p - 2 or #p, {}
  if x.k ~= "list" or x.tail or #x < fixed or #x > fixed and fixed == #p then return false end
  local function repeated(q)
    if q.k == "sym" then m[q.v] = rows end
    for _, part in ipairs(q) do repeated(part) end
  end
  if fixed < #p then repeated(p[#p - 1]) end
  for i, item in ipairs(x) do
    rows[i - fixed] = i <= fixed and m or {}
    local q = p[i <= fixed and i or #p - 1]
    if not match(q, item, rows[i - fixed], literals) then return false end
  end
  return true
end

-- The template t, filled in for a use at x.
local function fill(t, m, x)
  if t.k == "sym" then return m[t.v] or own(x, t.v, marks, home(t)) end
  if t.k ~= "list" then return t end
  local out = make(x, { k = "list" })
  local function rows_of(q)
    local rows = q.k == "sym" and m[q.v]
    for _, part in ipairs(q) do rows = rows or rows_of(part) end
    return rows and not rows.k and rows
  end
  for i, item in ipairs(t) do
    local rows = dots(item) and {} or { m }
    if dots(t[i + 1]) then rows = rows_of(item) or fail(item, "dots without a sequence") end
    for _, row in ipairs(rows) do
      out[#out + 1] = fill(item, row == m and m or setmetatable(row, { __index = m }), x)
    end
  end
  return out
end

-- The expansion of x, or nil if no rule fits and there is a function of that name.
local function apply_macro(macro, x)
  for _, rule in ipairs(macro.rules) do
    local m = {}
    if match(rule[1], x, m, macro.literals) then
      marks, m[rule[1][1].v] = marks + 1, nil
      return fill(rule[2], m, x)
    end
  end
  check(prelude[x[1].v], x, "bad syntax of `%s`", x[1].v)
end

-- (define-syntax name (syntax-rules (literal ...) (pattern template) ...))
local function define_syntax(x)
  local s, macro = x[3], { literals = { ["..."] = true }, rules = {} }
  check(#x == 3 and s[2] and s[1].v == "syntax-rules", x, "bad definition of a macro")
  for _, literal in ipairs(s[2]) do macro.literals[literal.v] = true end
  for i = 3, #s do
    macro.rules[i - 2] = #s[i] == 2 and s[i][1][1] and s[i] or fail(s[i], "bad rule of a macro")
  end
  macros[x.file][x[2].v] = macro
end

-- -- Expressions --------------------------------------------------------------------------
local function const(at, kind, value) return { k = "const", t = kind, v = value, at = at } end

local function operands(n, x, from, env)
  n.args, n.at = {}, x
  for i = from, #x do n.args[i - from + 1] = expand(x[i], env) end
  return n
end

local function sequence(x, from, env, tail)
  check(#x >= from, x, "an expression is missing")
  local seq = { k = "seq", at = x }
  for i = from, #x do seq[#seq + 1] = expand(x[i], env, tail and i == #x) end
  return #seq == 1 and seq[1] or seq
end

-- `tail`: whether the value is that of the lambda around.
function expand(x, env, tail)
  if x.k == "sym" then
    local var = find(env, x)
    if not var then return { k = "gref", g = global(x), at = x } end
    var.uses[env.L] = true
    return { k = "lref", var = var, at = x }
  elseif x.k ~= "list" then
    return forms.quote({ x, x })
  end
  check(#x > 0 and not x.tail, x, "this list is no expression")
  local form = keyword(x, env, forms)
  if form then return form(x, env, tail) end
  local macro = keyword(x, env, macros[home(x[1])]) or keyword(x, env, macros[base])
  local result = macro and apply_macro(macro, x)
  if result then return expand(result, env, tail) end
  local n = operands({ k = "call", f = expand(x[1], env) }, x, 2, env)
  local known = n.f.var or n.f.g
  n.selfof = tail and known and known.L == env.L and env.L -- may become a jump
  return n
end

-- The name and the value of (define (f . args) ...) or (define x e).
local function definition(x)
  local name, e = x[2], x[3]
  check(#x >= 3 and not x.tail, x, "bad definition")
  if name.k == "list" and #name > 0 then
    local params = make(name, { k = "list", tail = name.tail, table.unpack(name, 2) })
    if #params == 0 then params = params.tail or params end
    name, e = name[1], make(x, { k = "list", own(x, "lambda"), params, table.unpack(x, 3) })
  end
  check(name.k == "sym" and (e ~= x[3] or #x == 3), x, "bad definition")
  return name, e
end

-- The value of a definition of v, a variable or global: if it is a lambda, v knows it.
local function value(x, env, v)
  local lambda = keyword(x, env, forms) == forms.lambda
  return lambda and forms.lambda(x, env, nil, v) or expand(x, env)
end

-- Items from number `from` on of x: definitions, then expressions. All names are bound first,
-- then each gets its value in turn: letrec*.
local function body(x, from, env, tail)
  local n, values, inner = { k = "let", rec = true, vars = {}, inits = {} }, {}, scope(env)
  while x[from] and keyword(x[from], env, forms) == forms.define do
    local name, e = definition(x[from])
    values[#values + 1], n.vars[#values + 1] = e, bind(inner, name)
    from = from + 1
  end
  for i, e in ipairs(values) do n.inits[i] = value(e, inner, n.vars[i]) end
  n.body = sequence(x, from, inner, tail)
  return values[1] and n or n.body
end

-- -- Special forms ------------------------------------------------------------------------
function forms.lambda(x, env, _, v)
  check(#x >= 3, x, "lambda takes parameters and a body")
  local L = { k = "lambda", at = x, name = v and v.name or "lambda", params = {} }
  local inner, params = scope(env, L), x[2]
  if v then v.L = L end
  depth = depth + 1
  for i, p in ipairs(params) do L.params[i] = bind(inner, p) end
  local rest = params.k ~= "list" and params or params.tail
  L.rest = rest and bind(inner, rest)
  L.body = body(x, 3, inner, true)
  depth = depth - 1
  return L
end

function forms.define(x) fail(x, "definitions stand at the beginning of a body") end
forms["define-syntax"] = function(x) forms.define(x) end
function forms.begin(x, env, tail) return sequence(x, 2, env, tail) end

-- An expression that makes a datum. Long lists are made in pieces.
local function maker(d)
  local function list(...) return make(d, { k = "list", ... }) end
  local function quote(x) return list(own(d, "quote"), x) end
  if d.k == "sym" then return list(own(d, "string->symbol"), make(d, { k = "str", v = d.v })) end
  if d.k == "char" then return list(own(d, "integer->char"), make(d, { k = "int", v = d.v })) end
  if d.k == "vec" then return list(own(d, "list->vector"), quote(list(table.unpack(d)))) end
  local rest = #d > 50 and list(table.unpack(d, 51)) or d.tail or list()
  if #d > 50 then rest.tail = d.tail end
  local e = quote(rest)
  for i = math.min(#d, 50), 1, -1 do e = list(own(d, "cons"), quote(d[i]), e) end
  return e
end

-- Data that must be made are globals, set before the program begins.
function forms.quote(x)
  check(#x == 2, x, "quote takes one datum")
  local d = x[2]
  if d.k == "list" and #d == 0 then return const(x, "nil") end
  if ("int float str bool"):find(d.k) then return const(d, d.k, d.v) end
  local k = d.k == "sym" and "'" .. d.v or d.k == "char" and "#\\" .. d.v or d
  if not constants[k] then
    constants.n = constants.n + 1
    constants[k] = { key = k == d and "#" .. constants.n or k }
    local e = expand(maker(d))
    constants[#constants + 1] = { k = "set", g = constants[k], e }
  end
  return { k = "gref", g = constants[k], at = x }
end

forms["set!"] = function(x, env)
  check(#x == 3 and x[2].k == "sym", x, "set! takes a name and a value")
  local var, e = find(env, x[2]), expand(x[3], env)
  local g = not var and global(x[2])
  check(var or g == user[x[2].v], x, "`%s` is built in and cannot be set", x[2].v)
  if var then var.uses[env.L] = true end
  (var or g).assigned = true
  return { k = "set", var = var, g = g, e }
end

forms["if"] = function(x, env, tail)
  check(#x == 3 or #x == 4, x, "if takes a test and one or two expressions")
  return { k = "if", expand(x[2], env), expand(x[3], env, tail),
    x[4] and expand(x[4], env, tail) or const(x, "nil") }
end
forms["%or"] = function(x, env, tail) -- what is true is the value
  return { k = "or", expand(x[2], env), const(x, "bool", true), expand(x[3], env, tail) }
end
forms["%let"] = function(x, env, tail)
  local n, inner = { k = "let", vars = {}, inits = {} }, scope(env)
  for i, b in ipairs(x[2]) do n.inits[i], n.vars[i] = expand(b[2], env), bind(inner, b[1]) end
  n.body = body(x, 3, inner, tail)
  return n
end

-- (%asm "kind" "instruction; ..." operand ...), see comp.asm
forms["%asm"] = function(x, env)
  return operands({ k = "asm", kind = x[2].v, text = x[3].v }, x, 4, env)
end

-- -- Programs -----------------------------------------------------------------------------
-- The top-level forms of a list as {x, g}: g is the global defined, if any.
local function collect(list, into, prefix)
  local out = {}
  for _, x in ipairs(list) do
    local form = keyword(x, nil, forms)
    if form == forms["define-syntax"] then
      define_syntax(x)
    elseif form == forms.define then
      local name, e = definition(x)
      local g = into[name.v] or { name = name.v, key = prefix .. name.v, order = #out + 1 }
      into[name.v], g.defs = g, (g.defs or 0) + 1
      out[#out + 1] = { g = g, x = e }
    else
      out[#out + 1] = { x = x }
    end
  end
  return out
end

local function top_level(item, L)
  local e = value(item.x, { names = {}, L = L }, item.g or {})
  return item.g and { k = "set", g = item.g, e } or e
end

-- The lambda that is the program: it sets those globals of the prelude that are needed, then
-- the quoted data, then runs the user's forms.
local function program(reader, file, text, library)
  fail, base, user, prelude, wanted = reader.fail, library[1].file, {}, {}, {}
  constants, depth, marks, macros = { n = 0 }, 0, 0, { [base] = {}, [file] = {} }
  local at = { file = file, line = 1, col = 1 }
  local main = { k = "lambda", name = "main", at = at, params = {}, body = { k = "seq" } }
  local L = { k = "lambda", name = "program", at = at, params = {}, body = { k = "seq" } }
  local lib, items, nodes, i = collect(library, prelude, "#"), collect(text, user, ""), {}, 1
  for number, item in ipairs(items) do
    order = number
    L.body[number] = top_level(item, L)
  end
  table.insert(L.body, const(at, "nil"))
  local run = { k = "call", f = expand(own(at, "%run")), args = { L }, at = at }
  while wanted[i] do
    nodes[wanted[i]], i = top_level(lib[wanted[i].order], main), i + 1
  end
  for _, item in ipairs(lib) do table.insert(main.body, nodes[item.g]) end
  for _, c in ipairs(constants) do table.insert(main.body, c) end
  table.insert(main.body, run)
  return main
end

return { program = program }
