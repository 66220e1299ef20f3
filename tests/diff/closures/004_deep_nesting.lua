-- Upvalues reached through many levels, captured from any of them.
local a = "a"
local function f1()
  local b = "b"
  return function()
    local c = "c"
    return function()
      local d = "d"
      return function()
        local e = "e"
        return function(x)
          a, b, c, d, e = a .. x, b .. x, c .. x, d .. x, e .. x
          return a, b, c, d, e
        end
      end
    end
  end
end
local g = f1()
local h = g()
local k = h()
local m = k()
print(m "1")
print(m "2")
print(k()("3"))
print(h()()("4"))
print(g()()()("5"))
print(f1()()()()("6"))
print(a)
local function nest(n) if n == 0 then return function(...) return "bottom", ... end end local inner = nest(n - 1) return function(...) return inner(n, ...) end end
print(nest(5)()) print(nest(5)("x")) print(select("#", nest(20)()))
