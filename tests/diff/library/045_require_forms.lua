-- SPDX-License-Identifier: MIT
-- require with preload and loaded
package.preload["mod.a"] = function(...)
  print("loading", ...)
  return {value = 42}
end
local m, extra = require "mod.a"
print(m.value, extra)
print(require "mod.a" == m, select("#", require "mod.a"))
print(package.loaded["mod.a"] == m)
package.loaded["mod.a"] = nil
print(require "mod.a" ~= m)
package.preload.none = function() end
print(require "none", package.loaded.none)
package.preload.falsy = function() return false end
print(require "falsy", package.loaded.falsy)
package.preload.selfset = function(n) package.loaded[n] = "set inside" end
print(require "selfset")
package.loaded.fake = "anything"
print(require "fake")
package.preload.bad = function() error("in module", 0) end
print(pcall(require, "bad"))
package.path, package.cpath = "", ""
local ok, msg = pcall(require, "no.such.module")
print(ok, msg:match("^[^\n]*"))
print(pcall(require))
print(require "string" == string, require "_G" == _G, package.loaded.table == table)
print(type(package.searchers), type(package.config), package.config:sub(1, 1))
