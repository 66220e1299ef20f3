RV_LIB_SRC += $(wildcard vm/host/*.c) $(wildcard vm/host/ffi/*.c)
