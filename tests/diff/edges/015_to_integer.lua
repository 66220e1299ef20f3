-- SPDX-License-Identifier: MIT
-- math.tointeger
local ti = math.tointeger
print(ti(3), ti(3.0), ti(3.5), ti(-0.0))
print(ti(2^53), ti(2^62), ti(2^63), ti(-2^63))
print(ti(math.huge), ti(-math.huge), ti(0 / 0))
print(ti({}), ti(true), ti(nil), ti(print))
print(ti(math.maxinteger + 0.0), ti(math.mininteger + 0.0))
print(ti(9007199254740993), ti(1e15), ti(1e19))
print(pcall(ti))
print(ti("abc"), ti("3.5"), ti(""))
print(math.type(ti(5.0)), 3 | 0, 3.0 | 0)
