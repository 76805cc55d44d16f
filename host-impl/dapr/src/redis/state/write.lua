-- Writes and removes values in Dapr's layout: a hash with `data`, `version` and, where the first
-- write was to win, `first-write`.
--
-- KEYS are the keys of the steps. ARGV[1] is `all` for all or nothing, or `each`; then come four
-- for each step: `set` or `delete`; what has to be there (`*` anything, `-` nothing, or a version);
-- for how many milliseconds it is kept, or empty; the value. It returns the numbers of the steps
-- that were not done because something else is there.

local now = {}

-- The version of what is there, or false. Values of other kinds, which old sidecars wrote, have
-- version 0.
local function version(key)
  if now[key] ~= nil then return now[key] end
  local found = redis.pcall('HGET', key, 'version')
  if type(found) == 'table' then return '0' end
  return found
end

local function holds(i)
  local wanted, is = ARGV[4 * i - 1], version(KEYS[i])
  if wanted == '*' then return true end
  if wanted == '-' then return not is end
  return is == wanted
end

local function apply(i)
  local key, what, wanted = KEYS[i], ARGV[4 * i - 2], ARGV[4 * i - 1]
  local ttl, value = ARGV[4 * i], ARGV[4 * i + 1]
  if what == 'delete' then
    redis.call('DEL', key)
    return
  end
  local found = redis.pcall('HGET', key, 'version')
  if type(found) == 'table' or (found and not string.find(found, '^%d+$')) then
    redis.call('DEL', key)
    found = false
  end
  if not found then
    -- A key that is written anew has none of the versions that it had before.
    local time = redis.call('TIME')
    redis.call('HSET', key, 'version', time[1] .. string.format('%06d', time[2]))
  end
  redis.call('HSET', key, 'data', value)
  if wanted == '-' then redis.call('HSET', key, 'first-write', 0) end
  redis.call('HINCRBY', key, 'version', 1)
  if ttl ~= '' then
    redis.call('PEXPIRE', key, ttl)
  else
    redis.call('PERSIST', key)
  end
end

local refused = {}
if ARGV[1] == 'all' then
  for i = 1, #KEYS do
    if not holds(i) then return { i } end
    -- What the steps before have made of it, of which nobody can know the version.
    now[KEYS[i]] = ARGV[4 * i - 2] == 'set' and 'new'
  end
  for i = 1, #KEYS do apply(i) end
else
  for i = 1, #KEYS do
    if holds(i) then apply(i) else refused[#refused + 1] = i end
  end
end
return refused
