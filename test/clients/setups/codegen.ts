import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/api.graphql',
  documents: 'test/clients/typed/codegen.ts',
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'test/clients/typed/generated/codegen/': {
      preset: 'client',
      // Each document by its hash as well: the list of trusted documents.
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: { documentMode: 'string', useTypeImports: true, scalars: { ID: 'string' } },
    },
  },
};

export default config;
