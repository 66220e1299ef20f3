-- Modules and files: package, require, loadfile, dofile.
--
-- Searchers, loaders and chunks are called from here as any function is, so
-- each of them may yield. Files come from the device `storage`; a name that the
-- policy does not let the program read is a file that cannot be opened.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local where, concat = @"core.where", @"table.concat"
local byte, find, sub = @"string.byte", @"string.find", @"string.sub"
local load_text, load_image = @"lua.load", @"lua.image"
local find_module = @"lua.module"

local loaded, preload = {}, {}
local package = {
  loaded = loaded,
  preload = preload,
  config = "/\n;\n?\n!\n-\n",
}
_ENV.package = package

-- A string argument; a number is its text.
local function text_arg(i, v)
  return @tostr(v) or typeerror(i, "string", v)
end

-- s with every `old` replaced.
local function replace(s, old, new)
  local out, at = "", 1
  while true do
    local first, last = find(s, old, at)
    if not first then return out .. sub(s, at) end
    out = out .. sub(s, at, first - 1) .. new
    at = last + 1
  end
end

-- Files ----------------------------------------------------------------------

local PIECE <const> = 1048576
local IS_DIRECTORY <const> = 21

local function read_handle(h)
  local pieces, n = {}, 0
  while true do
    local s, err = @host("storage", "read", "(handle, int) (str?, str?, int?)",
                         h, PIECE)
    if s == nil then return nil, err end
    if s == "" then return concat(pieces) end
    n = n + 1
    pieces[n] = s
  end
end

local function open(path)
  local h, err, code = @host("storage", "open",
                             "(str, str) (handle?, str?, int?)", path, "r")
  return h, err, code
end

local function close(h)
  @host("storage", "close", "(handle) (bool?, str?, int?)", h)
end

-- All bytes of a file; nil and a message.
local function read_file(path)
  local h, err, code = open(path)
  if h == nil then
    return nil, (code == IS_DIRECTORY and "cannot read " or "cannot open ") ..
                err
  end
  local good, text, why = @pcall(read_handle, h)
  close(h)
  if not good then @throw(text) end
  if text == nil then return nil, "cannot read " .. path .. ": " .. why end
  return text
end

local function read_stdin()
  local pieces, n = {}, 0
  while true do
    local s, err = @host("console", "read", "(int) (str?, str?, int?)", PIECE)
    if s == nil then return nil, "cannot read stdin: " .. err end
    if s == "" then return concat(pieces) end
    n = n + 1
    pieces[n] = s
  end
end

-- A file's text without byte order mark and without a first line that begins
-- with `#`; its line end stays, unless an image follows.
local function skip_head(s)
  local at = 1
  if sub(s, 1, 3) == "\xef\xbb\xbf" then at = 4 end
  if byte(s, at) == 35 then
    at = find(s, "\n", at) or #s + 1
    if byte(s, at + 1) == 27 then at = at + 1 end
  end
  if at == 1 then return s end
  return sub(s, at)
end

function loadfile(name, mode, ...)
  local text, err, chunk
  if mode ~= nil then mode = text_arg(2, mode) end
  if name == nil then
    chunk = "=stdin"
    text, err = read_stdin()
  else
    name = text_arg(1, name)
    chunk = "@" .. name
    text, err = read_file(name)
  end
  if text == nil then return nil, err end
  if @varargn() > 0 then
    return load_text(skip_head(text), chunk, mode, (...))
  end
  return load_text(skip_head(text), chunk, mode)
end

local loadfile = loadfile

-- So that the call whose results these are is no tail call.
local function results(...)
  return ...
end

function dofile(name)
  local f, err = loadfile(name)
  if f == nil then @throw(err) end
  return results(f())
end

-- Paths ----------------------------------------------------------------------

local PATH <const> = "./?.lua;./?/init.lua;" ..
  "/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;" ..
  "/usr/share/lua/5.4/?.lua;/usr/share/lua/5.4/?/init.lua"
local CPATH <const> = "/usr/local/lib/lua/5.4/?.so;" ..
  "/usr/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so"

local function from_environment(name)
  if @"lua.noenv"() then return nil end
  return (@host("process", "env", "(str) (str?, str?, int?)", name))
end

-- The variable's value, in which an empty template stands for the default.
local function path_of(variable, default)
  local path = from_environment(variable .. "_5_4") or
               from_environment(variable)
  if path == nil then return default end
  local first, last = find(path, ";;")
  if not first then return path end
  local before, after = sub(path, 1, first - 1), sub(path, last + 1)
  if before ~= "" then before = before .. ";" end
  if after ~= "" then after = ";" .. after end
  return before .. default .. after
end

package.path = path_of("LUA_PATH", PATH)
package.cpath = path_of("LUA_CPATH", CPATH)

-- The first readable file that the templates give for a name; nil and what was
-- tried.
local function search(name, path, from, to)
  if from ~= "" and find(name, from) then name = replace(name, from, to) end
  path = replace(path, "?", name)
  local at = 1
  while true do
    local stop = find(path, ";", at)
    local file = sub(path, at, stop and stop - 1 or -1)
    local h = open(file)
    if h ~= nil then
      close(h)
      return file
    end
    if not stop then break end
    at = stop + 1
  end
  return nil, "no file '" .. replace(path, ";", "'\n\tno file '") .. "'"
end

function package.searchpath(name, path, from, to)
  name, path = text_arg(1, name), text_arg(2, path)
  from = from == nil and "." or text_arg(3, from)
  to = to == nil and "/" or text_arg(4, to)
  return search(name, path, from, to)
end

-- C libraries are native imports of images here.
function package.loadlib(path, name)
  text_arg(1, path)
  text_arg(2, name)
  return nil, "dynamic libraries not enabled; check your Lua installation",
         "absent"
end

-- Searchers ------------------------------------------------------------------

local function in_preload(name)
  name = text_arg(1, name)
  local loader = preload[name]
  if loader == nil then
    return "no field package.preload['" .. name .. "']"
  end
  return loader, ":preload:"
end

local function in_images(name)
  name = text_arg(1, name)
  local loader, any = find_module(name)
  if loader then return loader, ":image:" end
  if any then return "no module '" .. name .. "' in the program's images" end
end

local function in_path(name)
  name = text_arg(1, name)
  local path = package.path
  if @type(path) ~= 4 then @throw("'package.path' must be a string") end
  local file, tried = search(name, path, ".", "/")
  if not file then return tried end
  local text, loader, err, good
  text, err = read_file(file)
  if text then
    text = skip_head(text)
    if byte(text, 1) == 27 then
      good, loader, err = @pcall(load_image, text, name)
      if not good then loader, err = nil, loader end
    else
      loader, err = load_text(text, "@" .. file, "t")
    end
  end
  if loader then return loader, file end
  @throw("error loading module '" .. name .. "' from file '" .. file ..
         "':\n\t" .. err)
end

-- C modules cannot be loaded yet: where one is, that is said.
local function in_cpath_as(name, file_name)
  local path = package.cpath
  if @type(path) ~= 4 then @throw("'package.cpath' must be a string") end
  local file, tried = search(file_name, path, ".", "/")
  if not file then return tried end
  @throw("error loading module '" .. name .. "' from file '" .. file ..
         "':\n\tC modules are not supported")
end

local function in_cpath(name)
  name = text_arg(1, name)
  return in_cpath_as(name, name)
end

-- A library that holds several modules, by the first part of their names.
local function in_croot(name)
  name = text_arg(1, name)
  local dot = find(name, ".")
  if dot then return in_cpath_as(name, sub(name, 1, dot - 1)) end
end

package.searchers = {in_preload, in_images, in_path, in_cpath, in_croot}

function require(name)
  name = text_arg(1, name)
  local value = loaded[name]
  if value then return value end
  local searchers = package.searchers
  if @type(searchers) ~= 5 then
    @throw(where(1) .. "'package.searchers' must be a table")
  end
  local tried, i, loader, data = "", 0
  repeat
    i = i + 1
    local searcher = @rawget(searchers, i)
    if searcher == nil then
      @throw(where(1) .. "module '" .. name .. "' not found:" .. tried)
    end
    loader, data = searcher(name)
    if @type(loader) == 4 then tried = tried .. "\n\t" .. loader end
  until @type(loader) == 6
  value = loader(name, data)
  if value ~= nil then
    loaded[name] = value
  elseif loaded[name] == nil then
    loaded[name] = true
  end
  return loaded[name], data
end

-- The libraries that are open by now are modules.
local registry = @"lua.registry"()
registry._LOADED, registry._PRELOAD = loaded, preload
loaded._G = _ENV
for _, name in @"core.next", {"package", "coroutine", "string", "table", "math",
                              "utf8", "io", "os", "debug"} do
  loaded[name] = _ENV[name]
end
