-- Takes over events that were delivered to somebody who has said nothing of them for long.
--
-- KEYS[1] is the stream. ARGV are the group, the consumer, how long nothing was said in
-- milliseconds, and how many are wanted. It returns id, number of deliveries and fields of each.

local stream, group, consumer, idle = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local taken = {}
for _, pending in ipairs(redis.call('XPENDING', stream, group, 'IDLE', idle, '-', '+', ARGV[4])) do
  local id = pending[1]
  local claimed = redis.call('XCLAIM', stream, group, consumer, idle, id)[1]
  if claimed then
    taken[#taken + 1] = { id, pending[4] + 1, claimed[2] }
  else
    -- The stream was cut, and has it no more.
    redis.call('XACK', stream, group, id)
  end
end
return taken
