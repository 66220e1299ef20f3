-- Closures as objects: state machines, schedulers, undo stacks.
local function machine(rules, state)
  local history = {state}
  return function(input)
    local to = rules[state] and rules[state][input]
    if not to then return nil, state .. " refuses " .. input end
    if type(to) == "function" then to = to(input, #history) end
    state = to
    history[#history + 1] = state
    return state
  end, function() return table.concat(history, ">") end
end
local step, trail = machine({idle = {go = "run", x = function(i, n) return n > 2 and "late" or "early" end}, run = {stop = "idle"}, early = {back = "idle"}}, "idle")
print(step "go") print(step "go") print(step "stop") print(step "x") print(step "back") print(trail())
local queue, now, out = {}, 0, {}
local function at(d, f) local t = now + d local i = #queue while i >= 1 and queue[i].t > t do i = i - 1 end table.insert(queue, i + 1, {t = t, f = f}) end
local function run() while #queue > 0 do local e = table.remove(queue, 1) now = e.t e.f() end end
local function tick(name, n, d) local function go() out[#out + 1] = name .. n .. "@" .. now n = n - 1 if n > 0 then at(d, go) end end return go end
at(1, tick("a", 3, 2)) at(0, tick("b", 4, 1)) at(2.5, function() out[#out + 1] = "once" at(0, function() out[#out + 1] = "now" end) end)
run() print(table.concat(out, " "), now)
local text, undo = "", {}
local function edit(f) local old = text undo[#undo + 1] = function() text = old end text = f(text) end
edit(function(s) return s .. "hello" end) edit(string.upper) edit(function(s) return s:sub(2) end)
print(text) table.remove(undo)() print(text) table.remove(undo)() print(text) table.remove(undo)() print(text == "", #undo)
local function cell(v) local deps = {} return function(...) if select("#", ...) > 0 then v = ... for _, d in ipairs(deps) do d(v) end end return v end, function(d) deps[#deps + 1] = d end end
local get, on = cell(1) local double on(function(v) double = v * 2 end) get(21) print(get(), double) get(-0.5) print(get(), double, (pcall(get, nil)), get())
