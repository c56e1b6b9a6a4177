import { createSecureContext, getCACertificates } from 'node:tls';
import type { Logger } from 'pino';
import type { Dispatcher, Pool } from 'undici';
import type { Outgoing } from '../config/outgoing';

/**
 * Sends every `fetch` of this process by the given way: private authorities are trusted besides the public ones, HTTPS
 * goes through a tunnel of the proxy, plain HTTP is forwarded by it. Node's own means for this differ from 22.18 to 24,
 * so it is the package that Node's fetch is made of, which all of these take as their dispatcher. Without anything to
 * set it is not even loaded.
 */
export async function useOutgoingConnections(outgoing: Outgoing, log: Logger): Promise<void> {
  const { certificates, httpProxy, httpsProxy, noProxy } = outgoing;
  if (certificates.length === 0 && !httpProxy && !httpsProxy) return;
  const { Client, EnvHttpProxyAgent, Pool, setGlobalDispatcher } = await import('undici');

  const proxies = new Set([httpProxy, httpsProxy].filter((url) => url !== undefined));
  // One context for all: reading some 150 certificates costs milliseconds, and every connection would pay them.
  const tls = certificates.length > 0 && {
    secureContext: createSecureContext({ ca: [...getCACertificates('default'), ...certificates] }),
  };
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      // Empty means none; absent, the environment would be read once more.
      httpProxy: httpProxy ?? '',
      httpsProxy: httpsProxy ?? '',
      noProxy: noProxy ?? '',
      // A tunnel to port 80 or 9090 is what many proxies refuse.
      proxyTunnel: false,
      clientFactory: (proxy, options) => namingRefusals(new Pool(proxy, namingTheProxy(options))),
      factory: (origin, options) =>
        proxies.has(String(origin)) ? new Client(origin, namingTheProxy(options)) : new Pool(origin, options),
      ...(tls && { connect: tls, requestTls: tls, proxyTls: tls }),
    }),
  );
  log.info(inWords(outgoing), 'outgoing connections are configured');
}

/** Hosts, but no user and no password. */
function inWords({ certificates, httpProxy, httpsProxy, noProxy }: Outgoing): Record<string, unknown> {
  return {
    private_certificates: certificates.length,
    http_proxy: httpProxy && new URL(httpProxy).host,
    https_proxy: httpsProxy && new URL(httpsProxy).host,
    no_proxy: noProxy,
  };
}

/** The proxy is at fault, not whoever was to be reached through it: the code says so wherever the call was made. */
class ProxyFault extends Error {
  constructor(
    readonly code: 'PROXY_UNREACHABLE' | 'PROXY_REFUSED',
    message: string,
    cause?: Error,
  ) {
    super(message, { cause });
  }
}

type ConnectCallback = (error: Error | null, socket: unknown) => void;
type Connect = (target: object, callback: ConnectCallback) => void;

/** A refused connection to the proxy looks like one to the host behind it, word for word. */
function namingTheProxy(options: object): object {
  const { connect } = options as { connect: Connect };
  const named: Connect = (target, callback) =>
    connect(target, (error, socket) =>
      callback(error && new ProxyFault('PROXY_UNREACHABLE', 'the proxy could not be reached', error), socket),
    );
  return { ...options, connect: named };
}

/** A tunnel that the proxy refuses would end as "Request was cancelled". */
function namingRefusals(pool: Pool): Pool {
  const open = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  const connect = async (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const answer = await open(options);
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw new ProxyFault('PROXY_REFUSED', `the proxy answered ${answer.statusCode} to CONNECT`);
  };
  return Object.assign(pool, { connect });
}
