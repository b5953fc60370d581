/** Reads Redis's own time: readers and collectors of a log may be on machines whose clocks differ. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

export const REQUEST = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

export const LIST_REQUESTED = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '-inf', 'LIMIT', 0, ARGV[1])`;

export const IS_REQUESTED = `${NOW}
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0') > now then return 1 end
return 0`;

/** Renews the claim and sets the state, if the caller still holds the claim. */
export const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2]) end
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('PEXPIRE', KEYS[4], ARGV[4])
if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], 'state') end
return 1`;

export const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
return 1`;

/**
 * Appends lines under their own ids, which only increase, so that repeated lines are not stored twice. Then trims the
 * oldest lines until the limits on lines and bytes hold.
 */
export const APPEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local bytes = tonumber(redis.call('GET', KEYS[3]) or '0')
if #last == 0 then bytes = 0 end
for i = 6, #ARGV, 3 do
  local added = redis.pcall('XADD', KEYS[2], ARGV[i], ARGV[i + 1], ARGV[i + 2])
  if type(added) == 'string' then bytes = bytes + #ARGV[i + 2] end
end
while bytes > tonumber(ARGV[4]) or redis.call('XLEN', KEYS[2]) > tonumber(ARGV[3]) do
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
  if #first == 0 then break end
  redis.call('XDEL', KEYS[2], first[1][1])
  bytes = bytes - #first[1][2][2]
end
redis.call('SET', KEYS[3], bytes, 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[5], 'lines')
return 1`;

/** Reads lines from a place on, until they have reached a number of lines or of bytes. */
export const READ = `
local lines, bytes, from = {}, 0, ARGV[1]
local most, mostBytes = tonumber(ARGV[2]), tonumber(ARGV[3])
while #lines < most and bytes < mostBytes do
  local entries = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', math.min(50, most - #lines))
  if #entries == 0 then break end
  for _, entry in ipairs(entries) do
    if bytes >= mostBytes then break end
    lines[#lines + 1] = entry
    bytes = bytes + #entry[2][2]
    from = '(' .. entry[1]
  end
end
return lines`;
