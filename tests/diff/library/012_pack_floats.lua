-- SPDX-License-Identifier: MIT
-- f, d and n
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local p, u = string.pack, string.unpack
print(hex(p("<f", 1.5)), hex(p(">f", 1.5)), hex(p("<d", 1.5)), hex(p(">d", -0.0)), hex(p("<n", 0.1)))
print(u("<f", p("<f", 0.5)), u("<d", p("<d", 0.1)), u(">n", p(">n", 1 / 3)))
print(u("<f", p("<f", 0.1)) == 0.1, ("%.10g"):format((u("<f", p("<f", 0.1)))))
print(u("<f", p("<f", 1e300)), u("<f", p("<f", 1e-300)), u("<d", p("<d", 1 / 0)))
print(math.type((u("<d", p("<d", 1)))), u("<d", p("<d", 2^53)))
print(hex(p(">d", 1 / 0)), hex(p(">f", -1 / 0)), hex(p(">d", 5e-324)))
print(p("<d", "2.5") == p("<d", 2.5))
print(pcall(p, "d", "x"))
print(pcall(u, "d", "short"))
