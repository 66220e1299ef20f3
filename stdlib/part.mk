RV_LIB_SRC += $(wildcard stdlib/*.c)
# The order in which they run when the library is opened.
RV_LUA_LIB += stdlib/base.lua
RV_LUA_LIB += stdlib/coroutine.lua
RV_LUA_LIB += stdlib/string.lua
RV_LUA_LIB += stdlib/table.lua
RV_LUA_LIB += stdlib/math.lua
RV_LUA_LIB += stdlib/utf8.lua
RV_LUA_LIB += stdlib/debug.lua
RV_LUA_LIB += stdlib/io.lua
RV_LUA_LIB += stdlib/os.lua
RV_LUA_LIB += stdlib/package.lua
