-- SPDX-License-Identifier: MIT
-- a file that ends too early
print("never printed")
if true then
  while true do
