-- Short comments, long comments, and what only looks like one.
print(1) -- to the end of the line print(2)
--[[ print(3) ]] print(4)
--[==[
print(5) ]] ]=]
--]==] print(6)
---[[ this is short
print(7)
--]]
print(8 --[[ in the middle ]] + --[=[ of ]=] 1)
--[ not long
print(9)
--[=x not long either
print(10)
--[==
print(11)
print("-- not a comment", [[--[[ nor this]])
local a = 5 --
--
- 3
print(a)
print(--[[one]]1--[[two]],--[[three]]2)
--[[]]print(12)--[[]]
--[=[]]]=]print(13)
print(10--comment
)
