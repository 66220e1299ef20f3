RV_LIB_SRC += $(wildcard compiler/*.c)
RV_LEX += compiler/lua.l
RV_YACC += compiler/lua.y
