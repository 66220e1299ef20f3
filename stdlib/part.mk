RV_LIB_SRC += $(wildcard stdlib/*.c)
