-- SPDX-License-Identifier: MIT
-- exit with a boolean
print("before")
os.exit(false)
