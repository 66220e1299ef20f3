-- Coroutines.

coroutine = {
  close = @"coroutine.close",
  create = @"coroutine.create",
  isyieldable = @"coroutine.isyieldable",
  resume = @"coroutine.resume",
  running = @"coroutine.running",
  status = @"coroutine.status",
  wrap = @"coroutine.wrap",
  yield = @"coroutine.yield",
}
