-- -0.0 prints its sign, equals 0, and is the same key.
print(-0.0, 0.0, -0.0 == 0.0, 0 == -0.0, 1 / -0.0, 1 / 0.0, -0)
local z = -0.0
print(z, z + 0, z + 0.0, z - 0.0 * 1, z * 1, z * -1, -z, z // 1, z % 1)
print(0 * -1, 0 * -1.0, 0.0 * -1, 0 / -5, math.type(0 // -5))
local t = {[0] = "int"}
print(t[-0.0], t[z], t[0.0])
t[z] = "changed"
print(t[0], next(t), math.type(next(t)))
print(math.ceil(-0.5), math.floor(-0.0), math.tointeger(-0.0), math.abs(-0.0))
print(string.format("%g %.1f %d %s", -0.0, -0.0, -0.0, -0.0))
print(math.max(-0.0, 0.0), math.fmod(-6, 2), math.fmod(-6.0, 2), -6 % 2, -6.0 % 2)
print(tostring(-0.0) == "-0.0", tonumber("-0"), tonumber("-0.0"), tonumber("-0x0p0"))
