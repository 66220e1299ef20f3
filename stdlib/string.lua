-- Strings. Their metatable makes them objects, and numbers in arithmetic.

string = {
  byte = @"string.byte",
  char = @"string.char",
  format = @"string.format",
  len = @"string.len",
  lower = @"string.lower",
  rep = @"string.rep",
  reverse = @"string.reverse",
  sub = @"string.sub",
  upper = @"string.upper",
}

local meta = {__index = string}
@"core.settypemeta"(4, meta)
