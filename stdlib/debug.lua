-- Looking inside. Hooks cannot be set yet.

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
