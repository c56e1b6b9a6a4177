import { readSettings } from './service-settings.ts';
import type { ServiceSettings } from './service-settings.ts';
import { startService } from './service.ts';
import { askUpstream } from './upstream.ts';

/* The gateway: what customers meet. It hands each checkout to orders. */

const settings = readSettings<ServiceSettings & { readonly ordersUrl: string }>();

startService(settings, () => ({
  '/checkout': async (call) => {
    const { ok, what } = await askUpstream('orders', `${settings.ordersUrl}/orders`, call);
    if (ok) return { status: 200 };
    return { status: 502, msg: `checkout failed: ${what}`, fields: { upstream: 'orders' } };
  },
}));
