-- Input and output. A file is a user object whose content, its stream, says
-- where the bytes go: a handle `h` of the device `kind`. The devices buffer;
-- nothing is kept here.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local interror = @"lua.interror"
local where = @"core.where"
local content, new_user = @"user.get", @"user.new"
local concat, unpack = @"table.concat", @"table.unpack"
local sub, format = @"string.sub", @"string.format"
local collect, select = @"core.collect", @"lua.select"

io = {}

local meta = {__name = "FILE*"}
local methods = {}
meta.__index = methods

local FILE <const>, INPUT <const>, OUTPUT <const> = 1, 2, 3
local ERROR <const>, PROGRAM <const>, CLOSED <const> = 4, 5, 6
local DIRECTORY <const> = 7

-- As errno has it.
local EBADF <const>, EISDIR <const>, ESPIPE <const> = 9, 21, 29

-- Raises a message with the position of whoever called the library.
local function raise(message)
  @throw(where(1) .. message)
end

-- What functions do about a value that should be an open file: gives its
-- stream or raises.
local function stream_of(...)
  local s = content((...), meta)
  if s == nil then
    typeerror(1, "FILE*", (...), @varargn() == 0)
  elseif s.kind == CLOSED then
    @throw(where(1) .. "attempt to use a closed file")
  end
  return s
end

-- For `return same(f(...))`, which is no tail call: errors of f then name the
-- function that a program called.
local function same(...)
  return ...
end

-- A string argument; numbers count as their text.
local function text_of(v, i)
  return @tostr(v) or typeerror(i, "string", v)
end

-- -- Devices ---------------------------------------------------------------

local function get_line(s, keep)
  local kind, v, e, c = s.kind
  if kind == FILE then
    v, e, c = @host("storage", "line",
                    "(handle, bool?) (str?, str?, int?)", s.h, keep)
  elseif kind == INPUT then
    v, e, c = @host("console", "line", "(bool?) (str?, str?, int?)", keep)
  elseif kind == PROGRAM then
    v, e, c = @host("process", "line",
                    "(handle, bool?) (str?, str?, int?)", s.h, keep)
  else
    return nil, s.error or "Bad file descriptor", s.error and EISDIR or EBADF
  end
  return v, e, c
end

local function get_bytes(s, n)
  local kind, v, e, c = s.kind
  if kind == FILE then
    v, e, c = @host("storage", "read",
                    "(handle, int) (str?, str?, int?)", s.h, n)
  elseif kind == INPUT then
    v, e, c = @host("console", "read", "(int) (str?, str?, int?)", n)
  elseif kind == PROGRAM then
    v, e, c = @host("process", "read",
                    "(handle, int) (str?, str?, int?)", s.h, n)
  else
    return nil, s.error or "Bad file descriptor", s.error and EISDIR or EBADF
  end
  return v, e, c
end

-- Is there anything more?
local function has_more(s)
  local kind, v, e, c = s.kind
  if kind == FILE then
    v, e, c = @host("storage", "more", "(handle) (bool?, str?, int?)", s.h)
  elseif kind == INPUT then
    v, e, c = @host("console", "more", "() (bool?, str?, int?)")
  elseif kind == PROGRAM then
    v, e, c = @host("process", "more", "(handle) (bool?, str?, int?)", s.h)
  else
    return nil, s.error or "Bad file descriptor", s.error and EISDIR or EBADF
  end
  return v, e, c
end

local function get_number(s)
  local kind, v, e, c = s.kind
  if kind == FILE then
    v, e, c = @host("storage", "number", "(handle) (any?, str?, int?)", s.h)
  elseif kind == INPUT then
    v, e, c = @host("console", "number", "() (any?, str?, int?)")
  elseif kind == PROGRAM then
    v, e, c = @host("process", "number", "(handle) (any?, str?, int?)", s.h)
  else
    return nil, s.error or "Bad file descriptor", s.error and EISDIR or EBADF
  end
  return v, e, c
end

local function flush(s)
  local kind, v, e, c = s.kind, true
  if kind == OUTPUT then
    v, e, c = @host("console", "flush", "() (bool?, str?, int?)")
  elseif s.writes and kind == FILE then
    v, e, c = @host("storage", "flush", "(handle) (bool?, str?, int?)", s.h)
  elseif s.writes and kind == PROGRAM then
    v, e, c = @host("process", "flush", "(handle) (bool?, str?, int?)", s.h)
  end
  return v, e, c
end

-- Writes up to four values, strings and numbers; n says how many. For another
-- value: nil, nil, and which one.
local function put(s, n, a1, a2, a3, a4)
  local kind, v, e, c = s.kind
  if not s.writes then
    return nil, "Bad file descriptor", EBADF
  elseif kind == OUTPUT then
    v, e, c = @host("console", "put",
                    "(int, any?, any?, any?, any?) (int?, str?, int?)", n, a1,
                    a2, a3, a4)
  elseif kind == FILE then
    v, e, c = @host("storage", "put",
                    "(handle, int, any?, any?, any?, any?) (int?, str?, int?)",
                    s.h, n, a1, a2, a3, a4)
  elseif kind == PROGRAM then
    v, e, c = @host("process", "put",
                    "(handle, int, any?, any?, any?, any?) (int?, str?, int?)",
                    s.h, n, a1, a2, a3, a4)
  else
    local list = {a1, a2, a3, a4}
    for i = 1, n do
      local text = list[i]
      local type = @type(text)
      if type == 3 then text = @tostr(text)
      elseif type ~= 4 then return nil, nil, i
      end
      v, e, c = @host("console", "error", "(str) (int?, str?, int?)", text)
      if v == nil then break end
    end
  end
  if v and s.buffer then return flush(s) end
  return v, e, c
end

-- -- Opening and closing ---------------------------------------------------

-- Handles that nobody closed are given back by collections, which a program
-- that makes little garbage has few of: so many open files call for one.
local open_files, open_limit = 0, 100

local function make(kind, h, writes)
  if h then
    open_files = open_files + 1
    if open_files > open_limit then
      collect()
      open_limit = open_files < 50 and 100 or 2 * open_files
    end
  end
  local s = {kind = kind, h = h or false, writes = writes,
             direct = kind == FILE and writes, buffer = false, file = false}
  return new_user(meta, s), s
end

local modes = {
  r = "r", w = "w", a = "a", ["r+"] = "r+", ["w+"] = "w+", ["a+"] = "a+",
}

-- The device's mode: that of the argument without any number of `b`.
local function known_mode(mode)
  local plain = modes[mode]
  if plain == nil then
    local n = #mode
    while n > 0 and @strbyte(mode, n) == 98 do n = n - 1 end
    plain = modes[sub(mode, 1, n)]
  end
  return plain
end

local function open(name, mode)
  local h, e, c = @host("storage", "open",
                        "(str, str) (handle?, str?, int?)", name, mode)
  if h then return (make(FILE, h, mode ~= "r")) end
  if c == EISDIR and mode == "r" then -- can be opened, but not read
    local f, s = make(DIRECTORY, nil, false)
    s.error = "Is a directory"
    return f
  end
  return nil, e, c
end

local function open_or_raise(name, mode)
  local f, e = open(name, mode)
  if f == nil then
    local start = name .. ": "
    if sub(e, 1, #start) == start then e = sub(e, #start + 1) end
    @throw(where(1) .. "cannot open file '" .. name .. "' (" .. e .. ")")
  end
  return f
end

-- What a program's end means: the three results of close and execute.
local function how_it_ended(code)
  if code == 0 then return true, "exit", 0 end
  if code < 256 then return nil, "exit", code end
  return nil, "signal", code - 256
end

local function close(s)
  local kind, v, e, c = s.kind, true
  if kind == FILE then
    s.kind = CLOSED
    open_files = open_files - 1
    v, e, c = @host("storage", "close", "(handle) (bool?, str?, int?)", s.h)
  elseif kind == PROGRAM then
    s.kind = CLOSED
    open_files = open_files - 1
    v, e, c = @host("process", "close", "(handle) (int?, str?, int?)", s.h)
    if v then return how_it_ended(v) end
  elseif kind == DIRECTORY then
    s.kind = CLOSED
  else
    return nil, "cannot close standard file"
  end
  if v then return true end
  return nil, e, c
end

function io.open(name, mode)
  name = text_of(name, 1)
  local plain = "r"
  if mode ~= nil then
    plain = known_mode(text_of(mode, 2)) or argerror(2, "invalid mode")
  end
  return open(name, plain)
end

function io.tmpfile()
  local name, e, c = @host("storage", "temp", "() (str?, str?, int?)")
  if name == nil then return nil, e, c end
  local f
  f, e, c = open(name, "w+")
  @host("storage", "remove", "(str) bool?", name)
  return f, e, c
end

function io.popen(command, mode)
  command = text_of(command, 1)
  mode = mode == nil and "r" or text_of(mode, 2)
  if mode ~= "r" and mode ~= "w" then argerror(2, "invalid mode") end
  local h, e, c = @host("process", "start",
                        "(str, str) (handle?, str?, int?)", command, mode)
  if h then return (make(PROGRAM, h, mode == "w")) end
  return nil, command .. ": " .. e, c
end

function io.type(...)
  if @varargn() == 0 then argerror(1, "value expected") end
  local s = content(@varargi(1), meta)
  if s == nil then return nil end
  return s.kind == CLOSED and "closed file" or "file"
end

-- -- Reading ---------------------------------------------------------------

local BLOCK <const> = 1 << 20

local function get_all(s)
  local all, e, c = get_bytes(s, BLOCK)
  if all == nil then return nil, e, c end
  if #all < 4096 and all == "" then return "" end
  local pieces, n = {all}, 1
  while true do
    local v
    v, e, c = get_bytes(s, BLOCK)
    if v == nil then return nil, e, c end
    if v == "" then break end
    n = n + 1
    pieces[n] = v
  end
  if n == 1 then return all end
  return (concat(pieces))
end

-- n bytes, of which v has come.
local function get_rest(s, n, v)
  if v == "" then return nil end
  local pieces, k, have = {v}, 1, #v
  while have < n do
    local left, e, c = n - have
    v, e, c = get_bytes(s, left < BLOCK and left or BLOCK)
    if v == nil then return nil, e, c end
    if v == "" then break end
    k = k + 1
    pieces[k] = v
    have = have + #v
  end
  if k == 1 then return pieces[1] end
  return (concat(pieces))
end

-- n bytes, fewer at the end, nil when there is nothing.
local function get_some(s, n)
  if n <= 0 then
    local v, e, c = has_more(s)
    if v then return "" end
    return nil, e, c
  end
  local v, e, c = get_bytes(s, n < BLOCK and n or BLOCK)
  if v == nil then return nil, e, c end
  if #v == n then return v end
  return get_rest(s, n, v)
end

-- What one format asks for; i is the number of the argument.
local function get(s, fmt, i)
  if @type(fmt) == 3 then
    return get_some(s, @toint(fmt) or interror(i, fmt))
  end
  if @type(fmt) ~= 4 then typeerror(i, "string", fmt) end
  local letter = @strbyte(fmt, 1)
  if letter == 42 then letter = @strbyte(fmt, 2) end -- a star, from Lua 5.1
  if letter == 108 then return get_line(s, false)
  elseif letter == 76 then return get_line(s, true)
  elseif letter == 97 then return get_all(s)
  elseif letter == 110 then return get_number(s)
  end
  argerror(i, "invalid format")
end

-- Reads by all formats, the first being argument `first`; nothing after one
-- that failed.
local function read(s, first, ...)
  local n = @varargn()
  if n == 0 then
    local v, e, c = get_line(s, false)
    if v == nil and c then return nil, e, c end
    return v
  elseif n == 1 then
    local v, e, c = get(s, @varargi(1), first)
    if v == nil and c then return nil, e, c end
    return v
  end
  local out = {}
  for i = 1, n do
    local v, e, c = get(s, @varargi(i), first + i - 1)
    if v == nil then
      if c then return nil, e, c end
      n = i
      break
    end
    out[i] = v
  end
  return unpack(out, 1, n)
end

function methods.read(...)
  local s, n, v, e, c = content((...), meta), @varargn()
  if s == nil or s.kind == CLOSED then s = stream_of(...) end
  if n > 2 then return same(read(s, 2, select(2, ...))) end
  local fmt = @varargi(2)
  if s.kind ~= FILE then -- the general case; what follows is fast
    if n == 2 then v, e, c = get(s, fmt, 2)
    else v, e, c = get_line(s, false)
    end
  elseif n == 1 or fmt == "l" or fmt == "L" then
    v, e, c = @host("storage", "line", "(handle, bool?) (str?, str?, int?)",
                    s.h, fmt == "L")
  elseif fmt == "n" then
    v, e, c = @host("storage", "number", "(handle) (any?, str?, int?)", s.h)
  elseif @numtype(fmt) == 0 and fmt > 0 and fmt <= BLOCK then
    v, e, c = @host("storage", "read", "(handle, int) (str?, str?, int?)", s.h,
                    fmt)
    if v and #v ~= fmt then v, e, c = get_rest(s, fmt, v) end
  else
    v, e, c = get(s, fmt, 2)
  end
  if v == nil and c then return nil, e, c end
  return v
end

-- -- Lines -----------------------------------------------------------------

-- No more lines: closes if asked to; a failure is an error.
local function no_more(s, own, e, c)
  if c then @throw(where(1) .. e) end
  if own then close(s) end
end

-- The iterator of file f, which it keeps from being collected, and with it
-- closed: programs drop a file and go on with its lines.
local function lines(f, s, own, first, ...)
  local n = @varargn()
  s.file = f
  if n > 250 then argerror(252, "too many arguments") end
  if n == 0 or n == 1 and ((...) == "l" or (...) == "L") then
    local keep = (...) == "L"
    return function()
      local v, e, c
      if s.kind == FILE then
        v, e, c = @host("storage", "line", "(handle, bool?) (str?, str?, int?)",
                        s.h, keep)
      elseif s.kind == CLOSED then
        raise("file is already closed")
      else
        v, e, c = get_line(s, keep)
      end
      if v ~= nil then return v end
      no_more(s, own, e, c)
    end
  end
  local formats = {...}
  return function()
    if s.kind == CLOSED then raise("file is already closed") end
    local out = {}
    for i = 1, n do
      local v, e, c = get(s, formats[i], first + i - 1)
      if v == nil then
        if i == 1 then
          no_more(s, own, e, c)
          return
        end
        return unpack(out, 1, i)
      end
      if n == 1 then return v end
      out[i] = v
    end
    return unpack(out, 1, n)
  end
end

function methods.lines(...)
  return (lines((...), stream_of(...), false, 2, select(2, ...)))
end

-- -- Writing ---------------------------------------------------------------

-- Writes arguments from number i on.
local function write(s, i, ...)
  for k = 1, @varargn(), 4 do
    local left = @varargn() - k + 1
    local v, e, c = put(s, left < 4 and left or 4, @varargi(k), @varargi(k + 1),
                        @varargi(k + 2), @varargi(k + 3))
    if v == nil then
      if e then return nil, e, c end
      typeerror(i + k + c - 2, "string", @varargi(k + c - 1))
    end
  end
  return true
end

function methods.write(...)
  local s, n, v, e, c = content((...), meta), @varargn()
  if s == nil or s.kind == CLOSED then s = stream_of(...) end
  if s.direct and n <= 3 then
    v, e, c = @host("storage", "put",
                    "(handle, int, any?, any?) (int?, str?, int?)", s.h, n - 1,
                    @varargi(2), @varargi(3))
  elseif s.direct and n <= 5 then
    v, e, c = @host("storage", "put",
                    "(handle, int, any?, any?, any?, any?) (int?, str?, int?)",
                    s.h, n - 1, @varargi(2), @varargi(3), @varargi(4),
                    @varargi(5))
  else
    v, e, c = write(s, 2, select(2, ...))
  end
  if v == nil and e == nil then typeerror(c + 1, "string", @varargi(c + 1)) end
  if v then return (...) end
  return nil, e, c
end

-- -- The rest of a file's methods ------------------------------------------

function methods.close(...)
  return close(stream_of(...))
end

function methods.flush(...)
  local v, e, c = flush(stream_of(...))
  if v then return true end
  return nil, e, c
end

function methods.seek(...)
  local s = stream_of(...)
  local _, whence, offset = ...
  whence = whence == nil and "cur" or text_of(whence, 2)
  if whence ~= "cur" and whence ~= "set" and whence ~= "end" then
    argerror(2, "invalid option '" .. whence .. "'")
  end
  offset = offset == nil and 0 or @toint(offset) or interror(3, offset)
  if s.kind == FILE then
    local v, e, c = @host("storage", "seek",
                          "(handle, str, int) (int?, str?, int?)", s.h, whence,
                          offset)
    if v then return v end
    return nil, e, c
  elseif s.kind == DIRECTORY then
    return 0
  end
  return nil, "Illegal seek", ESPIPE
end

function methods.setvbuf(...)
  local s = stream_of(...)
  local _, mode, size = ...
  mode = text_of(mode, 2)
  if mode ~= "no" and mode ~= "line" and mode ~= "full" then
    argerror(2, "invalid option '" .. mode .. "'")
  end
  if size ~= nil and not @toint(size) then interror(3, size) end
  s.buffer = mode ~= "full"
  s.direct = s.kind == FILE and s.writes and not s.buffer
  return true
end

function meta.__tostring(f)
  local s = content(f, meta) or typeerror(1, "FILE*", f)
  if s.kind == CLOSED then return "file (closed)" end
  return "file (" .. format("%p", f) .. ")"
end

function meta.__gc(f)
  local s = content(f, meta) or typeerror(1, "FILE*", f)
  if s.kind ~= CLOSED then close(s) end
end

meta.__close = meta.__gc

-- -- Standard files and defaults -------------------------------------------

local input, output
input = make(INPUT, nil, false)
output = make(OUTPUT, nil, true)
io.stdin, io.stdout, io.stderr = input, output, (make(ERROR, nil, true))

local input_stream, output_stream = content(input, meta), content(output, meta)

function io.input(file)
  if file ~= nil then
    local kind = @type(file)
    if kind == 4 or kind == 3 then
      file = open_or_raise(@tostr(file), "r")
    end
    input_stream = stream_of(file)
    input = file
  end
  return input
end

function io.output(file)
  if file ~= nil then
    local kind = @type(file)
    if kind == 4 or kind == 3 then
      file = open_or_raise(@tostr(file), "w")
    end
    output_stream = stream_of(file)
    output = file
  end
  return output
end

function io.close(...)
  if @varargn() == 0 then return close(stream_of(output)) end
  return close(stream_of(...))
end

function io.flush()
  if output_stream.kind == CLOSED then
    raise("default output file is closed")
  end
  local v, e, c = flush(output_stream)
  if v then return true end
  return nil, e, c
end

function io.read(...)
  if input_stream.kind == CLOSED then raise("default input file is closed") end
  return same(read(input_stream, 1, ...))
end

function io.write(...)
  local s, n, v, e, c = output_stream, @varargn()
  if s.kind == OUTPUT and n <= 2 and not s.buffer then
    v, e, c = @host("console", "put", "(int, any?, any?) (int?, str?, int?)", n,
                    @varargi(1), @varargi(2))
    if v == nil and e == nil then typeerror(c, "string", @varargi(c)) end
  else
    if s.kind == CLOSED then raise("default output file is closed") end
    v, e, c = write(s, 1, ...)
  end
  if v then return output end
  return nil, e, c
end

function io.lines(name, ...)
  if name == nil then
    return (lines(input, stream_of(input), false, 2, ...))
  end
  local f = open_or_raise(text_of(name, 1), "r")
  return lines(f, content(f, meta), true, 2, ...), nil, nil, f
end
