-- \ddd takes up to three digits, as many as there are.
print("\65\066\0671\68z", #"\0001")
print(("\0\00\000"):byte(1, -1))
print(("\255\254\1"):byte(1, -1))
print(("\49\50\51"), "\0491" == "11", "\049\z
  1" == "11")
print(#"\10\13", ("\10\13"):byte(1, -1))
print(("\0019"):byte(1, -1))
print(load([[return "\256"]]))
print(load([[return "\300"]]))
print(load([[return "\999"]]))
print(load([[return "\25a"]])():byte(1, -1))
