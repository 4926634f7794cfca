-- What wrk sends, and its findings as one line of JSON. One thread only: keys are counted.
--
--   wrk … -s wrk.lua URL/v1/charges -- form BODY       the same POST again and again
--   wrk … -s wrk.lua URL/v1/charges -- marked BODY RUN HEADER  with another value in HEADER on each; RUN has 23 characters
--   wrk … -s wrk.lua URL -- paths FILE                 GETs of the paths in the file (one a line), in a circle

local KEY = '(key)'

local function marked_requests(run, header)
  wrk.headers[header] = KEY
  local request = wrk.format()
  local from, to = request:find(KEY, 1, true)
  local before, after = request:sub(1, from - 1) .. run .. '-', request:sub(to + 1)
  local count = 0
  return function()
    count = count + 1
    return before .. ('%012d'):format(count) .. after -- as long as the UUIDs that SDKs send
  end
end

local function requests_for_paths(file)
  local requests = {}
  for path in io.lines(file) do
    requests[#requests + 1] = wrk.format('GET', path)
  end
  local count = 0
  return function()
    count = count % #requests + 1
    return requests[count]
  end
end

function init(args)
  if args[1] == 'paths' then
    request = requests_for_paths(args[2])
    return
  end
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  wrk.body = args[2]
  if args[1] == 'marked' then request = marked_requests(args[3], args[4]) end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(
    ('{"requests":%d,"us":%d,"refused":%d,"broken":%d,"p50Us":%d,"p99Us":%d}\n'):format(
      summary.requests,
      summary.duration,
      errors.status,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50),
      latency:percentile(99)
    )
  )
end
