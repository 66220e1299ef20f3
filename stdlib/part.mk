RV_LIB_SRC += $(wildcard stdlib/*.c)
# The order in which they run when the library is opened.
RV_LUA_LIB += $(addprefix stdlib/,base.lua coroutine.lua string.lua table.lua \
  math.lua package.lua)
