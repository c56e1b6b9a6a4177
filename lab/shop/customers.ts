/** Customers who check out at a steady pace, whatever becomes of it. */
export interface Customers {
  stop(): void;
}

const PATIENCE_MS = 8_000;

export function sendCustomers(gatewayUrl: string, perSecond: number): Customers {
  const checkOut = (): Promise<unknown> =>
    fetch(`${gatewayUrl}/checkout`, { method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined); // the gateway is down: that is seen elsewhere
  const timer = setInterval(() => void checkOut(), 1000 / perSecond);
  return { stop: () => clearInterval(timer) };
}
