import { randomBytes } from 'node:crypto';
import { checkLink, signLink } from './signed-link';

const key = randomBytes(32);
const triageId = '01JSAMPLE0000000000000000';
const expiresAt = new Date('2026-06-03T03:05:12Z');
const now = new Date('2026-05-04T03:05:12Z');
const url = new URL(signLink({ baseUrl: 'https://vigil.example/base/', triageId, expiresAt, key }));
const e = url.searchParams.get('e')!;
const k = url.searchParams.get('k')!;
const check = (change: Partial<Parameters<typeof checkLink>[0]> = {}) =>
  checkLink({ triageId, e, k, key, now, ...change });

describe('a signed link', () => {
  it('names the triage, its expiry in seconds and a signature that fits into a URL', () => {
    expect(url.href).toMatch(/^https:\/\/vigil\.example\/base\/t\/01JSAMPLE0{16}\?e=1780455912&k=[A-Za-z0-9_-]{43}$/);
  });

  it('is good until it expires', () => {
    expect(check()).toBe('good');
    expect(check({ now: new Date(expiresAt.getTime() - 1) })).toBe('good');
    expect(check({ now: expiresAt })).toBe('expired');
  });

  it.each<[string, Parameters<typeof check>[0]]>([
    ['another triage', { triageId: '01JSAMPLE0000000000000001' }],
    ['a later expiry', { e: String(Number(e) + 1) }],
    ['the same expiry written otherwise', { e: `0${e}` }],
    ['another key', { key: randomBytes(32) }],
    ['no expiry', { e: undefined }],
    ['no signature', { k: undefined }],
    ['an empty signature', { k: '' }],
    ['a shorter signature', { k: k.slice(1) }],
    ['a huge signature', { k: 'A'.repeat(10_000_000) }],
    ['a huge expiry', { e: '9'.repeat(10_000_000) }],
    ['lists', { e: [e], k: [k] }],
    ['objects', { e: { 0: e }, k: { toString: () => k } }],
    ['numbers', { e: Number(e), k: 0 }],
    ['an expiry with a line end', { e: `${e}\n` }],
    ['an expiry in another notation', { e: '1e12' }],
  ])('is forged with %s', (_name, change) => {
    expect(check(change)).toBe('forged');
  });

  it('is forged when one bit of its signature differs', () => {
    const bytes = Buffer.from(k, 'base64url');
    for (let bit = 0; bit < 256; bit += 1) {
      const bent = Buffer.from(bytes);
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(check({ k: bent.toString('base64url') })).toBe('forged');
    }
  });

  it('tells nobody but its owner that it has expired', () => {
    expect(check({ k: 'A'.repeat(43), now: new Date('2027-01-01') })).toBe('forged');
  });
});
