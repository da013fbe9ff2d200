package chat.parley.config;

import chat.parley.setting.Setting;

/** How many may come in, and what each may ask for: the keys under {@code limits}. Immutable. */
public record Limits(
    @Setting(
        value = "Connections of this node; who comes then is refused (503). 0: no limit.",
        byDefault = "50000",
        min = "0",
        max = "10000000",
        unit = "connections; 0 = unlimited")
    int connections,

    @Setting(
        value =
            "Connections of one client address (IPv6: of one /64) to this node; more are refused (429). Connections from this machine itself don't count. Behind a proxy set `http.proxies`. 0: no limit.",
        byDefault = "1000",
        min = "0",
        max = "10000000",
        unit = "connections; 0 = unlimited")
    int connectionsPerAddress,

    @Setting(
        value = "Connections of one user in the cluster; more are refused (429). 0: no limit.",
        byDefault = "100",
        min = "0",
        max = "10000000",
        unit = "connections; 0 = unlimited")
    int connectionsPerUser,

    @Setting(
        value =
            "New connections of one user a second, and as many as `limits.connectionsPerUser` at once; more are refused (429). 0: no limit.",
        byDefault = "10",
        min = "0",
        max = "1000000",
        unit = "connections per second; 0 = unlimited")
    int opens,

    @Setting(
        value =
            "Connections of this node that have not brought a whole request yet; the one that has waited longest makes room for the next. 0: no limit.",
        byDefault = "2000",
        min = "0",
        max = "10000000",
        unit = "connections; 0 = unlimited")
    int handshakes,

    @Setting(
        value = "The longest frame a client may send; a longer one closes the connection (1009).",
        byDefault = "65536",
        min = "1024",
        max = "16777216",
        unit = "bytes")
    int frame,

    @Setting(
        value = "Rooms that one session may be in at a time.",
        byDefault = "100",
        min = "1",
        max = "100000",
        unit = "rooms")
    int rooms,

    @Setting(
        value =
            "Messages and signals a second per session, with bursts of twice as many; more are refused as `rate_limited`. 0: no limit.",
        byDefault = "100",
        min = "0",
        max = "1000000",
        unit = "messages per second; 0 = unlimited")
    int rate,

    @Setting(
        value =
            "Bytes a second per session, of all its frames, with bursts of twice as many; more are refused as `rate_limited`. At least `limits.frame`. 0: no limit.",
        byDefault = "1048576",
        min = "0",
        max = "1073741824",
        unit = "bytes per second; 0 = unlimited")
    int bytes,

    @Setting(
        value =
            "Messages and signals a second per user, over all connections in the cluster. 0: no limit.",
        byDefault = "300",
        min = "0",
        max = "1000000",
        unit = "messages per second; 0 = unlimited")
    int userRate,

    @Setting(
        value =
            "Bytes of messages and signals a second per user, over all connections in the cluster. 0: no limit.",
        byDefault = "4194304",
        min = "0",
        max = "1073741824",
        unit = "bytes per second; 0 = unlimited")
    int userBytes,

    @Setting(
        value = "Joins a second per session, and as many as `limits.rooms` at once. 0: no limit.",
        byDefault = "20",
        min = "0",
        max = "1000000",
        unit = "joins per second; 0 = unlimited")
    int joins,

    @Setting(
        value =
            "Requests for history and presence a second per session, with bursts of twice as many. 0: no limit.",
        byDefault = "50",
        min = "0",
        max = "1000000",
        unit = "requests per second; 0 = unlimited")
    int reads,

    @Setting(
        value =
            "All other frames a second per session, with bursts of twice as many: pings, control frames, what is refused. 0: no limit.",
        byDefault = "50",
        min = "0",
        max = "1000000",
        unit = "frames per second; 0 = unlimited")
    int others,

    @Setting(
        value =
            "Frames over a limit within ten seconds before the connection is closed as flooding (4429) and its user kept out for ten seconds. 0: never.",
        byDefault = "500",
        min = "0",
        max = "1000000",
        unit = "frames; 0 = never")
    int refusals,

    @Setting(
        value =
            "Bytes that may wait for one connection; a reader who lets more pile up is closed (4410).",
        byDefault = "1048576",
        min = "16384",
        max = "1073741824",
        unit = "bytes")
    int outbox,

    @Setting(
        value = "Publishes of one session that may wait for their ack.",
        byDefault = "256",
        min = "1",
        max = "1000000",
        unit = "publishes")
    int pending,

    @Setting(
        value = "Frames that are not understood before the connection is closed (4500).",
        byDefault = "20",
        min = "1",
        max = "1000000",
        unit = "frames")
    int badFrames) {}
