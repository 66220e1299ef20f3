-- UTF-8.

utf8 = {
  char = @"utf8.char",
  charpattern = "[\0-\x7F\xC2-\xFD][\x80-\xBF]*",
  codepoint = @"utf8.codepoint",
  len = @"utf8.len",
  offset = @"utf8.offset",
}

local next = @"utf8.next"

local function strict(s, i) return next(s, i, false) end
local function lax(s, i) return next(s, i, true) end

function utf8.codes(s, is_lax)
  s = @tostr(s) or @"lua.typeerror"(1, "string", s)
  return is_lax and lax or strict, s, 0
end
