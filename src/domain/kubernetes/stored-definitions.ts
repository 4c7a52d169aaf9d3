/** Objects that are only kept: their fields in the notation of `schema.ts`, each with the version that its metadata has. */
export const storedDefinitions = {
  ConfigMap: {
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'ObjectMeta',
      data: 'map[string]string',
      binaryData: 'map[string]bytes',
      immutable: 'boolean',
    },
    required: [],
  },
} as const
