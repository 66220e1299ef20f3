-- SPDX-License-Identifier: MIT
-- a syntax error found before anything runs
print("never printed")
local x = = 1
