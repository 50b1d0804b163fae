import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedScalarType,
  Kind,
  print,
  visit,
} from 'graphql';

/** What a router is told of this graph. What is served does not change with it. */
export interface SubgraphOptions {
  /**
   * `Query.node` and `Query.nodes` in the supergraph, which no two subgraphs can answer for each other: `off` leaves
   * them out, `hidden` declares them `@shareable @inaccessible`, `on` claims them for this subgraph alone.
   * Defaults to `off`, which composes with everything.
   */
  readonly node?: 'off' | 'hidden' | 'on';
  /**
   * Whether the router is asked to enforce the scopes too, by `@requiresScopes`. Defaults to false: not every router
   * takes a supergraph that has it, and each field is checked here in any case.
   */
  readonly requiresScopes?: boolean;
  /**
   * `SipPhone.password` in the supergraph: `off` leaves it out, `inaccessible` hides it from the supergraph's clients,
   * `on` shows it, with `@tag(name: "secret")` for contracts. Defaults to `on`.
   */
  readonly password?: 'off' | 'inaccessible' | 'on';
}

/** The newest version of federation that the composers of Apollo, Hive and Cosmo all know. */
const FEDERATION_URL = 'https://specs.apollo.dev/federation/v2.9';

/**
 * Null only beside an error: clients that know the directive need not handle null where no error is.
 * @see https://github.com/apollographql/specs/blob/main/nullability/v0.4/nullability-v0.4.graphql
 */
const SEMANTIC_NON_NULL = 'directive @semanticNonNull(levels: [Int] = [0]) on FIELD_DEFINITION';

/** Prints the schema as clients, Relay's compiler and linters read it. */
export function printApiSdl(schema: GraphQLSchema): string {
  const document = visit(readDocument(schema), {
    Directive: ({ name }) => (name.value === 'semanticNonNull' ? undefined : null),
  });
  return `${SEMANTIC_NON_NULL}\n\n${print(document)}\n`;
}

/** Prints the SDL that a router composes: the types with their directives, as far as the options ask for them. */
export function printSubgraphSdl(schema: GraphQLSchema, options: SubgraphOptions = {}): string {
  const document = adapt(readDocument(schema), options);
  const used = new Set<string>();
  visit(document, { Directive: ({ name }) => void used.add(`"@${name.value}"`) });
  const link = `extend schema @link(url: "${FEDERATION_URL}", import: [${[...used].sort().join(', ')}])`;
  return `${link}\n\n${print(document)}\n`;
}

/** The definitions of all types but GraphQL's own, sorted by name. */
function readDocument(schema: GraphQLSchema): DocumentNode {
  const definitions = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, astNode }): DefinitionNode => {
      if (astNode == null) throw new TypeError(`The type ${name} has no definition to print.`);
      return astNode;
    });
  return visit(
    { kind: Kind.DOCUMENT, definitions },
    // Descriptions as blocks, as people and other printers write them.
    { StringValue: (node, key) => (key === 'description' ? { ...node, block: true } : undefined) },
  );
}

function adapt(document: DocumentNode, options: SubgraphOptions): DocumentNode {
  const { requiresScopes = false } = options;
  return visit(document, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: (type.fields ?? []).flatMap((field) => adaptField(type.name.value, field, options)),
    }),
    Directive: ({ name: { value } }) =>
      value === 'semanticNonNull' || (value === 'requiresScopes' && !requiresScopes) ? null : undefined,
  });
}

/** @returns the field as the options want it, or nothing. */
function adaptField(
  typeName: string,
  field: FieldDefinitionNode,
  { node = 'off', password = 'on' }: SubgraphOptions,
): readonly FieldDefinitionNode[] {
  switch (`${typeName}.${field.name.value}`) {
    case 'Query.node':
    case 'Query.nodes':
      if (node === 'off') return [];
      return [node === 'on' ? withoutDirectives(field, ['inaccessible', 'shareable']) : field];
    case 'SipPhone.password':
      if (password === 'off') return [];
      return [password === 'inaccessible' ? withDirective(field, 'inaccessible') : field];
    default:
      return [field];
  }
}

function withoutDirectives(field: FieldDefinitionNode, names: readonly string[]): FieldDefinitionNode {
  const { directives = [] } = field;
  return { ...field, directives: directives.filter(({ name }) => !names.includes(name.value)) };
}

function withDirective(field: FieldDefinitionNode, name: string): FieldDefinitionNode {
  const added: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name } };
  return { ...field, directives: [...(field.directives ?? []), added] };
}
