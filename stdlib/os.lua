-- The operating system: clocks and dates, programs, the environment, names of
-- files. The locale is "C" and dates are worked out here.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local interror = @"lua.interror"
local where, format = @"core.where", @"string.format"
local sub, find, concat = @"string.sub", @"string.find", @"table.concat"

os = {}

local function raise(message)
  @throw(where(1) .. message)
end

local function text_of(v, i)
  return @tostr(v) or typeerror(i, "string", v)
end

-- -- Programs, environment, files ------------------------------------------

function os.execute(command)
  if command ~= nil then command = text_of(command, 1) end
  local code, e, c = @host("process", "run", "(str?) (int?, str?, int?)",
                           command)
  if command == nil then return code == 1 end
  if code == nil then return nil, e, c end
  if code == 0 then return true, "exit", 0 end
  if code < 256 then return nil, "exit", code end
  return nil, "signal", code - 256
end

function os.exit(code, close)
  if code == nil or code == true then code = 0
  elseif code == false then code = 1
  else code = @toint(code) or interror(1, code)
  end
  if close then @"lua.finish"() end
  @host("process", "exit", "(int?)", code)
end

function os.getenv(name)
  name = text_of(name, 1)
  local v = @host("process", "env", "(str) str?", name)
  return v
end

function os.remove(name)
  name = text_of(name, 1)
  local v, e, c = @host("storage", "remove", "(str) (bool?, str?, int?)", name)
  if v then return true end
  return nil, e, c
end

function os.rename(old, new)
  old, new = text_of(old, 1), text_of(new, 2)
  local v, e, c = @host("storage", "rename", "(str, str) (bool?, str?, int?)",
                        old, new)
  if v then return true end
  local start = old .. ": "
  if sub(e, 1, #start) == start then e = sub(e, #start + 1) end
  return nil, e, c
end

function os.tmpname()
  local name = @host("storage", "temp", "() str?")
  if name == nil then raise("unable to generate a unique filename") end
  return name
end

local categories = {
  all = true, collate = true, ctype = true, monetary = true, numeric = true,
  time = true,
}

function os.setlocale(name, category)
  if name ~= nil then name = text_of(name, 1) end
  if category ~= nil then
    category = text_of(category, 2)
    if not categories[category] then
      argerror(2, "invalid option '" .. category .. "'")
    end
  end
  if name == nil or name == "" or name == "C" or name == "POSIX" then
    return "C"
  end
  return nil
end

-- -- Clocks ----------------------------------------------------------------

function os.clock()
  local ns, e, c = @host("clock", "cpu", "() (int?, str?, int?)")
  if ns then return ns / 1e9 end
  return nil, e, c
end

function os.difftime(a, b)
  a, b = @toint(a) or interror(1, a), @toint(b) or interror(2, b)
  return @tofloat(a - b)
end

local function now()
  local ns, e, c = @host("clock", "wall", "() (int?, str?, int?)")
  if ns then return ns // 1000000000 end
  return nil, e, c
end

-- Local time at a moment: seconds ahead of UTC, whether daylight is saved, the
-- zone's name. UTC where the clock is denied.
local function zone(t)
  local offset, _, _, dst, name =
    @host("clock", "zone", "(int) (int?, str?, int?, bool?, str?)", t)
  if offset then return offset, dst, name end
  return 0, false, "UTC"
end

-- -- The calendar ----------------------------------------------------------
-- Years begin in March here, so that the day that some have more is the last.
-- 400 of them are 146097 days; 719468 days lie before 1970.

local function days_before(year, month, day)
  if month <= 2 then year, month = year - 1, month + 12 end
  local era = year // 400
  local of_era = year - era * 400
  local of_year = (153 * (month - 3) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year -
         719468
end

local function date_of(days)
  days = days + 719468
  local era = days // 146097
  local day = days - era * 146097
  local year = (day - day // 1460 + day // 36524 - day // 146096) // 365
  day = day - (365 * year + year // 4 - year // 100)
  local month = (5 * day + 2) // 153
  day = day - (153 * month + 2) // 5 + 1
  year = year + era * 400
  if month < 10 then return year, month + 3, day end
  return year + 1, month - 9, day
end

-- Years fit 32 bits when counted from 1900.
local first_second = days_before(-2147481748, 1, 1) * 86400
local last_second = days_before(2147485548, 1, 1) * 86400 - 1

-- The fields of a moment; nil when its year is out of range.
local function fields_of(t, utc)
  if t < first_second - 172800 or t > last_second + 172800 then return nil end
  local offset, dst, name = 0, false, "GMT"
  if not utc then offset, dst, name = zone(t) end
  t = t + offset
  if t < first_second or t > last_second then return nil end
  local days, second = t // 86400, t % 86400
  local year, month, day = date_of(days)
  return {
    year = year, month = month, day = day, hour = second // 3600,
    min = second // 60 % 60, sec = second % 60, wday = (days + 4) % 7 + 1,
    yday = days - days_before(year, 1, 1) + 1, isdst = dst, offset = offset,
    zone = name,
  }
end

-- -- os.date ---------------------------------------------------------------

local day_names = {
  "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
}
local month_names = {
  "January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December",
}

local function two(n) return format("%02d", n) end

local function hour12(d)
  return (d.hour + 11) % 12 + 1
end

local function is_leap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

-- ISO 8601: the week with the year's first Thursday is its first.
local function iso_week(d)
  local year = d.year
  local week = (d.yday - (d.wday + 5) % 7 + 9) // 7
  if week < 1 then
    year = year - 1
    local length = is_leap(year) and 366 or 365
    week = (d.yday + length - (d.wday + 5) % 7 + 9) // 7
  elseif week == 53 then
    local length = is_leap(year) and 366 or 365
    if d.yday - (d.wday + 5) % 7 + 3 > length then year, week = year + 1, 1 end
  end
  return year, week
end

-- The last two digits of a year.
local function short_year(year)
  return two(year < 0 and -(-year % 100) % 100 or year % 100)
end

local conversions
local function convert(d, letters)
  local out, n = {}, 0
  for i = 1, #letters do
    local letter = sub(letters, i, i)
    local f = conversions[letter]
    n = n + 1
    out[n] = f and f(d) or letter
  end
  return concat(out)
end

conversions = {
  a = function(d) return sub(day_names[d.wday], 1, 3) end,
  A = function(d) return day_names[d.wday] end,
  b = function(d) return sub(month_names[d.month], 1, 3) end,
  B = function(d) return month_names[d.month] end,
  c = function(d) return convert(d, "a b e T Y") end,
  C = function(d) return two(d.year // 100) end,
  d = function(d) return two(d.day) end,
  D = function(d) return convert(d, "m/d/y") end,
  e = function(d) return format("%2d", d.day) end,
  F = function(d) return convert(d, "Y-m-d") end,
  g = function(d) return short_year((iso_week(d))) end,
  G = function(d) return @tostr((iso_week(d))) end,
  H = function(d) return two(d.hour) end,
  I = function(d) return two(hour12(d)) end,
  j = function(d) return format("%03d", d.yday) end,
  m = function(d) return two(d.month) end,
  M = function(d) return two(d.min) end,
  n = function() return "\n" end,
  p = function(d) return d.hour < 12 and "AM" or "PM" end,
  r = function(d) return convert(d, "I:M:S p") end,
  R = function(d) return convert(d, "H:M") end,
  S = function(d) return two(d.sec) end,
  t = function() return "\t" end,
  T = function(d) return convert(d, "H:M:S") end,
  u = function(d) return @tostr((d.wday + 5) % 7 + 1) end,
  U = function(d) return two((d.yday + 7 - d.wday) // 7) end,
  V = function(d)
    local _, week = iso_week(d)
    return two(week)
  end,
  w = function(d) return @tostr(d.wday - 1) end,
  W = function(d) return two((d.yday + 6 - (d.wday + 5) % 7) // 7) end,
  y = function(d) return short_year(d.year) end,
  Y = function(d) return @tostr(d.year) end,
  z = function(d)
    local offset, sign = d.offset // 60, "+"
    if offset < 0 then offset, sign = -offset, "-" end
    return sign .. two(offset // 60) .. two(offset % 60)
  end,
  Z = function(d) return d.zone end,
  ["%"] = function() return "%" end,
}
conversions.h = conversions.b
conversions.x = conversions.D
conversions.X = conversions.T

-- Letters that may stand behind E and O: they mean the same without.
local modified = {E = "cCxXyY", O = "deHImMSuUVwWy"}

local function text_date(text, d)
  local out, n, from = {}, 0, 1
  while true do
    local at = find(text, "%", from)
    if at == nil then break end
    local letter, last = sub(text, at + 1, at + 1), at + 1
    if modified[letter] then
      local behind = sub(text, at + 2, at + 2)
      local set = modified[letter]
      letter, last = "", at + 2
      if behind ~= "" and find(set, behind) then letter = behind end
    end
    local f = conversions[letter]
    if f == nil then
      argerror(1, "invalid conversion specifier '" .. sub(text, at) .. "'")
    end
    out[n + 1] = sub(text, from, at - 1)
    out[n + 2] = f(d)
    n = n + 2
    from = last + 1
  end
  out[n + 1] = sub(text, from)
  return concat(out)
end

-- Puts the fields of a moment into a table as os.date and os.time do.
local function put_fields(t, d)
  t.year, t.month, t.day = d.year, d.month, d.day
  t.hour, t.min, t.sec = d.hour, d.min, d.sec
  t.yday, t.wday, t.isdst = d.yday, d.wday, d.isdst
end

function os.date(text, time)
  text = text == nil and "%c" or text_of(text, 1)
  local e, c
  if time ~= nil then time = @toint(time) or interror(2, time)
  else
    time, e, c = now()
    if time == nil then return nil, e, c end
  end
  local utc = @strbyte(text, 1) == 33
  if utc then text = sub(text, 2) end
  local d = fields_of(time, utc)
  if d == nil then
    raise("date result cannot be represented in this installation")
  end
  if text == "*t" then
    local t = {}
    put_fields(t, d)
    return t
  end
  return (text_date(text, d)) -- no tail call: an error names os.date
end

-- -- os.time ---------------------------------------------------------------

-- A field of a date table; `base` is subtracted before it must fit 32 bits.
local function field(t, key, missing, base)
  local v = t[key]
  local n = @toint(v)
  if n == nil then
    if v ~= nil then
      @throw(where(1) .. "field '" .. key .. "' is not an integer")
    elseif missing == nil then
      @throw(where(1) .. "field '" .. key .. "' missing in date table")
    end
    return missing
  end
  local small
  if n >= 0 then small = n - base <= 0x7fffffff
  else small = -0x80000000 + base <= n
  end
  if not small then
    @throw(where(1) .. "field '" .. key .. "' is out-of-bound")
  end
  return n
end

-- The moment of a local time; dst says what the fields mean, nil: whatever is
-- in force. Where daylight saving is not what they say, the offset of the
-- nearest time at which it is counts, or one hour where it is not known.
local function moment(l, dst)
  local offset, is = zone(l)
  offset, is = zone(l - offset)
  local again, saves = zone(l - offset)
  if again ~= offset then offset, is = again, saves end
  local t = l - offset
  if dst == nil or dst == is then return t end
  for step = 1, 24 do
    for sign = -1, 1, 2 do
      local other, same = zone(t + sign * step * 2592000)
      if same == dst then return l - other end
    end
  end
  return dst and t - 3600 or t + 3600
end

function os.time(t)
  if t == nil then return now() end
  if @type(t) ~= 5 then typeerror(1, "table", t) end
  local year, month = field(t, "year", nil, 1900), field(t, "month", nil, 1)
  local day, hour = field(t, "day", nil, 0), field(t, "hour", 12, 0)
  local min, sec = field(t, "min", 0, 0), field(t, "sec", 0, 0)
  local dst = t.isdst
  if dst ~= nil then dst = not not dst end
  year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
  local l = (days_before(year, month, 1) + day - 1) * 86400 + hour * 3600 +
            min * 60 + sec
  local at = moment(l, dst)
  local d = fields_of(at, false)
  if d then put_fields(t, d) end
  if d == nil or at == -1 then
    raise("time result cannot be represented in this installation")
  end
  return at
end
