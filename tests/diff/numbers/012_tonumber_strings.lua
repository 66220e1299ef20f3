-- tonumber: what it takes as a numeral and what it does not.
for _, s in ipairs {"10", " 10 ", "10.", ".5", "5.e3", "0x1F", "0X1f", "0x.8p1", "0x1p-2",
  "1e5", "1E+5", "-7", "+7", "- 7", "--7", "1e", "0x", "", " ", "abc", "1a", "1 2",
  "1\0", "inf", "nan", "Infinity", "1e1000", "0x1e", "1_0", "٣", "\n3\n", "1,5", "0b1",
  "1e+", "0xp1", ".", "-.5", "+.5e-1", "1..2", "0x1.8", "1f", "1L"} do
  io.write(string.format("%q", s):gsub("\\\n", "\\n"), " ", tostring(tonumber(s)), "\n")
end
