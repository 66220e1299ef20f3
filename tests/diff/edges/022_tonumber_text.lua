-- SPDX-License-Identifier: MIT
-- text that is a number and text that is not
local ok = {"0", "-0", "+1", " 1", "1 ", "\t1\n", "1.", ".1", "-.5", "1e1", "1E+1", "1e-1", "0x1", "0X1F", "0x.1", "0x1.", "0x1p1", "0xA.8p-1", "-0x10", "1e308", "1e400", "0e0", "0x0p-9"}
for i, s in ipairs(ok) do io.write(("%q=%s "):format(s, tonumber(s))) if i % 6 == 0 then print() end end
print()
local no = {"", " ", "-", "+", ".", "e", "1e", "1e+", "0x", "0x.", "0xp1", "0x1p", "1 2", "1,5", "1_000", "1f", "0b1", "--1", "+-1", "- 1", "inf", "nan", "NaN", "1e1.5", "0x1g", "1..2", "1\0", "١"}
local bad = {}
for _, s in ipairs(no) do if tonumber(s) ~= nil then bad[#bad + 1] = s end end
print(#no, #bad)
print(tonumber("0x" .. ("f"):rep(16)), tonumber("0x1" .. ("0"):rep(16)), tonumber("0x" .. ("f"):rep(20)))
print(tonumber("9223372036854775807"), tonumber("9223372036854775808"), tonumber("-9223372036854775809"))
print(tonumber(("1"):rep(40)), tonumber(("0"):rep(50) .. "7"), tonumber("0." .. ("0"):rep(60) .. "1"))
print(tonumber(nil), tonumber(true), tonumber({}), tonumber(12), tonumber(1.5))
