import type { ApiObject } from '../../../application/api/resource.ts'
import { textField } from '../../../projections/tables/loose-fields.ts'
import type { ResourceName } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Columns } from './column.ts'
import { columnsOf } from './columns.ts'

/** In which form objects are answered: as they are, as rows of a table, or their metadata alone. */
export type Form = 'Object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'

/** What stands beside each row of a table: the object's metadata, all of it, or nothing. */
export type Beside = 'Metadata' | 'Object' | 'None'

export type Shape = { readonly form: Form; readonly beside: Beside }

/** Metadata of a list, or of one object as far as they belong to its table. */
type TableMetadata = { readonly resourceVersion?: string }

const meta = { apiVersion: 'meta.k8s.io/v1' } as const

/** Objects as a table that the server has printed. */
export const tableOf = (
  resource: ResourceName,
  objects: ReadonlyArray<ApiObject>,
  metadata: TableMetadata,
  { beside, now }: { readonly beside: Beside; readonly now: number },
): JsonObject => {
  const { columns, cells } = columnsOf(resource)
  return {
    kind: 'Table',
    ...meta,
    metadata,
    columnDefinitions: columns.map(definition),
    rows: objects.map((object) => ({
      cells: cells(object, now),
      ...conditionsOf(resource, object),
      object: beside === 'None' ? null : beside === 'Object' ? object : metadataOnly(object),
    })),
  }
}

const definition = ({ name, type, format, isWide }: Columns['columns'][number]) => ({
  name,
  type,
  format,
  description: name,
  priority: isWide ? 1 : 0,
})

/** A Pod that has ended is told apart in the table itself. */
const conditionsOf = (resource: ResourceName, object: ApiObject) => {
  const phase = resource === 'pods' ? textField(object, 'status', 'phase') : ''
  if (phase !== 'Succeeded' && phase !== 'Failed') return {}
  const message = phase === 'Failed' ? 'The pod failed.' : 'The pod has completed successfully.'
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] }
}

/** An object without all that only its kind has. */
export const metadataOnly = ({ metadata }: ApiObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  ...meta,
  metadata,
})

export const metadataList = (objects: ReadonlyArray<ApiObject>, metadata: TableMetadata): JsonObject => ({
  kind: 'PartialObjectMetadataList',
  ...meta,
  metadata,
  items: objects.map(metadataOnly),
})
