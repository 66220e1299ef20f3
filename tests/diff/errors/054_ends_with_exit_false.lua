-- SPDX-License-Identifier: MIT
-- exit with a boolean; exit: 1
print("before")
os.exit(false)
