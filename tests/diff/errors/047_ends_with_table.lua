-- SPDX-License-Identifier: MIT
-- an uncaught error that is a table
print("before")
error({code = 2})
