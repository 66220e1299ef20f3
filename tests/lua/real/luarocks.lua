-- luarocks without its C modules: versions, queries, manifests, rockspecs,
-- patches, archives, each part of it loaded.
local cfg = require "luarocks.core.cfg"
assert(cfg.init({lua_version = "5.4", lua_interpreter = "lua",
                 lua_bindir = "/usr/bin", lua_dir = "/usr"}, print))
-- What the machine is must not show in the output.
cfg.arch, cfg.lib_extension, cfg.home = "linux-any", "so", "/home/someone"

local util = require "luarocks.util"
local vers = require "luarocks.core.vers"
local dir = require "luarocks.dir"
local path = require "luarocks.path"
local core_path = require "luarocks.core.path"
local fun = require "luarocks.fun"
local persist = require "luarocks.persist"
local core_persist = require "luarocks.core.persist"
local queries = require "luarocks.queries"
local results = require "luarocks.results"
local manif = require "luarocks.manif"
local core_manif = require "luarocks.core.manif"
local deps = require "luarocks.deps"
local type_rockspec = require "luarocks.type.rockspec"
local type_manifest = require "luarocks.type.manifest"
local patch = require "luarocks.tools.patch"

for _, name in ipairs {
  "admin.cache", "admin.cmd.add", "admin.cmd.make_manifest",
  "admin.cmd.refresh_cache", "admin.cmd.remove", "admin.index", "build",
  "build.builtin", "build.cmake", "build.command", "build.make", "cmd",
  "cmd.build", "cmd.config", "cmd.doc", "cmd.download", "cmd.init",
  "cmd.install", "cmd.lint", "cmd.list", "cmd.make", "cmd.new_version",
  "cmd.pack", "cmd.path", "cmd.purge", "cmd.remove", "cmd.search", "cmd.show",
  "cmd.test", "cmd.unpack", "cmd.upload", "cmd.which", "cmd.write_rockspec",
  "deplocks", "download", "fetch", "fetch.cvs", "fetch.git", "fetch.git_file",
  "fetch.hg", "fetch.sscm", "fetch.svn", "fs", "fs.linux", "fs.lua",
  "fs.unix", "fs.tools", "manif.writer", "pack", "remove", "repos", "require",
  "rockspecs", "search", "signing", "test", "test.busted", "test.command",
  "tools.tar", "upload.api", "upload.multipart",
} do
  local ok, module = pcall(require, "luarocks." .. name)
  print(name, ok, ok and type(module) or module)
end

-- Versions.
local list = {
  "1.0", "1.0-1", "1.0-2", "1.0rc1-1", "1.0alpha", "1.0beta3", "2", "1.10",
  "1.9", "1.9.1", "scm", "dev-1", "cvs-3", "0.0.1", "1.0pre", "3.0.0-12",
}
table.sort(list, function(a, b) return vers.compare_versions(b, a) end)
print(table.concat(list, " < "))
local n = 0
for round = 1, tonumber(arg[1]) do
  for i, a in ipairs(list) do
    for _, b in ipairs(list) do
      if vers.compare_versions(a .. "." .. round, b) then n = n + i end
    end
  end
end
print(n)

for _, text in ipairs {
  "lua >= 5.1, < 5.5", "luasocket", "a/penlight ~> 1.5", "x == 1.0-2",
  "x ~= 2", "x ~> 2.1", "bad =! 2", "y @> 1", "???",
} do
  local query, problem = queries.from_dep_string(text)
  print(text, query, problem)
  if query then
    for _, v in ipairs {"1.0-2", "1.5.3-1", "2.1.7-1", "5.3-1", "scm-1"} do
      io.write(" ", v, "=", tostring(vers.match_constraints(
        vers.parse_version(v), query.constraints)))
    end
    print()
  end
end
local query = queries.new("pen", nil, "1.0", true, nil, ">=")
print(query, results.new("penlight", "1.13-1", "repo", "all"):satisfies(query),
      results.new("pen", "0.9-1", "repo", "all"):satisfies(query))

-- Folders, paths, names.
for _, p in ipairs {"a/b/c.lua", "/a", "http://host/x/y.rock", "a//b/./../c/",
                    "git+https://host/r.git"} do
  print(p, dir.base_name(p), dir.dir_name(p), dir.normalize(p),
        dir.split_url(p))
end
path.use_tree("/tree")
print(dir.path("a", "/b/", "", "c"), dir.is_basic_protocol("https"),
      dir.deduce_base_dir("http://h/foo-1.0.tar.gz"))
print(path.rockspec_file("foo", "1.0-1"), path.lua_dir("foo", "1.0-1"),
      path.parse_name("x/foo-bar-1.0-1.linux-x86_64.rock"))
print(path.make_url("http://h", "foo", "1-1", "src"),
      path.module_to_path("a.b.c"), core_path.path_to_module("a/b/c.lua"),
      core_path.versioned_name("/t/m.lua", "/t", "foo", "1.0-1"))
print(util.LQ "a'b", util.format_rock_name("x", "me", "1"), util.matchquote "%d.")
local t = {cmd = "$(CC) -o $(OUT) $(NONE)"}
util.variable_substitutions(t, {CC = "cc", OUT = "x"})
print(t.cmd, table.concat(util.lua_versions and
  (function() local l = {} for v in util.lua_versions() do l[#l + 1] = v end
  return l end)() or {}, " "))
print(util.cleanup_path("/a/?.lua;/b/?.lua;/a/?.lua;x/5.1/y", ";", "5.4"))
print(table.concat(util.split_string("a,b,,c", ","), "|"))
print(table.concat(fun.map({1, 2, 3}, function(x) return x * x end), " "),
      table.concat(fun.reverse_in {1, 2, 3}, " "),
      fun.contains({1, 2}, 2), fun.partial(math.max, 3)(2))
local merged = {a = {b = 1}, c = 2}
util.deep_merge(merged, {a = {d = 3}, c = {e = 4}})
print(core_persist and persist.save_from_table_to_string(merged))

-- A manifest written, read, checked and asked.
local manifest = {repository = {}, modules = {}, commands = {},
                  dependencies = {}}
for i = 1, tonumber(arg[1]) do
  local name = ("rock%03d"):format(i)
  manifest.repository[name] = {["1." .. i .. "-1"] = {{
    arch = "installed", commands = {[name] = "bin/" .. name},
    modules = {[name .. ".core"] = name .. "/core.lua"},
  }}}
  manifest.modules[name .. ".core"] = {name .. "/1." .. i .. "-1"}
  manifest.commands[name] = {name .. "/1." .. i .. "-1"}
  manifest.dependencies[name] = {["1." .. i .. "-1"] = {
    {name = "lua", constraints = {{op = ">=", version = {5, 1,
                                                        string = "5.1"}}}},
  }}
end
print(type_manifest.check(manifest, {}))
local file = os.tmpname()
assert(persist.save_from_table(file, manifest))
local text = io.open(file):read "a"
print(#text, text:sub(1, 300))
local again, globals = core_manif.manifest_loader(file, "repo", "5.4")
os.remove(file)
print(next(globals), persist.save_from_table_to_string(again) == text)
print(core_manif.get_cached_manifest("repo", "5.4") == again)
local found = {}
core_manif.scan_dependencies("rock001", "1.1-1", {{manifest = again}}, found)
for _, k in ipairs {"rock001", "lua"} do print(k, found[k]) end
again.repository.rock001["1.1-1"][1].arch = nil
print(type_manifest.check(again, {}))

-- Rockspecs.
local function rockspec(source)
  local name = os.tmpname()
  local f <close> = io.open(name, "w")
  f:write(source)
  f:close()
  local spec, unknown, code = core_persist.load_into_table(name)
  os.remove(name)
  if not spec then
    print((unknown:gsub('%[string "[^"]*"%]', "[spec]")
                  :gsub("/tmp/%w+", "FILE")), code)
    return
  end
  print(type_rockspec.check(spec, unknown))
  for k, v in util.sortedpairs(spec) do
    print(k, type(v) == "table" and #v or v)
  end
end
rockspec [[
package = "foo"
version = "1.0-1"
source = {url = "http://example.org/foo-1.0.tar.gz"}
description = {summary = "Does foo.", license = "MIT"}
dependencies = {"lua >= 5.1", "bar ~> 2"}
build = {type = "builtin", modules = {foo = "foo.lua"}}
]]
rockspec "package = 'foo' version = 'one'"
rockspec "package = 'foo' source = 5"
rockspec "other = {}"
rockspec "package = = 3"
rockspec "package = nothing.x"
print(deps.get_deps_mode {deps_mode = "all"}, manif ~= nil)

-- A patch applied.
local name = os.tmpname()
local function write(s)
  local f <close> = io.open(name, "w")
  f:write(s)
end
write "one\ntwo\nthree\nfour\nfive\n"
local diff = ([[
--- NAME	2024-01-01 00:00:00
+++ NAME	2024-01-02 00:00:00
@@ -1,4 +1,5 @@
 one
-two
+TWO
+two and a half
 three
 four
]]):gsub("NAME", name)
local p, ok = patch.read_patch("x.diff", diff)
print(ok, #p.source, #p.hunks[1])
print(p.hunks[1][1].startsrc, p.hunks[1][1].linestgt,
      table.concat(p.hunks[1][1].text))
os.remove(name)

local argparse = require "luarocks.argparse"
print((argparse("luarocks"):command("install"):get_usage()))
