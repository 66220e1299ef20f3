-- SPDX-License-Identifier: MIT
-- an uncaught error with its position; exit: 1
print("before")
io.write("no newline")
error("it ends here")
