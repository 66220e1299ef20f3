-- Every one-letter escape, seen as bytes.
local all = "\a\b\f\n\r\t\v\\\"\'"
print(#all, all:byte(1, -1))
print('it\'s', "say \"x\"", 'no need for \" here', "nor for ' here")
print("\\n", #"\\n", "\\\\", #"\\\\")
print("a\
b", #"a\
b")
print("tab\there")
print(#"\0", #"a\0b", ("a\0b"):byte(1, -1))
print("\z   joined", "a\z
       b\z

       c")
print(#"\z", #"\z   ", #" \z   ")
print("x\z\u{41}", "x\z \x41")
