-- Lists.

table = {
  concat = @"table.concat",
  insert = @"table.insert",
  move = @"table.move",
  pack = @"table.pack",
  remove = @"table.remove",
  sort = @"table.sort",
  unpack = @"table.unpack",
}
