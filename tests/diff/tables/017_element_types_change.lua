-- Integer arrays that meet floats, strings, nil and back.
local ints = {1, 2, 3, 4}
ints[2] = 2.5
print(table.concat(ints, " "), math.type(ints[1]), math.type(ints[2]))
ints[2] = 2
print(table.concat(ints, " "), math.type(ints[2]))
ints[3] = 3.0
print(ints[3], math.type(ints[3]), ints[3] == 3)
ints[4] = "four" ints[5] = true ints[6] = nil
print(ints[4], ints[5], #ints)
local floats = {1.0, 2.0, 3.0}
floats[4] = 4
print(table.concat(floats, " "), math.type(floats[4]))
floats[1] = -0.0
print(floats[1], 1 / floats[1])
floats[2] = 0/0
print(floats[2] ~= floats[2])
floats[3] = math.maxinteger
print(floats[3], math.type(floats[3]))
local sums = {}
for i = 1, 10 do sums[i] = (sums[i - 1] or 0) + (i == 5 and 0.5 or i) end
print(table.concat(sums, " "))
local lists = {{}, {1}, {1, "a"}}
for i = 1, 3 do lists[i][#lists[i] + 1] = lists end
print(#lists[1], #lists[2], #lists[3], lists[3][3] == lists, lists[1][1][2][1])
local z = {} for i = 1, 8 do z[i] = 0 end
for i = 1, 20 do local j = i % 8 + 1 z[j] = z[j] + (i % 3 == 0 and 0.25 or 1) end
print(table.concat(z, " "))
local b = {} for i = 1, 5 do b[i] = i > 2 end
print(b[1], b[2], b[3], b[5], b[6])
