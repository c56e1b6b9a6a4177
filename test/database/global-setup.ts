import 'reflect-metadata';
import { keepCompiled } from './compile-cache';
import { keepFilesInMemory } from './files-in-memory';
import { startTestCluster, type TestCluster } from './test-cluster';

declare global {
  /** From the set-up to the tear-down: jest loads them apart. */
  var vigilTestCluster: TestCluster | undefined;
}

// eslint-disable-next-line no-restricted-exports -- what jest asks for
export default async function globalSetup(): Promise<void> {
  keepFilesInMemory(); // before anything asks where temporary files go
  [globalThis.vigilTestCluster] = await Promise.all([startTestCluster(), keepCompiled()]);
}
