-- SPDX-License-Identifier: MIT
-- a failed assertion without a message; exit: 1
print("before")
assert(1 == 2)
