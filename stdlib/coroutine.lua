-- Coroutines: the instructions, checked.

local typeerror = @"lua.typeerror"
local where = @"core.where"

coroutine = {}

local function check(co)
  if @type(co) ~= 8 then typeerror(1, "thread", co) end
end

function coroutine.create(f)
  if @type(f) ~= 6 then typeerror(1, "function", f) end
  return @conew(f)
end

function coroutine.resume(co, ...)
  if @type(co) ~= 8 then check(co) end
  return @resume(co, ...)
end

function coroutine.yield(...)
  return @yield(...)
end

local names = {"suspended", "running", "normal", "dead"}

function coroutine.status(co)
  check(co)
  return names[@costatus(co) + 1]
end

function coroutine.running()
  local co, main = @corunning()
  return co, main
end

function coroutine.isyieldable(co)
  if co ~= nil then
    check(co)
    if co ~= (@corunning()) then return true end
  end
  return @coyieldable()
end

function coroutine.close(co)
  check(co)
  local status = @costatus(co)
  if status == 1 or status == 2 then
    @throw(where(1) .. "cannot close a " .. names[status + 1] .. " coroutine")
  end
  local good, err = @coclose(co)
  if good then return true end
  return false, err
end

-- The values of a resume that went well; an error otherwise.
local function finish(co, good, ...)
  if good then return ... end
  local err = ...
  if @costatus(co) == 3 then
    local closed, again = @coclose(co)
    if not closed then err = again end
  end
  if @type(err) == 4 then err = where(1) .. err end
  @throw(err)
end

function coroutine.wrap(f)
  if @type(f) ~= 6 then typeerror(1, "function", f) end
  local co = @conew(f)
  return function(...)
    return finish(co, @resume(co, ...))
  end
end
