-- SPDX-License-Identifier: MIT
-- an uncaught error with its position
print("before")
io.write("no newline")
error("it ends here")
