import type { Triage } from '../domain/triage';
import { TriageController } from './triage.controller';
import type { SignedLinks } from './signed-links';

const ID = '01KAS6Q3M8W1T5Z0V4R9XJ2CNB';
const RUNNING: Triage = {
  id: ID,
  status: 'running',
  alertName: 'A',
  fingerprint: 'f',
  createdAt: new Date(0),
  startedAt: new Date(0),
  attempts: 1,
  runningMs: 0,
  firings: [],
  deliveries: [],
  conversations: [],
};

describe('GET /api/v1/triage/{id}', () => {
  const asked: string[] = [];
  const find = (id: string): Promise<Triage | undefined> => {
    asked.push(id);
    return Promise.resolve(id === ID ? RUNNING : undefined);
  };
  const links = { linkTo: () => Promise.resolve('http://vigil/t') } as unknown as SignedLinks;
  const list = (): never => {
    throw new Error('not asked here');
  };
  const controller = new TriageController({ find, list }, links, { key: () => Promise.resolve(Buffer.alloc(32)) });

  it.each(['\u0000', 'x', `${ID}\u0000`, ''])('answers 404 for %j without asking the database for it', async (id) => {
    await expect(controller.get(id)).rejects.toMatchObject({ status: 404, code: 'triage.not_found' });
    expect(asked).toEqual([]);
  });

  it('leaves the running time out while it is not known', async () => {
    expect(JSON.parse(JSON.stringify(await controller.get(ID)))).not.toHaveProperty('duration_seconds');
  });
});
