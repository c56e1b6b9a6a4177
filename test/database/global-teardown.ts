import './global-setup';

// eslint-disable-next-line no-restricted-exports -- what jest asks for
export default async function globalTeardown(): Promise<void> {
  await globalThis.vigilTestCluster?.stop();
}
