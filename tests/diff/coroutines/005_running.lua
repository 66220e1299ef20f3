-- SPDX-License-Identifier: MIT
-- coroutine.running and isyieldable
local main, is_main = coroutine.running()
print(type(main), is_main)
print(coroutine.isyieldable())
print(coroutine.status(main))
local co
co = coroutine.create(function()
  local me, m = coroutine.running()
  print(me == co, m, me == main)
  print(coroutine.isyieldable(), coroutine.isyieldable(me))
  print(coroutine.status(main), coroutine.isyieldable(main))
  print(coroutine.resume(main))
  print(coroutine.resume(co))
end)
print(coroutine.resume(co))
print(coroutine.isyieldable(co))
print(pcall(coroutine.isyieldable, 1))
print(coroutine.resume(main))
