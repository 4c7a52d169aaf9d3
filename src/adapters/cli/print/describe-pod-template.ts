import type { PodTemplate } from '../../../domain/kubernetes/pod-spec.ts'
import { containerBlock } from './describe-containers.ts'
import { annotationLines, type Lines, mapLines } from './describe-metadata.ts'
import { nodeSelectorLines, tolerationLines, topologySpreadLines } from './describe-placement.ts'
import { volumeBlock } from './describe-volumes.ts'
import { textField } from '../../../projections/tables/loose-fields.ts'

/** The `Pod Template:` block of a description; lines before alignment. */
export const podTemplateLines = ({ metadata = {}, spec }: PodTemplate): Lines => {
  const { labels, annotations = {} } = metadata
  const priorityClass = textField(spec, 'priorityClassName')
  return [
    'Pod Template:',
    ...mapLines('  Labels', labels),
    ...(Object.keys(annotations).length > 0 ? annotationLines('  Annotations', annotations) : []),
    ...(spec.serviceAccountName ? [`  Service Account:\t${spec.serviceAccountName}`] : []),
    ...(spec.initContainers?.length ? containerBlock('Init Containers', spec.initContainers, null) : []),
    ...containerBlock('Containers', spec.containers, null),
    ...volumeBlock(spec.volumes, { inTemplate: true }),
    ...topologySpreadLines(spec, '  '),
    ...(priorityClass ? [`  Priority Class Name:\t${priorityClass}`] : []),
    ...nodeSelectorLines(spec, '  '),
    ...tolerationLines(spec, '  '),
  ]
}
