-- \u{XXX} makes UTF-8 up to 2^31, in the sequence lengths of old.
local function hex(s)
  return (s:gsub(".", function(c) return string.format("%02x ", c:byte()) end))
end
for _, s in ipairs {
  "\u{0}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}",
  "\u{10FFFF}", "\u{110000}", "\u{1FFFFF}", "\u{200000}", "\u{3FFFFFF}",
  "\u{4000000}", "\u{7FFFFFFF}", "\u{D800}", "\u{00000041}", "\u{20ac}",
} do
  print(#s, hex(s))
end
print("\u{48}\u{49}", "\u{e9}" == "é")
for _, s in ipairs { [["\u{80000000}"]], [["\u{}"]], [["\u41"]], [["\u{4g}"]],
  [["\u{41"]], [["\u{FFFFFFFFFFFF}"]] } do
  print(load("return " .. s))
end
