-- SPDX-License-Identifier: MIT
-- patterns over longer subjects
local s = ("abc "):rep(100)
print(#s, select(2, s:gsub("%a+", "")), select(2, s:gsub("abc ", "")))
print(s:find("abc $"), s:find("c a", 200, true), s:find("d"))
print(#s:match("^.*b"), #s:match("^.-b"), #s:match("b.*$"))
local t = {}
for w in s:gmatch("%a(%a)%a") do t[#t + 1] = w end
print(#t, t[1], t[100])
print((s:gsub("(%a)(%a)(%a) ", "%3%2%1", 3)):sub(1, 20))
print(("x"):rep(200):find("x+$"), ("x"):rep(200):match("^x-$") ~= nil)
print(#("a"):rep(100):gsub("a", "%0%0"), (("a,"):rep(50)):gsub(",", "", 49):len())
