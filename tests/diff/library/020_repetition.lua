-- SPDX-License-Identifier: MIT
-- * + - ? on single characters
print(("aaab"):match("a*"), ("aaab"):match("a+"), ("aaab"):match("a-"), ("aaab"):match("a?"))
print(("baaa"):match("a*"), ("baaa"):match("a+"), ("baaa"):match("ba-"), ("baaa"):match("ba?"))
print(("aaab"):match("a*b"), ("aaab"):match("a-b"), ("aaab"):match("^a?b"), ("b"):match("^a?b"))
print(("<<a>>"):match("<.*>"), ("<<a>><b>"):match("<.->"), ("<a><b>"):match("<(.-)>"))
print(("abc123"):match("%a*%d*"), ("123"):match("%a*%d+"), ("abc"):match("%a-%d?$"))
print(("xaxbx"):match("x.*x"), ("xaxbx"):match("x.-x"), ("xx"):match("x.-x"))
print(("aXbX"):gsub("X?", "-"))
print(("abc"):gsub("b*", "-"))
print(("abc"):gsub("", "-"))
print(("aaa"):gsub("a-", "x"))
print(("a?b"):match("a%?b"), ("a*"):match("%*"), ("a"):match("a*a"), ("a"):match("a+a"))
print(("  x"):match("^ *"), ("x"):match("^ *") == "", ("x  "):match(" +$"))
