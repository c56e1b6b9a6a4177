/** Prometheus puts the alert's expression into the link to its graph page (`g0.expr`). The link is read, never fetched. */
export function generatorExpression(generatorUrl: string | undefined): string | undefined {
  if (!generatorUrl || !URL.canParse(generatorUrl)) return undefined;
  return new URL(generatorUrl).searchParams.get('g0.expr') || undefined;
}
