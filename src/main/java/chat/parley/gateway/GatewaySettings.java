package chat.parley.gateway;

import chat.parley.session.SessionSettings;
import chat.parley.tls.KeyFiles;
import java.time.Duration;
import java.util.List;

/**
 * Where clients come in, and what they may use. Immutable.
 *
 * @param port 0 takes a free one
 * @param sockJs whether SockJS is served at all
 * @param relayPort where other nodes bring SockJS requests; 0 takes a free one
 * @param origins pages that may connect; empty: only those of this server
 * @param queryToken whether a token may be in the address
 * @param admission how many may be in
 * @param patience in which a request has to be whole
 * @param tls the certificate and its key; none named: no TLS
 * @param reload how often they are looked at
 * @param redirect a port without TLS that sends to the one with it; 0: none
 * @param drain how the clients of a leaving node go to others
 */
public record GatewaySettings(
    String host,
    int port,
    boolean sockJs,
    int relayPort,
    List<String> origins,
    boolean queryToken,
    SessionSettings session,
    AdmissionSettings admission,
    Duration patience,
    KeyFiles tls,
    Duration reload,
    int redirect,
    Drain.Settings drain) {}
