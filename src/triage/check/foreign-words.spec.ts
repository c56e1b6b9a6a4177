import { withoutForeignWords } from './foreign-words';

describe('The words of outsiders in a line', () => {
  it.each([
    ['a user agent', 'level=info ua="replication lag is 940 s" status=502', 'level=info ua="" status=502'],
    ['a field of JSON', '{"user_agent":"x 97.6%","status":500}', '{"user_agent":"","status":500}'],
    ['JSON in JSON', '{"log":"{\\"note\\":\\"lag 940 s\\",\\"ms\\":3}"}', '{"log":"{\\"note\\":\\"\\",\\"ms\\":3}"}'],
    ['all headers', '{"headers":{"x-lag":"940 s","a":{"b":1}},"ms":3}', '{"headers":,"ms":3}'],
    ['one header', 'x-debug-note="lag 940 s" ms=3', 'x-debug-note="" ms=3'],
    ['a name in camel case', '{"customerMessage":"lag 940 s","ms":3}', '{"customerMessage":"","ms":3}'],
    ['a value without marks', 'comment=lag is 940 s since noon level=warn', 'comment= level=warn'],
    ['an annotation', 'annotation note: replication lag is 940 s', 'annotation note: '],
    ['what a customer wrote', 'msg="customer wrote: lag is 940 s" id=4', 'msg="customer wrote: " id=4'],
    [
      'a ticket',
      'msg="ticket 5512 from customer: lag is 940 s" level=info',
      'msg="ticket 5512 from customer: " level=info',
    ],
    ['a search', 'search for "lag 940 s" took 40 ms', 'search for "" took 40 ms'],
    [
      "Apache's referer and agent",
      '10.0.0.1 - - [24/Nov/2026:03:00:01 +0000] "GET /orders/4711?lag=940 HTTP/1.1" 502 123 "http://x/97" "lag 940 s"',
      '10.0.0.1 - - [24/Nov/2026:03:00:01 +0000] "GET /orders/ HTTP/1.1" 502 123 ""',
    ],
    ['an encoded path', 'path=/lag%20is%20940%20s status=502', 'path=/lag status=502'],
    ['an id in a path', 'GET /orders/4711/items 500', 'GET /orders//items 500'],
    ['a sentence as a name', 'user="lag is 940 s" op=login', 'user="" op=login'],
  ])('are taken out: %s', (_what, line, left) => {
    const own = withoutForeignWords(line);
    expect(own).toHaveLength(line.length);
    expect(own.replace(/ +/g, '')).toBe(left.replace(/ +/g, ''));
  });

  it.each([
    'msg="GET /charges 500"',
    'path=/v2/orders status=502 duration_ms=2011',
    '{"level":"error","msg":"connection pool exhausted","active":5,"waiting":78}',
    '{"time":"2026-11-24T15:04:35.798Z","msg":"charge refused","route":"/charges","status":500,"content_length":512}',
    'FATAL: password authentication failed for user "orders"',
    'slow query: 602 ms for INSERT INTO orders (customer, amount_cents) VALUES ($1, $2).',
    'query="SELECT * FROM orders WHERE id = 5" duration_ms=602',
    '{path="/charges", status="502"} first=0 last=0.34',
    'user=ana op=login ms=40',
    'note: replication slot 3 is inactive',
    'upstream timed out (110), client: 10.0.0.5, server: shop, upstream: "http://10.0.0.1:8080/pay"',
    '- deploy, 12 min before the start (2026-11-24T03:00:00Z), source "github", id "812", service "payments": Deploy 2.14.0',
    'annotation summary: gateway answers 30.34% of its requests with 5xx',
    'reason=OOMKilled exit_code=137',
  ])('are none in %s', (line) => expect(withoutForeignWords(line)).toBe(line));

  it('are found in a line of any length without hurry', () => {
    const begun = performance.now();
    for (const part of [
      'a="',
      'note="',
      '{"note":{',
      'search for ',
      'customer said: ',
      'GET /',
      '\\"note\\":\\"',
      'ua=x ',
    ])
      withoutForeignWords(part.repeat(12_000 / part.length));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
