import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Whether the COMMIT came to the server before the connection was cut, and only its answer was lost. */
export type CommitFate = 'done' | 'lost';

/**
 * A port that stays while what stands behind it moves: a server that is started again may get another one. It can also
 * behave as a network does that swallows everything, or that breaks at the worst moment.
 */
export interface TcpGate {
  readonly port: number;
  leadTo(port: number): void;
  /** From now on nothing passes, in either direction, and no connection ends: not even one whose other end does. */
  fallSilent(): void;
  /** What is connected from now on is led on. The connections of the silence stay dead: what was said is missing. */
  speak(): void;
  /**
   * Cuts one connection: at the first COMMIT that follows these words on it. What was asked for first goes first.
   * @returns when it was cut
   */
  cutAtCommitOf(words: string, fate: CommitFate): Promise<void>;
  close(): Promise<void>;
}

interface Trap {
  readonly words: string;
  readonly fate: CommitFate;
  readonly sprung: () => void;
  /** On which the words were heard. */
  on?: Socket;
}

/** A simple query ends with a NUL; what stands before it may be more than the word. */
const COMMIT = Buffer.from('COMMIT\0');

export async function startTcpGate(target: number): Promise<TcpGate> {
  let behind = target;
  let silent = false;
  const traps = new Set<Trap>();
  const sockets = new Set<Socket>();

  /** @returns whether it is to be passed on */
  const heard = (near: Socket, far: Socket, chunk: Buffer): boolean => {
    for (const trap of traps) if (!trap.on && chunk.includes(trap.words)) trap.on = near;
    if (!chunk.subarray(-COMMIT.length).equals(COMMIT)) return true;
    const [first, ...others] = [...traps].filter(({ on }) => on === near);
    for (const other of others) other.on = undefined; // one cut a transaction
    if (!first) return true;
    const { fate, sprung } = first;
    traps.delete(first);
    const cut = (): void => {
      near.destroy();
      far.destroy();
      sprung();
    };
    if (fate === 'lost') cut();
    else far.removeAllListeners('data').once('data', cut);
    return fate === 'done';
  };

  const server = createServer((near) => {
    const far = connect(behind, '127.0.0.1');
    let dead = silent;
    const passes = (): boolean => !(dead ||= silent);
    near.on('data', (chunk) => passes() && heard(near, far, chunk) && far.write(chunk));
    far.on('data', (chunk) => passes() && near.write(chunk));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('end', () => passes() && other.end());
      one.on('error', () => passes() && other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        if (passes()) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => void (behind = port),
    fallSilent: () => void (silent = true),
    speak: () => void (silent = false),
    cutAtCommitOf: (words, fate) => new Promise((sprung) => traps.add({ words, fate, sprung })),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
