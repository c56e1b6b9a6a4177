import { connect } from 'node:net';

/** Sends bytes as they are and gives back what came, when the answer's head is whole or the other side closes. */
export async function rawRequest(
  port: number,
  text: string,
  deadlineMs = 3000,
): Promise<{ head: string; closed: boolean }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let closed = false;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${deadlineMs} ms, got: ${received}`)), deadlineMs);
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed = true;
      clearTimeout(timer);
      resolve();
    });
    socket.on('connect', () => socket.write(text));
  }).finally(() => socket.destroy());
  return { head: received, closed };
}
