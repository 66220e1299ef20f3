-- SPDX-License-Identifier: MIT
-- os.exit with a float; what was written is there; exit: 4
io.write("written")
io.stderr:write("")
os.exit(4.0)
