RV_LIB_SRC += $(wildcard vm/host/*.c)
