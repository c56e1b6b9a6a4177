import { loadSettings } from '../../src/config/load-settings';
import type { Settings } from '../../src/config/settings';
import { type RunningVigil, startVigil } from '../../src/vigil';
import { TOKEN } from './vigil-process';

/** The whole program inside the test's own process, so that its database can be looked into and moved in time. */
export interface VigilInProcess {
  readonly settings: Settings;
  readonly port: number;
  readonly url: string;
  readonly adminUrl: string;
  call(path: string, init?: RequestInit): Promise<Response>;
  /** Posts a webhook body; fails unless the answer is 202. */
  post(body: string | object): Promise<AdmittedBody>;
  stop(): Promise<void>;
}

/** What the webhook answers. */
export interface AdmittedBody {
  readonly accepted: string[];
  readonly alerts: { fingerprint?: string; decision: string; triage_id?: string; reason?: string }[];
}

/** @param settings `VIGIL_*` without the prefix, in lower case */
export async function startVigilInProcess(settings: Readonly<Record<string, string>>): Promise<VigilInProcess> {
  const given = {
    api_token: TOKEN,
    http_port: '0',
    admin_port: '0',
    log_level: 'fatal',
    drain_seconds: '1',
    ...settings,
  };
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]));
  const loaded = loadSettings([], env, () => '');
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  const running: RunningVigil = await startVigil(loaded.settings);
  const url = `http://127.0.0.1:${running.httpPort}`;
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
  return {
    settings: loaded.settings,
    port: running.httpPort,
    url,
    adminUrl: `http://127.0.0.1:${running.adminPort}`,
    call,
    post: async (body) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await call('/api/v1/alerts', { method: 'POST', body: text });
      if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as AdmittedBody;
    },
    stop: () => running.stop(),
  };
}
