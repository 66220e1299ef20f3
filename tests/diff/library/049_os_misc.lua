-- SPDX-License-Identifier: MIT
-- getenv, tmpname, remove and rename
print(os.getenv("SURELY_NOT_SET_ANYWHERE"), type(os.getenv("PATH")))
print(pcall(os.getenv))
local name = os.tmpname()
print(type(name), os.remove(name))
print(select("#", os.remove(name)), (os.remove(name)))
print((select(2, os.remove(name)):gsub(name, "NAME", 1)), (select(3, os.remove(name))))
print(select(2, os.rename("/nonexistent/a", "/nonexistent/b")))
print(select(3, os.rename("/nonexistent/a", "/nonexistent/b")))
local a = os.tmpname()
local b = a .. ".moved"
print(os.rename(a, b), io.open(a) == nil)
print(os.remove(b))
print(os.setlocale("C"), os.setlocale(nil), os.setlocale("no such locale"))
print(pcall(os.setlocale, "C", "bad"))
