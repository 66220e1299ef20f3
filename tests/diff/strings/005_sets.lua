-- Sets: ranges, complements, classes inside, brackets and hyphens.
local function all(s, p) local t = {} for m in s:gmatch(p) do t[#t + 1] = m end return table.concat(t, "|") end
local s = "a-b]c^d[e%f0_9.Z"
print(all(s, "[a-c]"), all(s, "[^a-c]"), all(s, "[]]"), all(s, "[^]]"))
print(all(s, "[]-]"), all(s, "[a-]"), all(s, "[-a]"), all(s, "[%-]"), all(s, "[%]]"), all(s, "[%a-z]"))
print(all(s, "[^%a]"), all(s, "[%d%p]"), all(s, "[^%d%p]"), all(s, "[%^]"), all(s, "[a^]"), all(s, "[[]"))
print(all(s, "[%%]"), all(s, "[.]"), all(s, "[0-9_]"), all(s, "[%W]"), all(s, "[^%W_]"), all(s, "[a-a]"))
print(all(s, "[z-a]") == "", all(s, "[^z-a]") == all(s, "."), all("a\0b", "[%z]") == "\0", all("a\0b", "[\0-a]") == "a|\0")
print(all("key = value", "[%w]+"), all("x1y22", "[%d]+"), all("aXbY", "[A-Z]"), all("é", "[\xc3]") == "\xc3")
print(all("+-*/", "[+-/]"), all("+-*/", "[+%-]"), all("a,b;c", "[^,;]"))
for _, p in ipairs {"[a", "[", "[^", "[]", "[^]", "[a-", "[%", "[%a"} do print(p, select(2, pcall(string.find, "a", p))) end
