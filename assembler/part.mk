RV_LIB_SRC += $(wildcard assembler/*.c)
RV_LEX += $(wildcard assembler/*.l)
RV_YACC += $(wildcard assembler/*.y)
