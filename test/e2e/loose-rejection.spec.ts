import { createTestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { startStandIns } from './stand-ins';
import { startVigilProcess } from './vigil-process';

/** Runs inside the program, as a tool would that does not wait for its own work. */
const LOOSE = `data:text/javascript,process.on('SIGUSR2', () => void Promise.reject(new Error('too late')))`;

it('The program lives on when work that nobody waits for is rejected, and says so in its log (F71, GV-11)', async () => {
  const database = await createTestDatabase();
  const world = await startStandIns();
  const vigil = await startVigilProcess({ ...world.settings, database_url: database.url }, {}, ['--import', LOOSE]);
  try {
    void vigil.signal('SIGUSR2');
    await until('the defect is logged', () =>
      vigil.log.some((line) => line.includes('a rejection that nobody caught') && line.includes('too late')),
    );
    expect((await fetch(`${vigil.adminUrl}/-/ready`)).status).toBe(200);
  } finally {
    await vigil.signal('SIGTERM');
    await world.stop();
    await database.drop();
  }
});
