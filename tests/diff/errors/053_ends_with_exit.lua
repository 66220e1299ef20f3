-- SPDX-License-Identifier: MIT
-- exit codes; exit: 7
print("before")
io.write("unflushed")
os.exit(7, true)
