-- gsub with a string: %0 to %9, %%, counts and limits.
print(("hello world"):gsub("o", "0"), ("hello"):gsub("l", "L", 1), ("hello"):gsub("l", "L", 0), ("hello"):gsub("l", "L", -1))
print(("hello"):gsub("", "-"), ("hello"):gsub("", "-", 3), (""):gsub("", "x"), ("abc"):gsub(".", "%0%0"))
print(("abc"):gsub("%w", "%%%0"), ("abc def"):gsub("(%w+) (%w+)", "%2 %1"), ("abc"):gsub("b", "%1"))
print(("hello world"):gsub("(o)(.)", "[%2%1]"), ("x y"):gsub("(%w)", "%1%1%1"), ("a.b"):gsub("%.", "%%"))
print(("abc"):gsub("()", "%1"), ("abc"):gsub("(b)()", "%1@%2"), ("a b c"):gsub(" ", ""), ("aaa"):gsub("a*", "x"))
print(("abc"):gsub("b*", "x"), ("baab"):gsub("a-", "."), ("hello"):gsub("x*", "-"), ("ab"):gsub("$", "!"))
print(("a,b"):gsub(",", "\n"), ("x"):gsub("x", "\0"):byte(), #("x"):gsub("x", ("y"):rep(100)), ("5"):gsub(5, 6))
for _, r in ipairs {"%2", "%", "%a", "%1%2", "x%"} do print(r, select(2, pcall(string.gsub, "abc", "(b)", r))) end
print(pcall(string.gsub, "abc", "b", "%9"))
print(("path/to"):gsub("/", "%%2F"), ("<a&b>"):gsub("[<>&]", {["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;"}))
