-- SPDX-License-Identifier: MIT
-- exit codes
print("before")
io.write("unflushed")
os.exit(7, true)
