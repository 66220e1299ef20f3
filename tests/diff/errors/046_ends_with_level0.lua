-- SPDX-License-Identifier: MIT
-- an uncaught error without a position
print("before")
error("only this", 0)
