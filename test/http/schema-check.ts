/** The part of JSON Schema that our OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: object };
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

type Content = Readonly<
  Record<string, { schema?: Schema; example?: unknown; examples?: Readonly<Record<string, { value: unknown }>> }>
>;

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * What is wrong with a value by its schema. Stricter than JSON Schema: a property that an object's schema does not name
 * is a fault, because a name that is not described is a name that nobody can rely on.
 */
export function faultsOf(value: unknown, given: Schema, document: OpenApi, at = '$'): string[] {
  const schema = resolved(given, document);
  const kinds = schema.oneOf ?? schema.anyOf;
  if (value === null) return schema.nullable || kinds?.length === 0 ? [] : [`${at} is null`];
  if (kinds) {
    const each = kinds.map((kind) => faultsOf(value, kind, document, at));
    return each.some((faults) => faults.length === 0) ? [] : [`${at} is of no kind: ${JSON.stringify(each)}`];
  }
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}, not one of the enum`];
  switch (schema.type) {
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
        ? objectFaults(value, schema, document, at)
        : [`${at} is no object`];
    case 'array':
      if (!Array.isArray(value)) return [`${at} is no array`];
      return value.flatMap((item, i) => faultsOf(item, schema.items!, document, `${at}[${i}]`));
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at} is no integer`];
    case 'string':
      if (typeof value !== 'string') return [`${at} is no string`];
      return schema.format === 'date-time' && !DATE_TIME.test(value) ? [`${at} is no time: ${value}`] : [];
    case 'number':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${at} is no ${schema.type}`];
    case undefined:
      return [];
    default:
      return [`${at}: the check does not know the type ${schema.type}`];
  }
}

function objectFaults(value: object, schema: Schema, document: OpenApi, at: string): string[] {
  const { properties, additionalProperties, required = [] } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  if (!properties && !additionalProperties) return missing;
  return Object.entries(value).reduce((faults, [name, inner]) => {
    const known = properties?.[name] ?? additionalProperties;
    return faults.concat(
      known ? faultsOf(inner, known, document, `${at}.${name}`) : [`${at}.${name} is not described`],
    );
  }, missing);
}

function resolved(schema: Schema, document: OpenApi): Schema {
  if (schema.$ref === undefined) return schema;
  const target = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!target) throw new Error(`${schema.$ref} leads nowhere`);
  return target;
}

/** Every place of a value with the type that stands there; the items of an array share one, by their own `type`. */
export function placesOf(value: unknown, at = '$'): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => placesOf(item, `${at}[${kindOf(item)}]`));
  if (typeof value !== 'object' || value === null) return [`${at}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([name, inner]) => placesOf(inner, `${at}.${name}`));
}

function kindOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return '';
  const { type, role } = item as { type?: unknown; role?: unknown };
  return typeof type === 'string' ? type : typeof role === 'string' ? role : '';
}
