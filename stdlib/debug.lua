-- Looking inside. Hooks cannot be set yet.

local typeerror = @"lua.typeerror"
local interror = @"lua.interror"
local running = @"coroutine.running"
local find, where = @"string.find", @"core.where"

debug = {
  getinfo = @"debug.getinfo",
  getlocal = @"debug.getlocal",
  getmetatable = @"debug.getmetatable",
  getregistry = @"debug.getregistry",
  getupvalue = @"debug.getupvalue",
  getuservalue = @"debug.getuservalue",
  setlocal = @"debug.setlocal",
  setmetatable = @"debug.setmetatable",
  setupvalue = @"debug.setupvalue",
  setuservalue = @"debug.setuservalue",
  traceback = @"core.traceback",
  upvalueid = @"debug.upvalueid",
  upvaluejoin = @"debug.upvaluejoin",
}

function debug.gethook()
  return nil
end

-- Programs that put hooks away before they do something delicate can: there are
-- none. A hook that would never be called is an error.
local function sethook(i, hook, mask, count)
  if hook == nil then return end
  if @type(mask) == 3 then mask = @tostr(mask) end
  if @type(mask) ~= 4 then typeerror(i + 1, "string", mask) end
  if @type(hook) ~= 6 then typeerror(i, "function", hook) end
  local n = count == nil and 0 or @toint(count) or interror(i + 2, count)
  if n > 0 or find(mask, "c") or find(mask, "r") or find(mask, "l") then
    @throw(where(1) .. "hooks are not supported")
  end
end

local THREAD <const> = @type((running()))

function debug.sethook(...)
  if @type((...)) == THREAD then
    sethook(2, @varargi(2), @varargi(3), @varargi(4))
  else
    sethook(1, @varargi(1), @varargi(2), @varargi(3))
  end
end
