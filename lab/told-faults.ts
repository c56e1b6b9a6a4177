import { FAULT_CHANGES } from './shop/shop-changes.ts';
import type { Fault } from './shop/shop.ts';
import type { LabVigil } from './vigil.ts';

/**
 * The faults, told to Vigil as they are switched: the shop's pipelines post each deploy, flag and migration, and what
 * undoes it.
 */
export function toldFaults(faults: readonly Fault[], vigil: LabVigil): readonly Fault[] {
  let switched = 0;
  return faults.map((fault) => {
    const change = FAULT_CHANGES[fault.name];
    if (!change) return fault;
    return {
      ...fault,
      switch: async (on) => {
        const at = new Date().toISOString();
        await fault.switch(on);
        switched += 1;
        const id = `${change.what}/${switched}`;
        await tell(vigil, { source: 'shop', id, at, environment: 'lab', ...(on ? change.on : change.off) });
      },
    };
  });
}

async function tell(vigil: LabVigil, change: object): Promise<void> {
  const response = await fetch(`${vigil.url}/api/v1/changes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${vigil.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 202)
    throw new Error(`Vigil answered ${response.status} to a change: ${await response.text()}`);
}
