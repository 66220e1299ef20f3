-- SPDX-License-Identifier: MIT
-- an uncaught error without a position; exit: 1
print("before")
error("only this", 0)
