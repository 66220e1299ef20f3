-- \xXX takes two digits exactly, of either case.
print("\x41\x42\x7a", "\x4Ab", ("\xfF\x00\xaB"):byte(1, -1))
print(#"\x000", ("\x311"))
for _, source in ipairs {
  [["\x4"]], [["\xg1"]], [["\x1g"]], [["\x"]], [["\x]],
} do
  print(load("return " .. source))
end
print(load('return "\\X41"'))
print("\x5c" == "\\", "\x22" == '"', #"\x0a")
