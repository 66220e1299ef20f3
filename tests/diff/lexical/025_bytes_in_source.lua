-- Bytes over 127 in strings and comments pass through untouched: é ü €
local s = "né€𝄞"
print(#s, utf8.len(s), s)
for p, c in utf8.codes(s) do print(p, c) end
print(s:byte(1, -1))
print(load("return '\xff\xfe\x80'")():byte(1, -1))
print(load("return [[\xc3\x28]]")():byte(1, -1))
print(load("-- \xff\xff\nreturn 'after'")())
print(load("return 'a\0b', #'a\0b'")())
print(#load("return [[\0\0]]")())
print(load("\0return 1"))
print(load("return 1 --\0 still comment\n + 1")())
