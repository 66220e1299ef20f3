-- SPDX-License-Identifier: MIT
-- a failed assertion without a message
print("before")
assert(1 == 2)
