-- Classes: single inheritance, super calls, overriding, class fields.
local Animal = {count = 0}
Animal.__index = Animal
function Animal.new(class, name)
  local self = setmetatable({name = name}, class)
  Animal.count = Animal.count + 1
  return self
end
function Animal:speak() return self.name .. " makes " .. self:sound() end
function Animal:sound() return "noise" end
Animal.__tostring = function(a) return "Animal:" .. a.name end
local Dog = setmetatable({}, {__index = Animal, __call = function(class, ...) return class:new(...) end})
Dog.__index = Dog
Dog.__tostring = Animal.__tostring
function Dog:sound() return "woof" end
local Puppy = setmetatable({}, {__index = Dog, __call = getmetatable(Dog).__call})
Puppy.__index = Puppy
function Puppy:sound() return Dog.sound(self):rep(2, " ") .. "!" end
function Puppy:speak() return "[" .. Animal.speak(self) .. "]" end
local a, d, p = Animal:new("generic"), Dog("rex"), Puppy("bit")
print(a:speak(), d:speak(), p:speak())
print(a, tostring(d), (tostring(p):gsub(":.*", "")))
print(Animal.count, Dog.count, p.count, rawget(Dog, "count"))
Dog.count = 99
print(Animal.count, Dog.count, Puppy.count, d.count, a.count)
function Animal:late() return "late " .. self.name end
print(p:late(), d.late == Animal.late, Puppy.late == a.late)
local function isa(o, class) local m = getmetatable(o) while m do if m == class then return true end m = getmetatable(m) m = m and m.__index end return false end
print(isa(p, Puppy), isa(p, Dog), isa(p, Animal), isa(a, Dog), isa(d, Puppy))
p.sound = function(self) return "mine:" .. self.name end
print(p:speak(), Puppy.sound(p))
p.sound = nil
print(p:speak())
setmetatable(p, Dog) print(p:speak())
