import { isIP } from 'node:net';
import type { Request } from 'express';

/**
 * The address of who calls, as far as `trusted-proxy-hops` lets us see: of the peer itself, or what the outermost
 * trusted proxy wrote down. Nothing in it was chosen by the caller, unless more hops are trusted than there are.
 */
export function clientAddress(request: Request): string | undefined {
  const believed = [request.ip, request.socket.remoteAddress].find((address) => address && isIP(address));
  // Node shows callers by IPv4 so where it listens on both.
  return believed?.replace(/^::ffff:(?=\d+\.)/i, '');
}
