-- Lines of errors in statements of several lines.
_, e = pcall(function()
  local x = 1
  r.x = function()
    return 1

  end
end) print(e)
_, e = pcall(function()
  function r.x()
    return 1

  end
end) print(e)
_, e = pcall(function()
  function r.x.y:z()
    return 1

  end
end) print(e)
_, e = pcall(function()
  r.x = {
   1,
   }
end) print(e)
local r
_, e = pcall(function()
  function r.x.y:z()
    return 1

  end
end) print(e)
_, e = pcall(function()
  function r:z()
    return 1

  end
end) print(e)
_, e = pcall(function()
  local r
  function r:z()
    return 1

  end
end) print(e)
_, e = pcall(function()
  r.x = f(
   1,
   2)
end) print(e)
_, e = pcall(function()
  r.x, g = f(
   1,
   2)
end) print(e)
function f() end
_, e = pcall(function()
  r.x = f(
   1,
   2)
end) print(e)
_, e = pcall(function()
  r.x, g = f(
   1,
   2)
end) print(e)
_, e = pcall(function()
  r.x, g = 1,
   2
end) print(e)
_, e = pcall(function()
  r.x, g
  = 
  1,
   2
end) print(e)
_, e = pcall(function()
  r.x
  = 
  g +
   g
end) print(e)
_, e = pcall(function()
  r.x
  = 
  g and
   g
end) print(e)
_, e = pcall(function()
  r.x = function(a)
   return a 
  end, 1
end) print(e)
_, e = pcall(function()
  r
  .x = "a"
  , 1
end) print(e)
_, e = pcall(function()
  local x <close> = {
    1,
  }
end) print(e)
_, e = pcall(function()
  local x <close>,
  y = {
    1,
  }
  , 3
end) print(e)
_, e = pcall(function()
  r[
  1
  ] = 1
end) print(e)
_, e = pcall(function()
  r[1
  ], r = 1, 2
  ;
end) print(e)
_, e = pcall(function()
  for i = 1,
   "a"
   do
  end
end) print(e)
_, e = pcall(function()
  for i in nil,
   "a"
   do
  end
end) print(e)
_, e = pcall(function()
  return
   "a"
   .. {}
   ..
   "d"
end) print(e)
_, e = pcall(function()
  return
   g
   .x
   .y
end) print(e)
_, e = pcall(function()
  return
   r
   :x
   (1,
   2)
end) print(e)
_, e = pcall(function()
  return -
   {}
end) print(e)
_, e = pcall(function()
  local a = 1 +
   {
   }
end) print(e)
_, e = pcall(function()
  local a = {} <
   1
   end) print(e)
_, e = pcall(function()
  local a = {}
  if 
   a <
   1
   then
   end
   end) print(e)
_, e = pcall(function()
  local a = {}
  a
  [
  nil
  ]
  = 4
   end) print(e)
_, e = pcall(function()
  local a = { [nil]
  =
  5,
  5
  }
   end) print(e)
_, e = pcall(function()
  local a = { x = 
  5 + g
  ,
  y = 5
  }
   end) print(e)
