-- Tokens with nothing between them: the longest match wins.
local a, b = 7, 2
print(a//b, a/b, a~b, a~=b, a==b, a<b, a<=b, a<<b, a>>b, a>=b)
print(a..b, a ..b, 1 ..2, "x"..1)
print(-a, - -a, not not a, ~a, ~~a, -~a, ~-a)
print(#"abc"..#"de", -#"abc", -2^2, 2^-2)
print(a<b==false, a<b~=true, 1<2==true)
local t={1,2,3}
print(#t-1,t[#t]-t[1],#t//2)
print((a)-(b),{...}==nil,a-- comment
-b)
local function f(...)return...end
print(f(1,2,3),(f(4,5)))
print(1 .. 2 == "12", 3 .. "" == "3", .5 .. "", 5. .. "")
local s=a>b and"more"or"less"print(s)
