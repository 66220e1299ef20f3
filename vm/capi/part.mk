RV_LIB_SRC += $(wildcard vm/capi/*.c)
