-- SPDX-License-Identifier: MIT
-- an uncaught error that is nil
print("before")
error(nil)
