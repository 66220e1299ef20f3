-- A missing argument of string.format is found before the conversion is read.
for _, f in ipairs{"%d", "%y", "%", "%200d", "%q", "%5q", "%s %s", "%-+ #0d", "%.123f"} do
  print(f, pcall(string.format, f))
end
print(pcall(string.format, "%d %y", 1))
print(pcall(string.format, "%y", 1))
print(pcall(string.format, "%d %s", 1))
