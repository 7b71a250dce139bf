/**
 * The receive limiter of Velociraptor's client at its default `max_poll` of 60 s: ten frames at once,
 * then one every 30 s (http_comms/comms.go, read at 0.77.2). Its reports on "websockets are too quick"
 * are what these benchmarks measure against.
 */
export const VELOCIRAPTOR_LIMITER = { burst: 10, perSecond: 1 / 30 } as const;
