-- SPDX-License-Identifier: MIT
-- an uncaught error that is a number; exit: 1
print("before")
error(42)
