-- if, elseif, else; values that are true and false; nested returns.
local function kind(x)
  if x == nil then return "nil"
  elseif x == false then return "false"
  elseif x == 0 then return "zero"
  elseif x == "" then return "empty"
  elseif type(x) == "number" and x < 0 then return "negative"
  elseif type(x) == "number" and x ~= x then return "nan"
  elseif type(x) == "number" and x > 100 or x == "big" then return "big"
  else return "other" end
end
print(kind(), kind(false), kind(0), kind(-0.0), kind(""), kind(-1), kind(0/0), kind(101), kind("big"), kind(50), kind({}))
local function truth(v) if v then return "T" end return "F" end
print(truth(nil), truth(false), truth(0), truth(""), truth({}), truth(0/0), truth("false"), truth(print))
local function cmp(a, b) if a < b then return -1 elseif a > b then return 1 end return 0 end
print(cmp(1, 2), cmp(2, 1), cmp(1, 1), cmp(1, 1.0), cmp("a", "b"), cmp(1.5, 1), cmp("b", "a"), cmp("", ""))
local r = {} for i = 1, 15 do if i % 15 == 0 then r[i] = "FizzBuzz" elseif i % 5 == 0 then r[i] = "Buzz" elseif i % 3 == 0 then r[i] = "Fizz" else r[i] = i end end print(table.concat(r, " "))
local function nest(a, b, c) if a then if b then if c then return "abc" else return "ab" end elseif c then return "ac" end else if b then return "b" end end return "none" end
print(nest(1, 1, 1), nest(1, 1), nest(1, nil, 1), nest(1), nest(nil, 1), nest())
local function k(x) if x == 1 then return "i1" elseif x == 1.5 then return "f" elseif x == "1" then return "s" elseif x == true then return "t" elseif 2 == x then return "i2" elseif x ~= 3 then return "not 3" else return "3" end end
print(k(1), k(1.0), k(1.5), k("1"), k(true), k(2), k(2.0), k(3), k(3.0), k(4), k(nil))
local function rng(x) if 1 < x and x <= 5 then return "in" elseif not (x > 1) then return "low" elseif 10 >= x then return "mid" end return "high" end
print(rng(1), rng(1.1), rng(5), rng(5.5), rng(10), rng(10.1), rng(-3))
if nil then print "no" elseif 0 then print "zero is true" end if not nil and not false then print "both" end if nil == false then print "no" else print "nil ~= false" end
local x = 5 if x > 3 then local x = "inner" io.write(x, " ") end if x > 3 then local y = x x = y + 1 end print(x)
if (function() x = x + 1 return x > 100 end)() then print "no" elseif (function() x = x + 1 return x > 7 end)() then print("second", x) else print "no" end
