TEST_C += $(wildcard tests/unit/*.c)
TEST_SO += $(wildcard tests/lib/*.c)
