/** Keywords that a strict tool's schema may not use: the vendor compiles it to a grammar (structured outputs, limits). */
const UNSUPPORTED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
];

/** Why the real service refuses the `tools` of this body; undefined when it does not. */
export function toolsRefusal(body: Readonly<Record<string, unknown>>): string | undefined {
  if (body.tools === undefined) return undefined;
  if (!Array.isArray(body.tools)) return 'tools: Input should be a valid list';
  const names = new Set<string>();
  for (const [i, tool] of (body.tools as readonly Record<string, unknown>[]).entries()) {
    const at = `tools.${i}.custom`;
    if (typeof tool.name !== 'string') return `${at}.name: Field required`;
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name))
      return `${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
    if (names.has(tool.name)) return 'tools: Tool names must be unique.';
    names.add(tool.name);
    const schema = tool.input_schema as Readonly<Record<string, unknown>> | undefined;
    if (schema === undefined) return `${at}.input_schema: Field required`;
    if (schema.type !== 'object') return `${at}.input_schema.type: Input should be 'object'`;
    const reason = tool.strict === true ? strictRefusal(schema) : undefined;
    if (reason !== undefined) return `${at}: ${reason}`;
  }
  return undefined;
}

function strictRefusal(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (Array.isArray(schema)) return firstReason(schema);
  const node = schema as Readonly<Record<string, unknown>>;
  if (node.type === 'object' && node.additionalProperties !== false) {
    return "For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const keyword = UNSUPPORTED.find((name) => node[name] !== undefined);
  if (keyword !== undefined) return `For '${String(node.type)}' type, property '${keyword}' is not supported`;
  if (typeof node.minItems === 'number' && node.minItems > 1)
    return "For 'array' type, 'minItems' values other than 0 or 1 are not supported";
  const { properties, items, anyOf, allOf, $defs } = node;
  return firstReason([...values(properties), ...values($defs), items, anyOf, allOf]);
}

function firstReason(schemas: readonly unknown[]): string | undefined {
  for (const schema of schemas) {
    const reason = strictRefusal(schema);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function values(map: unknown): unknown[] {
  return typeof map === 'object' && map !== null ? Object.values(map) : [];
}
