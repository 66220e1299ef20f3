-- SPDX-License-Identifier: MIT
-- an uncaught error that is a table; exit: 1
print("before")
error({code = 2})
