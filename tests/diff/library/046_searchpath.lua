-- SPDX-License-Identifier: MIT
-- package.searchpath and its message
print(package.searchpath("x", "./?.nosuch"))
print(package.searchpath("a.b", "./?.nosuch;/none/?.x"))
print(package.searchpath("a.b", "./?.nosuch", "", ""))
print(package.searchpath("a-b", "./?.nosuch", "-", "+"))
print(package.searchpath("a.b", "?.?"))
print(package.searchpath("x", ""))
print(pcall(package.searchpath, "x"))
package.path = "./?.nosuch"
package.cpath = "./?.neither"
local _, m = pcall(require, "some.module")
print((m:gsub("\t", "  ")))
