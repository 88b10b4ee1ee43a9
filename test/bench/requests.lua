-- What wrk sends: BENCH_METHOD, BENCH_PATH, BENCH_BODY, and BENCH_HEADERS (a
-- line each).  "@@" stands for the number of one of BENCH_PRODUCTS products,
-- "##" for a number that was not there before.

local method = os.getenv("BENCH_METHOD")
local path = os.getenv("BENCH_PATH")
local body = os.getenv("BENCH_BODY")
local products = tonumber(os.getenv("BENCH_PRODUCTS"))
local headers = { ["Content-Type"] = body and "application/json" or nil }
for name, value in (os.getenv("BENCH_HEADERS") or ""):gmatch("([^\n:]+): ([^\n]+)") do
	headers[name] = value
end

local threads = 0
function setup(thread)
	threads = threads + 1
	thread:set("number", threads)
end

-- A fresh number always has so many digits, so that a body's length is known.
local DIGITS = 18
local PLACE = ("#"):rep(DIGITS)

local prepared = {}
local before, after
local fresh
local count = 0

-- The request is put together once; what changes lies between its pieces.
function init()
	math.randomseed(tonumber(os.getenv("BENCH_SEED")) + number)
	fresh = string.format("%06d%02d", os.getenv("BENCH_SEED"), number)
	if (path .. (body or "")):find("##") then
		local text = wrk.format(method, path, headers, (body:gsub("##", PLACE)))
		before, after = text:match("^(.-)" .. PLACE .. "(.*)$")
		return
	end
	for i = 1, path:find("@@") and products or 1 do
		prepared[i] = wrk.format(method, (path:gsub("@@", i)), headers, body)
	end
end

function request()
	if #prepared > 0 then
		return prepared[math.random(#prepared)]
	end
	count = count + 1
	local unheard = string.format("%s%010d", fresh, count)
	return (before:gsub("@@", math.random(products), 1)) .. unheard .. after
end

function done(summary, latency)
	io.write(string.format(
		'\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n',
		summary.requests, summary.duration / 1e6,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		summary.errors.status + summary.errors.connect + summary.errors.read
		+ summary.errors.write + summary.errors.timeout))
end
