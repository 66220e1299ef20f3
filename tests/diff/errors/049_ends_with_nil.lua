-- SPDX-License-Identifier: MIT
-- an uncaught error that is nil; exit: 1
print("before")
error(nil)
