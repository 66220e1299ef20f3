-- ^ $ where they anchor and where they are plain; %f, %b.
print(("abc"):match("^b"), ("abc"):match("b$"), ("abc"):match("^abc$"), ("a^b"):match("a^b"), ("a$b"):match("a$b"))
print(("x^"):match("x^$"), ("$"):match("$$"), ("a$"):match("a%$"), (""):match("^$"), ("\n"):match("^$"))
print(("THE (quick) fox"):find("%((%a+)%)"), ("THE (quick) fox"):gsub("%f[%a]%a+", string.lower))
print(("THE (quick) fox"):find("%f[%a]%a+%f[%A]", 5), ("[[foo]]"):find("%f[%w]"), ("foo"):find("%f[%z]"), ("foo"):find("%f[\0]"))
print(("foo.bar"):gsub("%f[%w]", "<"), ("foo.bar"):gsub("%f[%W]", ">"), ("aab"):gsub("%f[b]", "|"))
print(("f(a(b)c)d)"):match("%b()"), ("((("):match("%b()"), ("x{y{z}}w"):gsub("%b{}", "#"), ("''"):match("%b''"))
print(("if a then if b end end"):match("%bie"), ("[a]]"):match("%b[]"), ("(a"):find("%b()"), ("\0a\1"):match("%b\0\1") == "\0a\1")
for _, p in ipairs {"%f", "%b", "%bx", "%fa", "%f[", "abc%"} do print(p, select(2, pcall(string.find, "a", p))) end
print(("hello"):gsub("^h", "j"), ("hhh"):gsub("^h", "j"), ("hello"):gsub("o$", "0"), ("a\nb"):gsub("$", "!"))
