-- Levels nest by counting, a first newline is dropped, nothing is escaped.
print([[one]], [=[two]=], [==[three]==])
print([==[a]]b]=]c]==], [=[ [[inner]] ]=])
print(#[[
]], #[[

]], #[[ 
]])
print([[
first line
second]])
print([[a\nb\z c\x41]], #[[\0]])
print([=[]]]=], [=[]]=], #[=[]]=], [[]]..[[]]..'|')
print([==[]=]==], [===[]==]===])
print([["quoted" 'both']])
local t = {[ [[key]] ] = 1, [ [=[k2]=] ] = 2}
print(t.key, t.k2)
print(([[x]]):rep(3), #[[]])
print(type [[called]], (function(s) return s .. "!" end) [==[with]==])
