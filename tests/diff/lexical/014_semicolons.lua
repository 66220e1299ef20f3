-- Empty statements, and semicolons where they may stand.
;;; local a = 1; ; local b = 2;;
print(a, b);
do ; end
do ;;; local c = 3; print(c); end;
if a then ; end
while false do ;;; end
repeat ; until true
for i = 1, 2 do ; print(i); end
local function f() ; return 1; end
print(f())
local function g() return; end
print(g() == nil, select("#", g()))
local t = {1; 2; x = 3; 4;}
print(#t, t.x)
print(select("#", load("return;")()))
print(pcall(load("return;")))
print(load("return;;"))
print(load("return 1; print(2)"))
print(type(load(";")), pcall(load(";")))
do local x = f
;(print or error)("parenthesis after semicolon") end
