-- Nested, position and back-reference captures.
print(("hello world"):match("(h(e(l)l)o)"), ("key=val"):match("((%w+)=(%w+))"))
print(("abc"):match("()a()b()c()"), ("abc"):find("(b)()"), ("  x"):match("^%s*()"))
print(([[say "hi" 'there']]):match([[(["'])(.-)%1]]), ([[x='it"s']]):match([[(["'])(.-)%1]]))
print(("abab"):match("^(a)(b)%1%2$"), ("abba"):match("^(.)(.)%2%1$"), ("aa bb"):match("(%a)%1 (%a)%2"))
print(("hello"):match(".-(.)%1"), ("mississippi"):gsub("(.)%1", "<%1>"), ("a1a"):match("(%a)%d%1"))
print(("x"):match("(x)(y?)"), ("x"):match("()"), (""):match("()"), ("abc"):match("((((((((((c))))))))))"))
for _, p in ipairs {"(a", "a)", "%1", "(a%1)", "(a)%2", "((a)", "())", "(()", "(.)%0"} do
  print(p, select(2, pcall(string.match, "aa", p)))
end
print(pcall(string.match, "a", ("(a?)"):rep(32)))
print(select(2, pcall(string.match, "a", ("(a?)"):rep(33))))
