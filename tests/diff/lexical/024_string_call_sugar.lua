-- f"x", f'x', f[[x]], f{...} and chains of them.
local function f(s) return function(t) return s .. ":" .. #t end end
print(f"a"{1, 2, 3})
print(f'a'[[long]])
print(f[[a]]"")
print(f[==[a]==]{})
local o = {n = 0}
function o:add(t) self.n = self.n + (type(t) == "table" and #t or #tostring(t)) return self end
print(o:add"abc":add{1, 2}:add[[xy]]:add'z'.n)
print(#"abc" + #{1, 2}, -#"ab")
print(("x"):rep(3), ("%d"):format(7), #("abc"):upper())
local id = function(x) return x end
print(id{id"q"}[1], id"abc":sub(2), id{x = "y"}.x)
print(type{}, type"", type[[]], type(nil))
print((id"p" .. id'q'), id(id)"r")
