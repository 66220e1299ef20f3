-- lua-argparse: help, usage, errors, commands, completions.
local argparse = require "argparse"

local parser = argparse("pack", "Packs files.", "See also: unpack.")
parser:argument("input", "Files to pack."):args "1-3"
parser:argument("rest"):args "*":convert(tonumber)
parser:option("-o --output", "Where to.", "a.out"):argname "<file>"
parser:option("-I --include"):count "*":args(1):description "A folder."
parser:option("--pair"):args(2):argname {"<key>", "<value>"}
parser:option("-l --level"):choices {"1", "5", "9"}:default "5"
parser:option("--size"):convert(function(s)
  local n = tonumber(s)
  if n then return n * 1024 end
  return nil, "size '" .. s .. "' is no number"
end)
parser:flag("-v --verbose"):count "0-3":target "verbosity"
parser:mutex(parser:flag("-q --quiet"), parser:flag("-d --debug"))
parser:option("--old"):hidden(true)
parser:group("Ways to compress", parser:flag("--fast", "Quickly."),
             parser:flag("--best", ("Well, %s."):format(("and " ):rep(20))))
parser:add_help {"-h", "--help", action = function() print "HELP ASKED" end}

local function show(t, indent)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, k in ipairs(keys) do
    if type(t[k]) == "table" then
      print(indent .. tostring(k) .. ":")
      show(t[k], indent .. "  ")
    else
      print(indent .. tostring(k), t[k])
    end
  end
end

local function try(p, ...)
  local ok, result = p:pparse {...}
  print(table.concat({...}, " "), ok)
  if ok then show(result, "  ") else print("", result) end
end

try(parser, "a")
try(parser, "a", "b", "c", "12", "0x10")
try(parser, "-vv", "a", "-ofile", "--level=9", "-I", "x", "-Iy")
try(parser, "--pair", "k", "v", "a", "--size", "4")
try(parser, "--size", "four", "a")
try(parser, "--level", "2", "a")
try(parser, "-q", "-d", "a")
try(parser, "-vvvv", "a")
try(parser)
try(parser, "a", "--outptu", "b")
try(parser, "a", "--nothing")
try(parser, "a", "--pair", "k")
try(parser, "a", "-q=3")
try(parser, "-h", "a")
try(parser, "--", "-o", "--level")
print(parser:get_usage())
print(parser:get_help())

local git = argparse("git"):require_command(true):command_target "command"
git:flag("--version")
local add = git:command("add a", "Adds."):summary "Adds files."
add:argument("path"):args "+"
add:flag("-f --force")
local remote = git:command "remote"
remote:command("rename", "Gives it another name."):argument "old"
remote:command("remove")
git:add_help_command()
git:help_max_width(60):help_description_margin(20)
try(git, "add", "x", "y", "-f")
try(git, "a", "x")
try(git, "remote", "rename", "origin")
try(git, "remtoe")
try(git, "remote")
try(git)
print(git:get_help())
print(add:get_help())
print(git:get_bash_complete())
print(git:get_zsh_complete())
print(git:get_fish_complete())

local ok, problem = pcall(function()
  argparse("x"):option("--a"):args "many"
end)
print(ok, problem)
for i = 1, tonumber(arg[1]) do
  local good, r = parser:pparse {"f" .. i, "-v", "--level", "1", "-I", "x"}
  assert(good and r.input[1] == "f" .. i and r.level == "1")
end
print(parser:parse {arg[0]:match "[^/]*$", "-v"}.verbosity)
