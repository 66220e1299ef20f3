RV_CLI_SRC += $(wildcard cli/*.c)
