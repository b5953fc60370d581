/** The port on which the relay of a project listens; docker/haproxy/haproxy.cfg has the same number. */
const PORT = 8480;

/**
 * Returns HAProxy's configuration of a project's relay, through which the ingress reaches services that are only on the
 * project's overlay. The ingress names the service and the timeout of a request in headers. The relay says in
 * `x-nexos-relay` whether the service answered, or why it did not; the header of an app is overwritten.
 *
 * Containers of the project can use the relay too, to reach what they reach anyway. It resolves only names of this
 * installation's services, and connects only to addresses of the overlay: some name servers resolve every name.
 *
 * @param subnet the address block of the overlay
 */
export function relayConfig({ instance, subnet }: { instance: string; subnet: string }): string {
  return `
global
    log stdout format raw daemon notice
    nbthread 1
    maxconn 4000
    # More than the ingress has, whose headers of a request must fit with those that it adds.
    tune.bufsize 20480
    hard-stop-after 10s

# Docker's name server. An unknown name is retried every 50 ms for a second, so that requests wait for a task that is
# starting or that Swarm is restarting.
resolvers docker
    nameserver docker 127.0.0.11:53
    resolve_retries 20
    timeout resolve 50ms
    timeout retry 50ms
    hold valid 1s
    hold nx 50ms
    hold other 50ms
    hold refused 50ms
    hold timeout 50ms
    hold obsolete 0s

# As in the ingress, which has the reasons.
defaults
    mode http
    timeout connect 2s
    timeout client 10m
    timeout server 60s
    timeout http-request 10s
    timeout client-fin 10s
    timeout queue 5s
    timeout tunnel 1h
    option http-server-close
    option abortonclose
    option clitcpka
    clitcpka-idle 60s
    clitcpka-intvl 10s
    clitcpka-cnt 6

frontend relay
    bind :${PORT}
    http-request set-var(txn.target) req.fhdr(x-nexos-target)
    http-request return status 400 hdr x-nexos-relay bad-target unless { var(txn.target) -m reg ^nexos-${instance}-[a-z0-9-]{1,63}:[0-9]{1,5}$ }
    http-request set-var(txn.timeout) req.fhdr(x-nexos-timeout)
    http-request set-var(txn.service) var(txn.target),field(1,:)
    http-request set-var(txn.probe) bool(true) if { req.fhdr(x-nexos-probe) -m found }
    http-request del-header x-nexos- -m beg
    http-request do-resolve(txn.address,docker,ipv4) str(tasks.),concat(,txn.service)
    http-request return status 503 hdr x-nexos-relay unresolved unless { var(txn.address) -m ip ${subnet} }
    http-request set-dst var(txn.address)
    http-request set-dst-port var(txn.target),field(2,:)
    use_backend probed if { var(txn.probe) -m bool }
    default_backend app
${backend('app', 1, 'no option abortonclose')}${backend('probed', 0, 'option abortonclose')}`;
}

/**
 * @param retries how often a connection that is refused is tried again; a prober wants a failure reported at once
 * @param aborting whether the request of a client that is gone is dropped
 */
function backend(name: string, retries: number, aborting: string): string {
  return `
backend ${name}
    ${aborting}
    retries ${retries}
    http-request set-timeout server var(txn.timeout) if { var(txn.timeout) -m int gt 0 }
    http-response set-header x-nexos-relay answered
    http-error status 502 hdr x-nexos-relay broken
    http-error status 503 hdr x-nexos-relay refused
    http-error status 504 hdr x-nexos-relay timeout
    server app 0.0.0.0:0
`;
}
