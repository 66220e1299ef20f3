-- SPDX-License-Identifier: MIT
-- Objects: classes, inheritance, methods that call methods.
local rounds = tonumber((...)) or 2000000

local Account = {}
Account.__index = Account
function Account.new(owner)
  return setmetatable({owner = owner, balance = 0, moves = 0}, Account)
end
function Account:deposit(v)
  self.balance = self.balance + v
  self.moves = self.moves + 1
end
function Account:withdraw(v)
  if v > self:limit() then return false end
  self.balance = self.balance - v
  self.moves = self.moves + 1
  return true
end
function Account:limit() return self.balance end

local Credit = setmetatable({}, {__index = Account})
Credit.__index = Credit
function Credit.new(owner, line)
  local a = setmetatable(Account.new(owner), Credit)
  a.line = line
  return a
end
function Credit:limit() return self.balance + self.line end

local accounts = {}
for i = 1, 50 do
  accounts[i] = i % 3 == 0 and Credit.new("c" .. i, 500) or
                Account.new("a" .. i)
end
local refused = 0
for r = 1, rounds do
  local from, to = accounts[r % 50 + 1], accounts[r * 7 % 50 + 1]
  from:deposit(r % 90)
  if from:withdraw(r % 130) then to:deposit(r % 130)
  else refused = refused + 1 end
end
local total = 0
for _, a in ipairs(accounts) do total = total + a.balance + a.moves end
print("bank", total, refused)
