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

local prepared = {}
local fresh
local count = 0

function init()
	math.randomseed(tonumber(os.getenv("BENCH_SEED")) + number)
	fresh = os.getenv("BENCH_SEED") .. "_" .. number .. "_"
	if not (path .. (body or "")):find("##") then
		for i = 1, path:find("@@") and products or 1 do
			prepared[i] = wrk.format(method, (path:gsub("@@", i)), headers, body)
		end
	end
end

function request()
	count = count + 1
	if #prepared > 0 then
		return prepared[math.random(#prepared)]
	end
	local one = tostring(math.random(products))
	local made = path:gsub("@@", one)
	return wrk.format(method, made, headers,
		(body:gsub("@@", one):gsub("##", fresh .. count)))
end

function done(summary, latency)
	io.write(string.format(
		'\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n',
		summary.requests, summary.duration / 1e6,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		summary.errors.status + summary.errors.connect + summary.errors.read
		+ summary.errors.write + summary.errors.timeout))
end
