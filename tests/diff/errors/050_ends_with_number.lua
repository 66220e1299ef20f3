-- SPDX-License-Identifier: MIT
-- an uncaught error that is a number
print("before")
error(42)
