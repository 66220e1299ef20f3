-- What stands behind the comma of an assignment's targets.
for _, c in ipairs{"a,1", "a.b,", "a,b,1=2", "a, (b).c, 1", "a,'x'", "a,=", "a, nil = 1",
    "a, {} = 1", "a,...", "a,-b", "a, not b", "a,function", "a,end", "a,goto", "a,b", "a,f() = 1",
    "local a, 1", "local function 1", "function 1", "local 1", "for 1", "for a, 1", "goto 1",
    "a.1", "a:1", "function a.1", "function a:1", "function a(1", "local function a 1", "(a)"} do
  print(c, load(c))
end
